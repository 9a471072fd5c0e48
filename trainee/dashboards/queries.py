"""What a person has done and what she has begun, in one statement however long her history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Date, Integer, String, Table, bindparam, case, func, literal, literal_column, null, select, true, union_all
from sqlalchemy import cast as cast_to

from trainee.coaching.growth import GROWTH
from trainee.coaching.observations import Dispute, DisputeReading, Observation, ObservationReading, PlannedObservation
from trainee.coaching.praise import PRAISE
from trainee.coaching.pulse import TAKEN
from trainee.coaching.sessions.models import SESSION
from trainee.evidence.models import EVIDENCE
from trainee.kit.db import UtcDateTime, db
from trainee.kit.straight import Straight
from trainee.modules import reviews
from trainee.modules.lessons import LessonProgress, tasks
from trainee.modules.library import ModuleVersion
from trainee.modules.progress import PartDone
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.roleplays.gentle import End, Pulse
from trainee.modules.roleplays.models import PULSE, RUN
from trainee.people import Person, ReportingLine, Team, Unit
from trainee.plans.models import EFFECT
from trainee.plans.reach import teams_led
from trainee.service import DutyShift
from trainee.service.complaints import Complaint

PERSON, TEAM, LINE, SHIFT = (cast(Table, model.__table__) for model in (Person, Team, ReportingLine, DutyShift))
SEEN, READING, DISPUTE, HEARD = (cast(Table, model.__table__) for model in (Observation, ObservationReading, Dispute, DisputeReading))
PLAN, COMPLAINT = cast(Table, PlannedObservation.__table__), cast(Table, Complaint.__table__)
# What was left in the middle longer ago than this is not brought up again by itself.
LEFT = timedelta(days=30)
_NEWEST = 3

# So long ahead somebody is told that she greets at the door.
_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Begun:
    """Something begun and not finished: a quiz attempt, a role-play run or a lesson (`kind`), by its id or its keys."""

    kind: str
    module_key: str
    what: str
    number: int
    since: datetime
    # Of an attempt, when its time runs out; of a lesson, when it was last seen.
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Between:
    """Something between her and her colleagues (`kind`).

    What was seen of her (`what`: until when she may disagree, or nothing while she is asked first), what she agreed to do (`who`: until which day;
    `what`: in their words), a talk promised to her or by her, praise, an offer, what was decided about a line she disputed or marked, or the last
    quarter she answered in; or how many open complaints are hers (`number`), and by when the first is to be answered.
    """

    kind: str
    who: str
    what: str
    number: int
    at: datetime | None


@dataclass(slots=True)
class Work:
    """What one person has done: parts by module with their first and last time, the best rank of each role-play, and what is begun."""

    parts: dict[str, dict[str, tuple[datetime, datetime]]] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    begun: list[Begun] = field(default_factory=list)
    # By when a skill is to be seen at work, by skill, where that waits.
    planned: dict[str, date] = field(default_factory=dict)
    # Those of these skills in which she asked for it herself.
    asks: set[str] = field(default_factory=set)
    # The newest version of any module and how many are retired: as long as both stay, so does what is in use.
    published: tuple[int, int] = (0, 0)
    # The number of the newest measurement of what recommendations do.
    measured: int = 0
    # Questions that are due again, by skill; answers of lessons and quizzes that are due and have no card yet; and how today's set stands.
    due: dict[str, int] = field(default_factory=dict)
    unseen: int = 0
    reviews: str = ""
    # How her last talks ended, newest first.
    ends: list[End] = field(default_factory=list)
    # What she said last of how she is after a talk; asked for on her own Today and nowhere else.
    pulse: Pulse | None = None
    # Module and lesson of the tasks she is asked about, the oldest first; asked for on her own Today and nowhere else.
    tried: list[tuple[str, str]] = field(default_factory=list)
    # What colleagues have for her; asked for on her own Today and nowhere else.
    between: list[Between] = field(default_factory=list)


def _kind(name: str) -> Any:
    return literal_column(f"'{name}'", String)


def _newest(statement: Any, *order: Any, most: int = _NEWEST) -> Any:
    # A part of a union may not have an order of its own, but a table in it may.
    return select(statement.order_by(*order).limit(most).subquery())


def _reviews() -> list[Any]:
    no, nothing = literal_column("0", Integer), literal_column("''", String)
    due, unseen, todays = reviews.DUE.subquery(), reviews.UNSEEN.subquery(), reviews.TODAYS.subquery()
    return [
        select(_kind("due"), nothing, due.c.skill_key, due.c.number, null(), null()),
        select(_kind("unseen"), nothing, nothing, unseen.c.number, null(), null()),
        select(_kind("reviews"), nothing, todays.c.state, no, todays.c.drawn_at, null()),
    ]


def _work(*more: Any) -> Any:
    mine: Any = bindparam("person")
    since: Any = bindparam("since")
    no, nothing = literal_column("0", Integer), literal_column("''", String)
    # PostgreSQL takes a nothing of no type, in a table of its own, for a text.
    never = null().cast(UtcDateTime)
    her_own = case((PLAN.c.planned_by_id == PLAN.c.person_id, 1), else_=0)
    done, lesson, attempt, version = (cast(Table, model.__table__).c for model in (PartDone, LessonProgress, QuizAttempt, ModuleVersion))
    return union_all(
        select(_kind("part").label("kind"), done.module_key, done.part, no.label("number"), done.first_at, done.last_at).where(
            done.person_id == mine
        ),
        select(_kind("quiz"), attempt.module_key, nothing, attempt.id, attempt.started_at, attempt.deadline_at).where(
            attempt.person_id == mine, attempt.handed_in_at.is_(None)
        ),
        _newest(
            select(_kind("roleplay").label("kind"), nothing.label("module"), RUN.c.story, RUN.c.id, RUN.c.started_at, never.label("at")).where(
                RUN.c.person_id == mine, RUN.c.finished_at.is_(None), RUN.c.started_at >= since
            ),
            RUN.c.id.desc(),
        ),
        _newest(
            select(_kind("lesson").label("kind"), lesson.module_key, lesson.lesson_key, lesson.paragraph, lesson.started_at, lesson.seen_at).where(
                lesson.person_id == mine, lesson.finished_at.is_(None), lesson.seen_at >= since
            ),
            lesson.seen_at.desc(),
        ),
        select(_kind("planned"), func.min(cast_to(PLAN.c.due_on, String)), PLAN.c.skill_key, func.max(her_own), null(), null())
        .where(PLAN.c.person_id == mine, PLAN.c.observation_id.is_(None))
        .group_by(PLAN.c.skill_key),
        select(_kind("modules"), nothing, nothing, func.max(version.id), null(), null()),
        select(_kind("retired"), nothing, nothing, func.count(version.retired_at), null(), null()),
        select(_kind("measured"), nothing, nothing, func.max(EFFECT.c.id), null(), null()),
        select(_kind("rank"), nothing, RUN.c.story, func.max(RUN.c.rank), func.min(RUN.c.started_at), func.max(RUN.c.finished_at))
        .where(RUN.c.person_id == mine, RUN.c.finished_at.is_not(None))
        .group_by(RUN.c.story),
        _newest(
            select(_kind("end").label("kind"), nothing.label("module"), RUN.c.story, case((RUN.c.hard, 1), else_=0).label("hard"), RUN.c.started_at)
            .add_columns(RUN.c.finished_at)
            .where(RUN.c.person_id == mine, RUN.c.finished_at.is_not(None)),
            RUN.c.finished_at.desc(),
            RUN.c.id.desc(),
        ),
        *_reviews(),
        *more,
    )


def _pulse() -> Any:
    nothing, never = literal_column("''", String).label("module"), null().cast(UtcDateTime).label("at")
    said = select(_kind("pulse").label("kind"), nothing, PULSE.c.value, PULSE.c.run_id, PULSE.c.given_at, never)
    return _newest(said.where(PULSE.c.person_id == bindparam("person")), PULSE.c.given_at.desc(), most=1)


def _between() -> list[Any]:
    """What colleagues have for her: the next talk, praise, an offer, and whether this quarter's pulse is answered."""
    mine: Any = bindparam("person")
    no, nothing, never = literal_column("0", Integer), literal_column("''", String).label("module"), null().cast(UtcDateTime).label("at")
    nothing_said = literal_column("''", String).label("said")
    session = select(_kind("session").label("kind"), nothing, SESSION.c.skill_key, SESSION.c.id, SESSION.c.promised_at, never).where(
        SESSION.c.person_id == mine, SESSION.c.held_at.is_(None), SESSION.c.cancelled_at.is_(None), SESSION.c.promised_at >= bindparam("since")
    )
    line = select(LINE.c.id).where(LINE.c.person_id == SESSION.c.person_id, LINE.c.supervisor_id == mine, LINE.c.until.is_(None)).correlate(SESSION)
    coaching = (
        select(_kind("coaching").label("kind"), PERSON.c.name.label("module"), SESSION.c.skill_key, SESSION.c.id, SESSION.c.promised_at, never)
        .join(PERSON, PERSON.c.id == SESSION.c.person_id)
        .where(SESSION.c.coach_id == mine, SESSION.c.held_at.is_(None), SESSION.c.cancelled_at.is_(None))
        .where(SESSION.c.promised_at >= bindparam("since"), line.exists())
    )
    praise = select(_kind("praise").label("kind"), PERSON.c.name.label("module"), PRAISE.c.words, PRAISE.c.id, PRAISE.c.given_at, never).join(
        PERSON, PERSON.c.id == PRAISE.c.from_id
    )
    praise = praise.where(PRAISE.c.person_id == mine, PRAISE.c.hidden_at.is_(None), PRAISE.c.given_at >= bindparam("since"))
    offer = select(_kind("offer").label("kind"), nothing, GROWTH.c.skill_key, GROWTH.c.id, GROWTH.c.offered_at, never).where(
        GROWTH.c.person_id == mine, GROWTH.c.answer.is_(None)
    )
    led = select(func.count()).where(TEAM.c.supervisor_id == mine, TEAM.c.id == PERSON.c.team_id).correlate(PERSON).scalar_subquery()
    last = select(func.max(TAKEN.c.quarter)).where(TAKEN.c.person_id == mine).scalar_subquery()
    asked = select(_kind("asked"), literal_column("''", String), func.coalesce(last, ""), no, null(), null()).where(
        PERSON.c.id == mine, PERSON.c.team_id.is_not(None), led == 0
    )
    greets = select(_kind("greets").label("kind"), SHIFT.c.area.label("module"), nothing_said, SHIFT.c.id, SHIFT.c.starts_at, SHIFT.c.ends_at).where(
        SHIFT.c.person_id == mine,
        SHIFT.c.duty == literal_column("'greet'", String),
        SHIFT.c.ends_at > bindparam("now"),
        SHIFT.c.starts_at < bindparam("soon"),
    )
    hers = select(_kind("complaints"), literal_column("''", String), literal_column("''", String), func.count(), func.min(COMPLAINT.c.due_at), null())
    return [
        hers.where(COMPLAINT.c.held_by_id == mine, COMPLAINT.c.closed_at.is_(None)),
        _newest(_seen_of_her(mine), SEEN.c.seen_at.desc(), most=2),
        _newest(_agreed(mine), SESSION.c.held_at.desc(), most=2),
        _newest(_decided(mine), DISPUTE.c.decided_at.desc(), most=2),
        _newest(session, SESSION.c.promised_at, most=1),
        _newest(coaching, SESSION.c.promised_at, most=2),
        _newest(praise, PRAISE.c.given_at.desc(), PRAISE.c.id.desc(), most=2),
        _newest(offer, GROWTH.c.offered_at.desc(), most=1),
        _newest(greets, SHIFT.c.starts_at, most=1),
        asked,
    ]


