"""Whose sessions one may read, where they stand, and who looks after them now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from textwrap import shorten
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, func, literal_column, or_, select
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import aliased

from trainee.coaching.observations import PlannedObservation
from trainee.coaching.sessions.loop import GOOD, WINDOW, Loop, State, state
from trainee.coaching.sessions.models import FOLLOW_UP, CoachingSession, PrivateNote, SessionMove, SessionPart
from trainee.evidence import Evidence, sources
from trainee.expectations import Target, targets_of
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _, date_words
from trainee.kit.intervals import Share
from trainee.kit.web import in_words
from trainee.people import Leader, Person, ReportingLine, RoleHeld, Viewer, below, leaders_of, leads, may_see
from trainee.profile import Level, believed_on, levels

# What was agreed longer ago than this is no longer brought up by itself.
RECENT = timedelta(days=365)
# Over how long it is told whether supervisors coach.
LATELY = timedelta(days=90)
MOST = 100
# So much of what was agreed is told in passing.
_SHORT = 160

# A session as rows show it, with the names on both sides; nothing that anybody wrote beside what was agreed.
_S = CoachingSession
_COLUMNS = (
    _S.id,
    _S.coach_id,
    _S.person_id,
    _S.skill_key,
    _S.evidence_id,
    _S.arranged_at,
    _S.promised_at,
    _S.cancelled_at,
    _S.cancelled_by_id,
    _S.cancel_reason,
    _S.held_at,
    _S.agreed_by_id,
    _S.action,
    _S.action_by,
    _S.follow_up_on,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One session as a page shows it: the row with both names, where it stands, its loop, and who looks after it now (None: nobody is left)."""

    row: Any
    state: State
    loop: Loop
    in_charge: int | None
    in_charge_name: str

    @property
    def taken_over(self) -> bool:
        """Whether somebody else than the one who promised it looks after it now."""
        return self.in_charge is not None and self.in_charge != self.row.coach_id


def _sources_at_work() -> list[str]:
    return [kind.key for kind in sources if kind.line == "observed"]


def loops(rows: Sequence[Any], at: datetime) -> dict[int, Loop]:
    """The loop of each of these sessions as it stood at that moment. One statement."""
    nothing = Loop(Share(0, 0), Share(0, 0), 0)
    found = {row.id: nothing for row in rows}
    held = {(row.person_id, row.skill_key) for row in rows if row.held_at is not None}
    if not held:
        return found
    people, skills = {person for person, _skill in held}, {skill for _person, skill in held}
    taken = select(Evidence.retracts_id).where(Evidence.retracts_id.is_not(None), Evidence.person_id.in_(people))
    first = min(row.held_at for row in rows if row.held_at is not None) - WINDOW
    statement = select(Evidence.person_id, Evidence.skill_key, Evidence.occurred_at, Evidence.score).where(
        Evidence.person_id.in_(people),
        Evidence.skill_key.in_(skills),
        Evidence.source.in_(_sources_at_work()),
        Evidence.occurred_at > first,
        Evidence.occurred_at <= at,
        Evidence.retracts_id.is_(None),
        Evidence.id.not_in(taken),
    )
    shown: dict[tuple[int, str], list[tuple[datetime, bool]]] = {}
    for person_id, skill, occurred_at, score in db.session.execute(statement):
        shown.setdefault((person_id, skill), []).append((occurred_at, score > GOOD))
    for row in rows:
        if row.held_at is not None:
            found[row.id] = _loop(row.held_at, ZoneInfo(row.time_zone), shown.get((row.person_id, row.skill_key), ()))
    return found


def _loop(held_at: datetime, zone: ZoneInfo, pieces: Iterable[tuple[datetime, bool]]) -> Loop:
    before = [good for moment, good in pieces if held_at - WINDOW < moment <= held_at]
    after = [(moment, good) for moment, good in pieces if held_at < moment <= held_at + WINDOW]
    days = {moment.astimezone(zone).date() for moment, _good in after}
    return Loop(Share(sum(before), len(before)), Share(sum(good for _moment, good in after), len(after)), len(days))


