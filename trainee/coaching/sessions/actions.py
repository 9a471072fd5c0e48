"""Promising a session, moving and cancelling it, writing, and agreeing on one thing."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from trainee.coaching.observations import plan, put_off
from trainee.coaching.sessions.models import FOLLOW_UP, PARTS, CoachingSession, PrivateNote, SessionMove, SessionPart
from trainee.coaching.sessions.queries import newest_piece, parts_of, tells_seen
from trainee.kit import audit
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, date_words, moment_words
from trainee.kit.receipts import keep_once
from trainee.notices import tell
from trainee.people import Person
from trainee.skills import framework

# Nobody can promise a talk further ahead, and an action without an end is a wish.
FURTHEST = timedelta(days=180)
LONGEST = {"agenda": 1000, "situation": 400, "behaviour": 400, "impact": 400, "view": 1000, "note": 2000}
LONGEST |= dict.fromkeys(PARTS["talk"], 1000)
LONGEST_ACTION, LONGEST_REASON, FEWEST_WORDS = 300, 400, 2
# So long after a talk what was agreed can still be put right.
MENDED_WITHIN = timedelta(days=1)


class Overtaken(Refusal):
    """Somebody else wrote the same part meanwhile: nothing was kept, and the writer is shown both texts."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has written here meanwhile. Both texts stand below; nothing of yours is lost."), 409, "overtaken")


def arrange(*, coach_id: int, person_id: int, skill: str, promised_at: datetime, receipt: str, at: datetime) -> int:
    """Promise somebody a session about a skill; its id. The same receipt again changes nothing.

    Refusal (422) for oneself, for a moment that has passed or is too far ahead, and for a skill nothing was seen of: a talk begins with evidence.
    Who may coach whom is the caller's question (`queries.require_coach`).
    """
    if coach_id == person_id:
        raise Refusal(_("Nobody coaches herself. This is for the supervisor to do."), 422, "oneself")
    if skill not in framework():
        raise Refusal(_("Please choose the skill the session is about."), 422, "skill")
    _check_moment(promised_at, at)
    _check_alone(person_id, skill, promised_at, receipt)
    evidence_id = newest_piece(person_id, skill)
    if evidence_id is None:
        raise Refusal(_("Nothing was seen of this skill yet, so there is nothing to talk about. An observation would be a beginning."), 422, "skill")
    values = {"coach_id": coach_id, "person_id": person_id, "skill_key": skill, "evidence_id": evidence_id, "arranged_at": at}
    values |= dict.fromkeys(("cancelled_at", "cancelled_by_id", "cancel_reason", "held_at", "agreed_by_id", "action", "action_by", "follow_up_on"))
    made, new = keep_once(CoachingSession, values | {"promised_at": promised_at, "receipt": receipt}, "coach_id")
    if new:
        audit.note(coach_id, "arrange coaching", f"coaching_session/{made}", at, person=person_id)
        tell("session_tomorrow", [person_id, coach_id], at)
    return made


def _check_alone(person_id: int, skill: str, promised_at: datetime, receipt: str) -> None:
    """One talk about one skill at a time: two that stand on one day are one that was promised twice."""
    session = CoachingSession
    near = (session.promised_at > promised_at - timedelta(hours=12)) & (session.promised_at < promised_at + timedelta(hours=12))
    waits = session.held_at.is_(None) & session.cancelled_at.is_(None) & (session.receipt != receipt)
    same = select(session.promised_at).where(session.person_id == person_id, session.skill_key == skill, waits, near)
    stands = db.session.execute(same.limit(1)).scalar()
    if stands is not None:
        raise Refusal(_("A session about this is promised already, for %(when)s.", when=moment_words(stands, "d MMM HH:mm")), 422, "promised_at")


def _check_moment(promised_at: datetime, at: datetime) -> None:
    if promised_at < at:
        raise Refusal(_("That moment has passed. Please choose a later one."), 422, "promised_at")
    if promised_at > at + FURTHEST:
        raise Refusal(_("That is more than half a year ahead. Please choose an earlier day."), 422, "promised_at")


def _open(session: CoachingSession) -> None:
    if session.cancelled_at is not None:
        raise Refusal(_("This session was cancelled. What was written stays to be read."))


def _not_held(session: CoachingSession) -> None:
    _open(session)
    if session.held_at is not None:
        raise Refusal(_("This session was held already."))