def _seen_of_her(mine: Any) -> Any:
    """What was seen of her lately and she has not opened, or not acknowledged while there is time to disagree."""
    read = select(READING.c.observation_id).where(READING.c.observation_id == SEEN.c.id, READING.c.person_id == mine).correlate(SEEN)
    in_time = SEEN.c.dispute_by.is_(None) | (SEEN.c.dispute_by >= bindparam("day", type_=Date()))
    until = func.coalesce(cast_to(SEEN.c.dispute_by, String), literal_column("''", String))
    told = select(_kind("observed").label("kind"), PERSON.c.name.label("module"), until.label("until"), SEEN.c.id, SEEN.c.seen_at)
    return (
        told.add_columns(null().cast(UtcDateTime).label("at"))
        .join(PERSON, PERSON.c.id == SEEN.c.observer_id)
        .where(SEEN.c.person_id == mine, SEEN.c.acknowledged_at.is_(None), SEEN.c.recorded_at >= bindparam("since"), ~read.exists() | in_time)
    )


def _agreed(mine: Any) -> Any:
    """What she agreed to do in a talk, until that skill has been seen at work again."""
    day = cast_to(SESSION.c.action_by, String).label("module")
    seen = select(PLAN.c.id).where(
        PLAN.c.receipt == literal("coaching_session/").concat(cast_to(SESSION.c.id, String)), PLAN.c.observation_id.is_not(None)
    )
    told = select(_kind("agreed").label("kind"), day, SESSION.c.action, SESSION.c.id, SESSION.c.held_at, null().cast(UtcDateTime).label("at"))
    return told.where(SESSION.c.person_id == mine, SESSION.c.held_at.is_not(None), ~seen.correlate(SESSION).exists())