def _sessions() -> Any:
    coach, person = aliased(Person), aliased(Person)
    return (
        select(*_COLUMNS, coach.name.label("coach"), person.name.label("person"), person.time_zone)
        .join(coach, coach.id == _S.coach_id)
        .join(person, person.id == _S.person_id)
    )


def seen(rows: Sequence[Any], at: datetime) -> list[Seen]:
    """These sessions as pages show them. Two statements."""
    leaders = leaders_of({row.person_id for row in rows})
    told = loops(rows, at)
    found = []
    for row in rows:
        charge = in_charge(row.coach_id, leaders[row.person_id]) if row.cancelled_at is None else None
        name = charge.name if charge is not None else row.coach
        found.append(Seen(row, _state(row, told[row.id], at), told[row.id], charge.id if charge is not None else None, name))
    return found


def _state(row: Any, loop: Loop, at: datetime) -> State:
    today = at.astimezone(ZoneInfo(row.time_zone)).date()
    return state(
        promised_at=row.promised_at,
        held_at=row.held_at,
        cancelled_at=row.cancelled_at,
        follow_up_on=row.follow_up_on,
        loop=loop,
        at=at,
        today=today,
    )


def in_charge(coach_id: int, leaders: Sequence[Leader]) -> Leader | None:
    """Who looks after a session: whoever promised it while she leads the person and is here; else the nearest above who is."""
    here = [one for one in leaders if one.active]
    return next((one for one in here if one.id == coach_id), here[0] if here else None)


@dataclass(frozen=True, slots=True)
class Tried:
    """What was agreed and was not seen at work since: the action, until when it is tried, and the day of the follow-up, where the person lives."""

    session_id: int
    action: str
    until: date
    again: date

    def words(self, day: date) -> str:
        """It in a sentence, on that day."""
        said = {
            "action": shorten(in_words(self.action), _SHORT, placeholder="…"),
            "until": date_words(self.until, "d MMM"),
            "again": date_words(self.again, "d MMM"),
        }
        if day <= self.until:
            return str(_("“%(action)s” is being tried until %(until)s; the follow-up observation is on %(again)s.", **said))
        if day < self.again:
            return str(_("“%(action)s” was to be tried until %(until)s; the follow-up observation is on %(again)s.", **said))
        return str(_("“%(action)s” was agreed; the follow-up observation of %(again)s is open.", **said))


def _is_tried() -> Any:
    receipt: Any = literal_column(f"'{FOLLOW_UP}'", String).concat(cast_to(_S.id, String))
    waits = select(PlannedObservation.id).where(PlannedObservation.receipt == receipt, PlannedObservation.observation_id.is_(None))
    return _S.held_at.is_not(None) & waits.correlate(_S).exists()


def tried(person_ids: Sequence[int]) -> dict[tuple[int, str], Tried]:
    """What is being tried, by person and skill; of several agreements on one skill the newest. One statement."""
    columns = (_S.id, _S.person_id, _S.skill_key, _S.action, _S.action_by, _S.follow_up_on)
    wanted = select(*columns).where(_S.person_id.in_(person_ids), _is_tried()).order_by(_S.held_at, _S.id)
    rows = db.session.execute(wanted)
    return {(row.person_id, row.skill_key): Tried(row.id, row.action, row.action_by, row.follow_up_on) for row in rows}


def tried_stamp() -> Any:
    """An expression over `Person.id` that changes whenever what is `tried` by her might."""
    said: Any = _S.action
    for one in (_S.id, _S.action_by, _S.follow_up_on):
        said = said.concat(literal_column("'/'", String)).concat(cast_to(one, String))
    return select(func.aggregate_strings(said, "|")).where(_S.person_id == Person.id, _is_tried()).correlate(Person).scalar_subquery()


