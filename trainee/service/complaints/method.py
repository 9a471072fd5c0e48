"""The steps in which a complaint is handled, from hearing it to learning from it."""

from dataclasses import dataclass
from typing import Any

from trainee.kit.i18n import _l


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and what is done in it."""

    key: str
    title: Any
    what: Any


STEPS = (
    Step("hear", _l("Hear it out"), _l("Let the customer finish, and say in your own words what you understood.")),
    Step("thank", _l("Acknowledge it"), _l("Say that it has arrived, who you are, and by when the customer hears from us.")),
    Step("record", _l("Write it down"), _l("Once, so that the customer need not tell it again.")),
    Step("assess", _l("Assess it"), _l("How serious is it? Is anybody in danger, or a right about to be lost?")),
    Step("look", _l("Look into it"), _l("What happened, and where did it go wrong? Ask; do not look for somebody to blame.")),
    Step("decide", _l("Decide what puts it right"), _l("For this customer, on this case; never less than the law gives.")),
    Step("tell", _l("Tell the customer"), _l("What we do, by when, and what the customer can do if that is not enough.")),
    Step("check", _l("Ask whether it is solved"), _l("After it is done, not before.")),
    Step("learn", _l("Learn from it"), _l("Could it happen again? Then it belongs on the improvement board.")),
)
STEP_OF = {one.key: one for one in STEPS}