def _decided(mine: Any) -> Any:
    """What was decided lately about a line she disputed, or marked, and has not read."""
    read = select(HEARD.c.dispute_id).where(HEARD.c.dispute_id == DISPUTE.c.id, HEARD.c.person_id == mine).correlate(DISPUTE)
    told = select(_kind("decided").label("kind"), DISPUTE.c.outcome.label("module"), DISPUTE.c.skill_key, DISPUTE.c.id, DISPUTE.c.decided_at)
    return (
        told.add_columns(null().cast(UtcDateTime).label("at"))
        .join(SEEN, SEEN.c.id == DISPUTE.c.observation_id)
        .where((SEEN.c.person_id == mine) | (SEEN.c.observer_id == mine), DISPUTE.c.decided_at >= bindparam("since"), ~read.exists())
    )


_WORK = Straight(_work())
# Today sends it with every request.
_HER_OWN = Straight(_work(_pulse(), _newest(tasks.asking(), literal_column("finished_at")), *_between()))


def work_of(person_id: int, at: datetime, time_zone: str, for_herself: bool = False) -> Work:
    """Everything a person has done or begun that a page may offer her; `for_herself` with what nobody else may read. One statement."""
    found = Work()
    wanted = reviews.day_of(person_id, time_zone, at) | {"since": at - LEFT}
    if for_herself:
        wanted |= tasks.wanted(at, time_zone) | {"now": at, "soon": at + _SOON}
    for kind, module_key, what, number, first, last in (_HER_OWN if for_herself else _WORK)(wanted):
        if kind == "part":
            found.parts.setdefault(module_key, {})[what] = (first, last)
        elif kind == "planned":
            found.planned[what] = date.fromisoformat(module_key)
            found.asks |= {what} if number else set()
        elif kind == "modules":
            found.published = (number or 0, found.published[1])
        elif kind == "retired":
            found.published = (found.published[0], number)
        elif kind == "measured":
            found.measured = number or 0
        elif kind == "rank":
            found.ranks[what] = number or 0
        elif kind == "due":
            found.due[what] = number
        elif kind == "unseen":
            found.unseen = number or 0
        elif kind == "reviews":
            found.reviews = what if what != "open" or first is not None else ""
        elif kind == "end":
            found.ends.append(End(what, last, bool(number)))
        elif kind == "complaints":
            found.between += [Between(kind, "", "", number, first)] * bool(number)
        elif kind in {"session", "coaching", "praise", "offer", "asked", "decided", "observed", "agreed", "greets"}:
            found.between.append(Between(kind, module_key, what, number, first))
        elif kind == "task":
            found.tried.append((module_key, what))
        elif kind == "pulse":
            found.pulse = Pulse(number, what, first)
        elif kind != "quiz" or last is None or last > at:
            found.begun.append(Begun(kind, module_key, what, number, first, last))
    found.ends.sort(key=lambda end: end.finished_at, reverse=True)
    return found


