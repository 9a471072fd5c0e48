"""The questions a company answers to say what service means to it, one page each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from trainee.kit.i18n import _l
from trainee.service.fields import Field, Options, choice, missing
from trainee.service.words import STAGES, qualities

QUALITIES = ("reliability", "flexibility", "trust", "empathy", "aesthetics")
MEASURES = (
    ("csat", _l("Share of customers who are satisfied, in percent")),
    ("nps", _l("Willingness to recommend (NPS)")),
    ("ces", _l("Share of customers who found it easy, in percent")),
)


def measures() -> Options:
    """By what a satisfied customer is known."""
    return MEASURES


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the wizard: a question, a hint of how others answer, and its fields. The journey has none: it is a list of its own."""

    key: str
    title: Any
    question: Any
    example: Any
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class _Quality:
    """The name of a quality, read when it is shown."""

    key: str

    def __str__(self) -> str:
        return dict(qualities()).get(self.key, self.key)


def _words(key: str, label: Any, required: bool = True) -> tuple[Field, ...]:
    return (Field(key, label, required=required),)


@cache
def sections() -> tuple[Section, ...]:
    """The ten pages, in their order."""
    return (
        Section(
            "meaning",
            _l("What service means here"),
            _l("If a new colleague asks on the first day: what do we call good service?"),
            _l("Two or three sentences about what a customer can count on, in words you would say aloud. No slogans."),
            _words("meaning", _l("What we mean by service")),
        ),
        Section(
            "attract",
            _l("How we attract customers"),
            _l("Why does somebody come to us for the first time?"),
            _l("What people hear of us, what they see first, what makes them try."),
            _words("attract", _l("How we attract customers")),
        ),
        Section(
            "keep",
            _l("How we keep customers"),
            _l("Why does somebody come back?"),
            _l("What we do after the sale, and how a customer knows that the door stays open."),
            _words("keep", _l("How we keep customers")),
        ),
        Section(
            "qualities",
            _l("How it should feel"),
            _l("What does each of the five qualities look like with us?"),
            _l("One thing a customer could see or hear. Reliability, for instance: the date we name is the date we come."),
            tuple(Field(key, _Quality(key), "line") for key in QUALITIES),
        ),
        Section(
            "documents",
            _l("What our documents already say"),
            _l("Is there a mission, a promise on the website, a rule in a handbook that speaks of customers?"),
            _l("Quote a sentence and say where it stands. Leave it empty where nothing does."),
            _words("documents", _l("What is written already, and where"), required=False),
        ),
        Section(
            "journey",
            _l("Where customers meet us"),
            _l("From finding us to coming back: at what points does a customer meet us, and who answers for each?"),
            _l("Begin with the template and cross out what does not fit."),
        ),
        Section(
            "satisfied",
            _l("When a customer is satisfied"),
            _l("By what do we know a satisfied customer?"),
            _l("A sentence, and the figure from which on we call it good."),
            (
                Field("satisfied", _l("A satisfied customer, in a sentence")),
                choice("measure", _l("By what we measure it"), measures),
                Field("threshold", _l("Good from"), "number", both=False, highest=100),
            ),
        ),
        Section(
            "listen",
            _l("How we listen"),
            _l("How do we learn what customers think?"),
            _l("Which survey, which talks, how often, and who reads the answers."),
            _words("listen", _l("How we listen")),
        ),
        Section(
            "win_back",
            _l("How we win back"),
            _l("What do we do when somebody is angry, or about to leave?"),
            _l("Who may decide what on the spot, how fast somebody answers, and what happens with the cause."),
            _words("win_back", _l("How we win back")),
        ),
        Section(
            "change",
            _l("How we change"),
            _l("How do our rules and services follow what customers need?"),
            _l("Who looks at which rules, when, and how everybody learns of a change."),
            (Field("change", _l("How we change")), Field("review_by", _l("We look at this page again by"), "date", both=False)),
        ),
    )


def section(key: str) -> Section | None:
    """One page by its key."""
    return next((one for one in sections() if one.key == key), None)


def lacking(words: Mapping[str, Any], touchpoints: Sequence[Any]) -> list[Section]:
    """The sections that keep the draft from being published: not answered, or in one language only; the journey without any touchpoint."""
    return [one for one in sections() if missing(one.fields, words) or (one.key == "journey" and not touchpoints)]


def bare_stages(touchpoints: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The stages of the journey at which nobody has written a touchpoint."""
    met = {one["stage"] for one in touchpoints}
    return [name for key, name in STAGES if key not in met]