def session_or_404(session_id: int, who: Viewer) -> CoachingSession:
    """A session, for the coached person and for those in whose line she is today; also for nobody who led her before.

    Forbidden for HR, who may know of the person: what is said in a session stays between those it is about.
    """
    found = db.session.get(CoachingSession, session_id)
    if found is None:
        raise NotFound
    if found.person_id == who.id or leads(who, found.person_id):
        return found
    if may_see(who, found.person_id):
        raise Forbidden(_("What is said in a coaching session stays between the two and those who lead them."))
    raise NotFound


def require_coach(who: Viewer, person_id: int) -> None:
    """Forbidden, in a sentence, unless the viewer leads that person; nobody coaches herself."""
    if who.id == person_id:
        raise Forbidden(_("Nobody coaches herself. This is for the supervisor to do."))
    if not leads(who, person_id):
        raise Forbidden(_("Coaching is promised and agreed on by those who lead the person."))


def of_person(person_id: int, at: datetime, limit: int = MOST) -> list[Seen]:
    """Somebody's sessions, the newest first. Three statements."""
    statement = _sessions().where(_S.person_id == person_id).order_by(_S.promised_at.desc(), _S.id.desc()).limit(limit)
    return seen(db.session.execute(statement).all(), at)


def of_people(person_ids: Sequence[int], at: datetime) -> list[Seen]:
    """Every session of these people, in any order. Three statements."""
    return seen(db.session.execute(_sessions().where(_S.person_id.in_(person_ids))).all(), at)


def one_seen(session_id: int, at: datetime) -> Seen:
    """One session with its names and its loop. Three statements."""
    return seen(db.session.execute(_sessions().where(_S.id == session_id)).all(), at)[0]


@dataclass(frozen=True, slots=True)
class Stood:
    """How somebody stood in a skill at one moment, and what was expected of her then (None: nothing)."""

    level: Level
    target: Target | None


def course_of(one: Seen, at: datetime) -> tuple[Stood, Stood]:
    """What we believed of the session's skill when the talk was held, and what we believe now, each beside what was expected then."""
    skill, who, held_at = one.row.skill_key, one.row.person_id, one.row.held_at
    then, today = believed_on(who, held_at)[skill], levels(who, at)[skill]
    return Stood(then, _target(who, skill, held_at)), Stood(today, _target(who, skill, at))


def _target(person_id: int, skill: str, moment: datetime) -> Target | None:
    return targets_of([person_id], moment)[person_id].get(skill)


def in_my_charge(who: Viewer, at: datetime) -> list[Seen]:
    """The sessions of the last year that this supervisor looks after now, whoever promised them, the newest first. Three statements."""
    statement = (
        _sessions()
        .where(_S.person_id.in_(below(who.id)), _S.person_id != who.id, _S.promised_at > at - RECENT, _S.cancelled_at.is_(None))
        .where(or_(_S.coach_id == who.id, ~_led_by_its_coach()))
        .order_by(_S.promised_at.desc(), _S.id.desc())
        .limit(MOST)
    )
    return [one for one in seen(db.session.execute(statement).all(), at) if one.in_charge == who.id]


def _led_by_its_coach() -> Any:
    """Whether whoever promised the session is here and next above the person: the ordinary case, in which it is nobody else's."""
    return (
        select(ReportingLine.id)
        .join(Person, Person.id == ReportingLine.supervisor_id)
        .where(ReportingLine.person_id == _S.person_id, ReportingLine.supervisor_id == _S.coach_id)
        .where(ReportingLine.until.is_(None), Person.disabled_at.is_(None))
        .correlate(_S)
        .exists()
    )


def moves_of(session_id: int) -> list[Any]:
    """How a session was moved, the newest first."""
    return list(
        db.session.execute(
            select(SessionMove.moved_at, SessionMove.from_at, SessionMove.to_at, SessionMove.reason, Person.name.label("by"))
            .join(Person, Person.id == SessionMove.by_id)
            .where(SessionMove.session_id == session_id)
            .order_by(SessionMove.id.desc())
        )
    )