def _change(session: CoachingSession, **values: Any) -> None:
    """Change a session that is neither held nor cancelled; whoever comes second, in the same moment on another node too, is refused."""
    same = (CoachingSession.id == session.id) & (CoachingSession.promised_at == session.promised_at)
    still = CoachingSession.held_at.is_(None) & CoachingSession.cancelled_at.is_(None)
    if db.session.execute(update(CoachingSession).where(same, still).values(**values).returning(CoachingSession.id)).scalar() is None:
        raise Refusal(_("Somebody else has just changed this session. Please look at it again."))
    db.session.refresh(session)


def _reason(words: str) -> str:
    if not words.strip():
        raise Refusal(_("Please write the reason; the other side reads it."), 422, "reason")
    return words.strip()[:LONGEST_REASON]


def move(session: CoachingSession, *, by_id: int, to: datetime, reason: str, at: datetime) -> bool:
    """Promise another moment, with the reason; False when it is promised for that moment already."""
    _not_held(session)
    if session.promised_at == to:
        return False
    _check_moment(to, at)
    values = {"session_id": session.id, "moved_at": at, "by_id": by_id, "from_at": session.promised_at, "to_at": to, "reason": _reason(reason)}
    db.session.execute(insert(SessionMove), values)
    _change(session, promised_at=to)
    audit.note(by_id, "move coaching", f"coaching_session/{session.id}", at)
    tell("session_tomorrow", [session.person_id, session.coach_id], at)
    return True


def cancel(session: CoachingSession, *, by_id: int, reason: str, at: datetime) -> bool:
    """Cancel a session that was not held, with the reason; False when the same person had done so before."""
    if session.cancelled_at is not None and session.cancelled_by_id == by_id:
        return False
    _not_held(session)
    _change(session, cancelled_at=at, cancelled_by_id=by_id, cancel_reason=_reason(reason))
    audit.note(by_id, "cancel coaching", f"coaching_session/{session.id}", at)
    return True


def agree(
    session: CoachingSession, *, by_id: int, action: str, action_by: date, follow_up_on: date, at: datetime, seen: str = "", mend: bool = False
) -> bool:
    """Say that a session was held and what one thing was agreed, and plan the follow-up observation; False when just this had been said before.

    `seen` is a sentence of what was seen or heard, and is kept as the behaviour: without it, and with nothing written of it before, nothing can be
    agreed on. With `mend` whoever wrote it puts it right, on the day of the talk. The dates are dates where the coached person lives: neither
    may have passed, nor be more than half a year ahead.
    """
    said = (action.strip(), action_by, follow_up_on)
    if session.held_at is not None and (session.action, session.action_by, session.follow_up_on) == said:
        return False
    if by_id == session.person_id:
        raise Refusal(_("Nobody coaches herself. This is for the supervisor to do."), 422, "oneself")
    mends = mend and can_be_mended(session, by_id, at)
    if not mends:
        _not_held(session)
    _check_agreement(said[0], action_by, follow_up_on, _today(session.person_id, at))
    _tell_seen(session, seen, by_id, at)
    if mends:
        return _mend(session, said, by_id, at)
    _change(session, held_at=at, agreed_by_id=by_id, action=said[0], action_by=action_by, follow_up_on=follow_up_on)
    plan(person_id=session.person_id, skill=session.skill_key, due_on=follow_up_on, planned_by_id=by_id, receipt=receipt_of(session.id), at=at)
    audit.note(by_id, "agree on an action", f"coaching_session/{session.id}", at, person=session.person_id)
    return True


def _tell_seen(session: CoachingSession, seen: str, by_id: int, at: datetime) -> None:
    """Keep what was seen where nothing was written of it yet; a talk is about something that happened, so there has to be something."""
    stands = parts_of(session.id).get("coach")
    if tells_seen(stands):
        return
    if not seen.strip():
        raise Refusal(_("Please write in a sentence what was seen or heard: it is what the two of you agreed about."), 422, "seen")
    words, version = (stands.words, stands.version) if stands is not None else ({}, 0)
    write(session, "coach", words=words | {"behaviour": seen}, version=version, by_id=by_id, at=at)


def can_be_mended(session: CoachingSession, by_id: int, at: datetime) -> bool:
    """Whether what was agreed can still be put right, by whoever wrote it: a slip of the hand, on the day of the talk."""
    return session.held_at is not None and session.agreed_by_id == by_id and at - session.held_at < MENDED_WITHIN


