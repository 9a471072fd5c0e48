"""Giving praise, and hiding it from the team."""

from datetime import datetime
from typing import Final

from trainee.coaching.praise.models import Praise
from trainee.coaching.praise.queries import reasons
from trainee.kit import audit
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once

LONGEST: Final = 280


def praise(*, from_id: int, person_id: int, words: str, reason: str, to_team: bool, receipt: str, at: datetime) -> int:
    """Praise somebody for something that was seen (`reason` is the key of one of `queries.reasons`); its id. The same receipt again changes nothing.

    Refusal (422) for oneself, without words, with more than 280 characters, and for a reason that is none of hers.
    """
    if from_id == person_id:
        raise Refusal(_("Praise is given by those who lead somebody, and never to oneself."), 422, "oneself")
    said = words.strip()
    if not said:
        raise Refusal(_("Please write what was done well."), 422, "words")
    if len(said) > LONGEST:
        raise Refusal(_("That is a little long: %(most)s characters at most.", most=LONGEST), 422, "words")
    if reason not in {one.key for one in reasons(person_id, at)}:
        raise Refusal(_("Please choose what it is for: something that was seen, played or suggested lately."), 422, "reason")
    kind, _slash, number = reason.partition("/")
    values = {
        "person_id": person_id,
        "from_id": from_id,
        "words": said,
        "evidence_id": int(number) if kind == "evidence" else None,
        "suggestion_id": int(number) if kind == "suggestion" else None,
        "to_team": to_team,
        "given_at": at,
        "hidden_at": None,
        "receipt": receipt,
    }
    made, new = keep_once(Praise, values, "from_id")
    if new:
        audit.note(from_id, "praise", f"praise/{made}", at, person=person_id)
    return made


def hide(one: Praise, at: datetime) -> None:
    """The receiver keeps it from the team and from her Today."""
    one.hidden_at = one.hidden_at or at


def show_again(one: Praise) -> None:
    """The receiver lets the team read it again."""
    one.hidden_at = None