def parts_of(session_id: int) -> dict[str, Any]:
    """What both sides wrote for both, by part: rows of (part, version, words, written_at, by)."""
    statement = (
        select(SessionPart.part, SessionPart.version, SessionPart.words, SessionPart.written_at, Person.name.label("by"))
        .join(Person, Person.id == SessionPart.written_by_id)
        .where(SessionPart.session_id == session_id)
    )
    return {row.part: row for row in db.session.execute(statement)}


def tells_seen(coach: Any) -> bool:
    """Whether the supervisor's part, if there is one, says anything of the situation, the behaviour or its impact."""
    return coach is not None and any(coach.words.get(name) for name in ("situation", "behaviour", "impact"))


def private_note(session_id: int, author_id: int) -> Any:
    """What somebody wrote for herself about a session, or None. The one place that reads private notes, and it asks for the author's own."""
    statement = select(PrivateNote.version, PrivateNote.words, PrivateNote.written_at)
    return db.session.execute(statement.where(PrivateNote.session_id == session_id, PrivateNote.author_id == author_id)).first()


def newest_piece(person_id: int, skill: str) -> int | None:
    """The newest piece of evidence on a skill: one seen at work before any other; None when there is none."""
    taken = select(Evidence.retracts_id).where(Evidence.retracts_id.is_not(None), Evidence.person_id == person_id)
    statement = (
        select(Evidence.id)
        .where(Evidence.person_id == person_id, Evidence.skill_key == skill, Evidence.retracts_id.is_(None), Evidence.id.not_in(taken))
        .order_by(Evidence.source.in_(_sources_at_work()).desc(), Evidence.occurred_at.desc(), Evidence.id.desc())
        .limit(1)
    )
    found: int | None = db.session.execute(statement).scalar()
    return found


def piece(evidence_id: int) -> Any:
    """One piece of evidence as a row of (source, score, occurred_at)."""
    return db.session.execute(select(Evidence.source, Evidence.score, Evidence.occurred_at).where(Evidence.id == evidence_id)).one()


@dataclass(frozen=True, slots=True)
class Coaching:
    """How one supervisor coached lately: for how many people, and of the sessions whose day came how many were held and what came of them."""

    id: int
    name: str
    people: int
    promised: int
    held: int
    moved: int
    cancelled: int
    followed_up: int
    closed: int


def of_supervisors(who: Viewer, at: datetime) -> list[Coaching]:
    """The supervisors in somebody's line and herself, by name and in no other order. Five statements, however many they are."""
    supervises = select(RoleHeld.person_id).where(RoleHeld.person_id == Person.id, RoleHeld.role == "supervisor").exists()
    many = (
        select(func.count())
        .where(ReportingLine.supervisor_id == Person.id, ReportingLine.kind == "direct", ReportingLine.until.is_(None))
        .scalar_subquery()
    )
    statement = (
        select(Person.id, Person.name, many.label("people"))
        .where(Person.id.in_(below(who.id)) | (Person.id == who.id), Person.disabled_at.is_(None), supervises)
        .order_by(Person.name_sort)
    )
    supervisors = db.session.execute(statement).all()
    ids = [row.id for row in supervisors]
    promised = _sessions().where(_S.coach_id.in_(ids), _S.promised_at > at - LATELY, _S.promised_at <= at)
    rows = db.session.execute(promised).all()
    told = loops(rows, at)
    numbers = [row.id for row in rows]
    again = set(db.session.scalars(select(SessionMove.session_id).where(SessionMove.session_id.in_(numbers)))) if numbers else set()
    return [_coaching(row, [one for one in rows if one.coach_id == row.id], told, again) for row in supervisors]


def _coaching(supervisor: Any, rows: Sequence[Any], told: dict[int, Loop], again: set[int]) -> Coaching:
    kept = [row for row in rows if row.cancelled_at is None]
    held = [row for row in kept if row.held_at is not None]
    return Coaching(
        supervisor.id,
        supervisor.name,
        supervisor.people,
        len(kept),
        len(held),
        sum(1 for row in rows if row.id in again),
        len(rows) - len(kept),
        sum(1 for row in held if told[row.id].after.n),
        sum(1 for row in held if told[row.id].closed),
    )
