"""Keeping what somebody asked herself after a contact."""

from collections.abc import Mapping
from datetime import datetime

from trainee.coaching.checks.models import ContactCheck
from trainee.kit.db import insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l

# The four that look at the contact; the fifth is a sentence about the next one.
CHECKS = (
    ("reason", _l("What did they come for, and did it happen?"), _l("Who came so that the laundry gets done is not done when the machine is sold.")),
    ("left", _l("What is left, and who does it?"), _l("The old appliance, an invoice, an installation, another team's part.")),
    ("promised", _l("What did I promise: who, what, when?"), _l("The small things, too. Is it in writing?")),
    ("forgot", _l("What did they forget to ask?"), _l("What would they call us about once more?")),
)
ANSWERS = (("done", _l("Nothing left open")), ("open", _l("I found something")), ("none", _l("Does not apply")))
_KNOWN, _GIVEN = frozenset(key for key, _words, _hint in CHECKS), frozenset(key for key, _words in ANSWERS)
_LONGEST = 1000


def keep(
    person_id: int,
    answers: Mapping[str, str],
    *,
    channel: str,
    mend: str,
    again: str,
    receipt: str,
    at: datetime,
    observation_id: int | None = None,
) -> bool:
    """Keep five checks of a contact; False where the same receipt, or another check of that observation, stands already.

    Refusal (422; its code names the field) while one of the four is not answered, or something is open and nothing is said of it.
    """
    for key in sorted(_KNOWN):
        if answers.get(key) not in _GIVEN:
            raise Refusal(_("Please answer this one, too."), 422, key)
    if "open" in answers.values() and not mend.strip():
        raise Refusal(_("Please say in a few words what you do about it; that is what the check is for."), 422, "mend")
    if len(mend) > _LONGEST or len(again) > _LONGEST:
        raise Refusal(_("That is too long; %(most)s characters are the most.", most=_LONGEST), 422, "mend" if len(mend) > _LONGEST else "again")
    kept = {key: answers[key] for key in sorted(_KNOWN) if answers[key] != "none"}
    row = {"person_id": person_id, "observation_id": observation_id, "at": at, "channel": channel, "answers": kept}
    return insert_once(ContactCheck, row | {"mend": mend.strip(), "again": again.strip(), "receipt": receipt}, []) is not None