def latest_evidence(person_id: int, most: int, after: int = 0) -> Sequence[Any]:
    """The newest rows of the log about one person `after` so many newer ones, over all skills, those taken back left out. One statement."""
    taken = select(EVIDENCE.c.retracts_id).where(EVIDENCE.c.person_id == person_id, EVIDENCE.c.retracts_id.is_not(None))
    rows = (
        select(EVIDENCE.c.id, EVIDENCE.c.skill_key, EVIDENCE.c.source, EVIDENCE.c.score, EVIDENCE.c.item, EVIDENCE.c.occurred_at, EVIDENCE.c.actor_id)
        .where(EVIDENCE.c.person_id == person_id, EVIDENCE.c.retracts_id.is_(None), EVIDENCE.c.id.not_in(taken))
        .order_by(EVIDENCE.c.occurred_at.desc(), EVIDENCE.c.id.desc())
        .limit(most)
        .offset(after)
    )
    return db.session.execute(rows).all()


def all_units() -> dict[int, str]:
    """The units by name."""
    return {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name).order_by(Unit.name))}


def all_teams(led_by: int | None = None) -> list[tuple[int, str]]:
    """The teams by name, or those somebody leads."""
    led = true() if led_by is None else Team.id.in_(teams_led(led_by))
    return [(row.id, row.name) for row in db.session.execute(select(Team.id, Team.name).where(led).order_by(Team.name))]


def named_in_order(person_ids: Sequence[int]) -> Sequence[Any]:
    """The id and name of each of these people, in the order of their names."""
    return db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)).order_by(Person.name_sort)).all()


def team_words(found: Person) -> str:
    """Where somebody works, by team and unit; nothing when she is in none."""
    named = select(Team.name, Unit.name.label("unit")).join(Unit, Unit.id == Team.unit_id)
    row = db.session.execute(named.where(Team.id == found.team_id)).first()
    return f"{row.name} · {row.unit}" if row is not None else ""