def _mend(session: CoachingSession, said: tuple[str, date, date], by_id: int, at: datetime) -> bool:
    """Put what was agreed right, and what is planned with it; the log of deeds says what stood there."""
    before = {"action": session.action, "action_by": str(session.action_by), "follow_up_on": str(session.follow_up_on)}
    session.action, session.action_by, session.follow_up_on = said
    put_off(receipt_of(session.id), said[2])
    audit.note(by_id, "put an agreement right", f"coaching_session/{session.id}", at, before=before)
    return True


def receipt_of(session_id: int) -> str:
    """Under which receipt the follow-up observation of a session is planned."""
    return f"{FOLLOW_UP}{session_id}"


def _today(person_id: int, at: datetime) -> date:
    return local_date(at, db.session.execute(select(Person.time_zone).where(Person.id == person_id)).scalar_one())


def _check_agreement(action: str, action_by: date, follow_up_on: date, today: date) -> None:
    if not action:
        raise Refusal(_("Please write the one thing that was agreed."), 422, "action")
    if len(action.split()) < FEWEST_WORDS:
        raise Refusal(_("Please write it so that somebody could see whether it is done: a few words at least."), 422, "action")
    if len(action) > LONGEST_ACTION:
        raise Refusal(_("One thing, in %(most)s characters at most.", most=LONGEST_ACTION), 422, "action")
    for name, day in (("action_by", action_by), ("follow_up_on", follow_up_on)):
        if day < today:
            raise Refusal(_("That day has passed. Choose today or a later day."), 422, name)
        if day > today + FURTHEST:
            raise Refusal(_("That is more than half a year ahead. Please choose an earlier day."), 422, name)
    if follow_up_on < action_by:
        raise Refusal(_("It is tried until %(date)s; look at it again on that day or later.", date=date_words(action_by)), 422, "follow_up_on")


def write(session: CoachingSession, part: str, *, words: Mapping[str, str], version: int, by_id: int, at: datetime) -> bool:
    """Keep what one side wrote in a part, or both together; False when just this stands there already.

    `version` is the one the writer had before her (0: nothing). Overtaken when another version stands there by now; nothing is overwritten.
    """
    _open(session)
    kept = {name: words.get(name, "").strip() for name in PARTS[part]}
    _check_lengths(kept)
    stands = db.session.execute(
        select(SessionPart.version, SessionPart.words).where(SessionPart.session_id == session.id, SessionPart.part == part)
    ).first()
    if (stands.words if stands is not None else dict.fromkeys(PARTS[part], "")) == kept:
        return False
    said = {"words": kept, "written_at": at, "written_by_id": by_id}
    if stands is None and version == 0:
        values = {"session_id": session.id, "part": part, "version": 1, **said}
        made = insert_once(SessionPart, values, ["session_id", "part"]) is not None
    else:
        mine = (SessionPart.session_id == session.id) & (SessionPart.part == part) & (SessionPart.version == version)
        changed = update(SessionPart).where(mine).values(version=version + 1, **said).returning(SessionPart.version)
        made = db.session.execute(changed).scalar() is not None
    if not made:
        raise Overtaken
    return True


def write_private(session: CoachingSession, *, words: str, version: int, author_id: int, at: datetime) -> bool:
    """Keep what somebody wrote for herself; False when just this stands there already. Overtaken when she wrote from another device meanwhile."""
    _open(session)
    _check_lengths({"note": words.strip()})
    mine = (PrivateNote.session_id == session.id) & (PrivateNote.author_id == author_id)
    stands = db.session.execute(select(PrivateNote.words).where(mine)).scalar()
    if (stands or "") == words.strip():
        return False
    said = {"words": words.strip(), "written_at": at}
    if stands is None and version == 0:
        made = insert_once(PrivateNote, {"session_id": session.id, "author_id": author_id, "version": 1, **said}, ["session_id", "author_id"])
    else:
        changed = update(PrivateNote).where(mine, PrivateNote.version == version).values(version=version + 1, **said).returning(PrivateNote.version)
        made = db.session.execute(changed).scalar()
    if made is None:
        raise Overtaken
    return True


def _check_lengths(words: Mapping[str, str]) -> None:
    for name, text in words.items():
        if len(text) > LONGEST[name]:
            raise Refusal(_("That is a little long: %(most)s characters at most.", most=LONGEST[name]), 422, name)
