"""The words with which the company's service is told: channels, the stages of a customer's way, causes, how serious something is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trainee import skills
from trainee.kit.i18n import _l, language

CHANNELS = (
    ("shop", _l("Shop")),
    ("phone", _l("Phone")),
    ("chat", _l("Chat")),
    ("email", _l("E-mail")),
    ("social", _l("Social media")),
    ("web", _l("Website")),
)
# In the order in which a customer comes to them.
STAGES = (
    ("discover", _l("Finds us")),
    ("arrive", _l("Arrives and is greeted")),
    ("choose", _l("Is advised and chooses")),
    ("buy", _l("Buys and pays")),
    ("deliver", _l("Delivery and installation")),
    ("use", _l("Uses it, asks for support")),
    ("complain", _l("Complains, is put right")),
    ("return", _l("Comes back")),
)
PRIORITIES = (("high", _l("high")), ("medium", _l("medium")), ("low", _l("low")))
# From the counter to the top; head office serves those who serve.
LEVELS = (("front", _l("Front line")), ("leader", _l("Team leaders")), ("manager", _l("Managers")), ("office", _l("Head office")))
SEVERITIES = (("light", _l("A nuisance")), ("serious", _l("A loss of money or time")), ("critical", _l("Danger, or a right at risk")))


@dataclass(frozen=True, slots=True)
class Cause:
    """Why customers complain, with the service quality that was missing."""

    key: str
    name: Any
    quality: str


CAUSES = (
    Cause("late-delivery", _l("Late or missed delivery"), "reliability"),
    Cause("defective", _l("Defective or damaged goods"), "reliability"),
    Cause("repair", _l("Repair takes too long"), "reliability"),
    Cause("installation", _l("Installation went wrong"), "reliability"),
    Cause("broken-promise", _l("A promise was not kept"), "trust"),
    Cause("price", _l("Wrong price or invoice"), "trust"),
    Cause("refund", _l("A refund does not come"), "trust"),
    Cause("no-call-back", _l("Nobody called back"), "flexibility"),
    Cause("repeated", _l("Had to tell it again and again"), "empathy"),
    Cause("conduct", _l("How somebody behaved"), "empathy"),
    Cause("place", _l("The place, the label, the site"), "aesthetics"),
)
CAUSE_OF = {one.key: one for one in CAUSES}


def channels() -> Sequence[tuple[str, Any]]:
    """The kinds of channel."""
    return CHANNELS


def stages() -> Sequence[tuple[str, Any]]:
    """The stages of a customer's way."""
    return STAGES


def priorities() -> Sequence[tuple[str, Any]]:
    """How pressing something is to work on."""
    return PRIORITIES


def levels() -> Sequence[tuple[str, Any]]:
    """The levels of the company."""
    return LEVELS


def severities() -> Sequence[tuple[str, Any]]:
    """How serious a complaint is."""
    return SEVERITIES


def causes() -> Sequence[tuple[str, Any]]:
    """The causes of complaints."""
    return [(one.key, one.name) for one in CAUSES]


def qualities() -> Sequence[tuple[str, str]]:
    """The five service qualities, as the framework calls them."""
    return [(key, term.name.of(language())) for key, term in skills.framework().qualities.items()]
