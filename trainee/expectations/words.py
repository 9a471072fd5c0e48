"""How it is said where an expectation comes from, and what somebody answered."""

from typing import Final

from trainee.kit.i18n import _l

ORIGINS: Final = {
    "person": _l("Set for one person"),
    "team": _l("For the whole team"),
    "job": _l("For everybody in the job"),
    "new_starter": _l("For everybody who is new"),
    "experienced": _l("For everybody with experience"),
    "team_leader": _l("For everybody who leads people"),
}
ANSWER_NAMES: Final = {"": _l("Not read yet"), "acknowledged": _l("Acknowledged"), "objected": _l("Objection"), "answered": _l("Objection answered")}
