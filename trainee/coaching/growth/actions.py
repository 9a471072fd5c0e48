"""Offering an opportunity, taking it up or not, and saying what came of it."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from trainee.coaching.growth.models import ANSWERS, KINDS, GrowthOffer
from trainee.coaching.growth.queries import chances
from trainee.kit import audit
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.people import Person
from trainee.skills import framework

FOLLOWED_UP_AFTER: Final = timedelta(days=30)
LONGEST: Final = 500


def _values(person_id: int, skill: str, kind: str, at: datetime, **more: Any) -> dict[str, Any]:
    if kind not in KINDS or skill not in framework():
        raise Refusal(_("Please choose a skill and what is offered."), 422, "kind")
    nothing = dict.fromkeys(("offered_by_id", "answered_at", "answer", "follow_up_on", "outcome", "outcome_at"))
    return {**nothing, "person_id": person_id, "skill_key": skill, "kind": kind, "words": "", "offered_at": at, **more}


def _follow_up(person_id: int, answer: str, at: datetime) -> Any:
    if answer != "accepted":
        return None
    return local_date(at + FOLLOWED_UP_AFTER, db.session.execute(select(Person.time_zone).where(Person.id == person_id)).scalar_one())


def _check_answer(answer: str) -> None:
    if answer not in ANSWERS:
        raise Refusal(_("Please choose whether you would like to."), 422, "answer")


def offer(*, by_id: int, person_id: int, skill: str, kind: str, words: str, receipt: str, at: datetime) -> int:
    """Offer somebody an opportunity; its id. The same receipt again changes nothing. Refusal (422) for oneself and for a kind that does not exist."""
    if by_id == person_id:
        raise Refusal(_("Opportunities are offered by those who lead somebody. Your own stand under Growth."), 422, "kind")
    values = _values(person_id, skill, kind, at, offered_by_id=by_id, words=words.strip()[:LONGEST], receipt=receipt)
    made, new = keep_once(GrowthOffer, values, "offered_by_id")
    if new:
        audit.note(by_id, "offer growth", f"growth_offer/{made}", at, person=person_id)
    return made


def take_up(*, person_id: int, skill: str, kind: str, answer: str, at: datetime) -> bool:
    """Answer what a level that was reached offers; False when it was answered before. Refusal where the level was not reached."""
    _check_answer(answer)
    receipt = f"level/{person_id}/{skill}/{kind}"
    if db.session.execute(select(GrowthOffer.id).where(GrowthOffer.receipt == receipt)).first() is not None:
        return False
    if not any(one.skill == skill and kind in one.kinds for one in chances(person_id, at)):
        raise Refusal(_("This is offered when the level is reached. It comes by itself."), 422, "kind")
    said = {"answered_at": at, "answer": answer, "follow_up_on": _follow_up(person_id, answer, at), "receipt": receipt}
    return insert_once(GrowthOffer, _values(person_id, skill, kind, at, **said), ["receipt"]) is not None


def answer(one: GrowthOffer, answer: str, at: datetime) -> bool:
    """Take up what somebody offered, or not; False when it was answered before."""
    _check_answer(answer)
    still = (GrowthOffer.id == one.id) & GrowthOffer.answer.is_(None)
    said = {"answered_at": at, "answer": answer, "follow_up_on": _follow_up(one.person_id, answer, at)}
    return db.session.execute(update(GrowthOffer).where(still).values(**said).returning(GrowthOffer.id)).scalar() is not None


def note_outcome(one: GrowthOffer, words: str, at: datetime) -> None:
    """Write what came of something that was taken up; may be written anew."""
    if not words.strip():
        raise Refusal(_("Please write what came of it."), 422, "outcome")
    if one.answer != "accepted":
        raise Refusal(_("Only what was taken up can have come to something."))
    one.outcome, one.outcome_at = words.strip()[:LONGEST], at
