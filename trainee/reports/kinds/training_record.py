"""The training record: for every person, module and skill what HR keeps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import func, select

from trainee import expectations, plans, profile, skills
from trainee.coaching import sessions
from trainee.coaching.observations.models import Observation, ObservationLine
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _l, language
from trainee.modules.library import Module, ModuleVersion
from trainee.modules.progress.queries import parts_of_many, progress, required_parts
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.roleplays.models import RUN
from trainee.people import Person
from trainee.plans.models import ASSIGNMENT, CERTIFICATE, CERTIFICATION
from trainee.reports.column import Adds, Column, Row
from trainee.reports.columns import CERTAINTY
from trainee.reports.figures import HOURS, MODULES_DONE, QUIZ_BEST, Figure
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.kinds.expectations import acknowledged_of
from trainee.reports.population import Member, TeamsThen, chunks, within
from trainee.reports.report import Report

_LANGUAGES = {"tr": "Türkçe", "en": "English"}
_Pair = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Studied:
    """One module of one person, beside one skill that it trains. `first` stands on the first of its rows, so that sums count it once."""

    member: Member
    module: Module
    first: bool
    version: int | None
    assigned_at: datetime | None
    due_on: date | None
    completed_at: datetime | None
    minutes: int
    quiz_best: float | None
    ending: str
    skill: str
    level: profile.Level | None
    observed: tuple[datetime, str] | None
    acknowledged_at: datetime | None
    sessions: int
    action_by: date | None
    certificate: tuple[str, date] | None


def _one_module(fact: Studied) -> tuple[int, str]:
    return fact.member.id, fact.module.key


def _one_skill(fact: Studied) -> tuple[int, str]:
    return fact.member.id, fact.skill


# What belongs to a module stands beside each skill it trains, and what belongs to a skill beside each module that trains it.
_MODULES, _RESULTS = Adds(once=_one_module), Adds(sums=False, once=_one_module)
_SKILLS, _LEVELS = Adds(once=_one_skill), Adds(sums=False, once=_one_skill)


@kinds.register
class TrainingRecord(Report):
    """One row for each person, module and skill."""

    key = "training_record"
    place = 10
    title = _l("Training record")
    says = _l(
        "One row for each module that somebody was given or began and each skill it trains. What belongs to the module stands on each of its rows; "
        "figures count it once."
    )
    takes = ("unit", "team", "module", "skill", "since", "until", "left")
    period = _l("completed")
    figures = (MODULES_DONE, HOURS, QUIZ_BEST)
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("employee_no", _l("Employee number"), on_page=False),
        Column("full_name", _l("Name")),
        Column("unit", _l("Unit")),
        Column("team", _l("Team")),
        Column("role", _l("Job")),
        Column("hire_date", _l("Hired on"), "date", on_page=False),
        Column("language", _l("Language"), "choice", _LANGUAGES, on_page=False),
        Column("module_code", _l("Module code"), on_page=False),
        Column("module", _l("Module")),
        Column("module_version", _l("Version"), "whole", on_page=False),
        Column("assigned_at", _l("Assigned on"), "moment", on_page=False, by_day=True),
        Column("due_at", _l("Due on"), "date"),
        Column("completed_at", _l("Completed on"), "moment", by_day=True),
        Column("minutes", _l("Minutes done"), "whole", adds=_MODULES),
        Column("quiz_best_pct", _l("Best quiz result"), "share", adds=_RESULTS),
        Column("roleplay_ending", _l("Best ending of a role-play")),
        Column("skill_code", _l("Skill code"), on_page=False),
        Column("skill", _l("Skill")),
        Column("skill_level", _l("Level"), "whole", adds=_LEVELS),
        Column("level_confidence", _l("How sure"), "choice", CERTAINTY),
        Column("evidence_count", _l("Pieces of evidence"), "whole", adds=_SKILLS, on_page=False),
        Column("last_observed_at", _l("Last observed"), "moment", by_day=True),
        Column("observer", _l("Observer"), on_page=False),
        Column("expectation_ack_at", _l("Expectation acknowledged on"), "moment", on_page=False, by_day=True),
        Column("coaching_count", _l("Coaching sessions"), "whole", adds=_SKILLS, on_page=False),
        Column("open_action", _l("Agreed action open until"), "date", on_page=False),
        Column("certificate_no", _l("Certificate no."), on_page=False),
        Column("certificate_valid_until", _l("Certificate valid until"), "date"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Everything that HR keeps of a training."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Studied]:
        """Every module of everybody in the curriculum's order, skill by skill. Days select by completion.

        A module is of the team in which she completed it; one that is not complete, of that in which she last worked on it or was given it.
        """
        offered = plans.training().modules
        modules = sorted((one for one in offered.values() if asked.filters.module in (None, one.key)), key=lambda one: one.code)
        for members in chunks(asked, once=True):
            known = _Known(members, asked)
            for member in members:
                for module in modules:
                    yield from _rows(member, module, known, asked)

    def left_out(self, asked: Asked) -> tuple[Figure, ...]:
        """Days select what was completed: of what was not there is nothing to count then."""
        return (MODULES_DONE,) if asked.filters.since is not None or asked.filters.until is not None else ()

    def thing(self, fact: Studied) -> tuple[str, Any]:
        """The rows of one module of one person."""
        return "first", (fact.member.id, fact.module.key)

    def row(self, fact: Studied, asked: Asked) -> Row:
        """Its cells."""
        member, level = fact.member, fact.level
        about = (member.employee_no or None, member.name, member.unit or None, member.team or None, member.job, member.hired_on, member.language)
        module = (fact.module.code, fact.module.title.of(language()), fact.version, fact.assigned_at, fact.due_on, fact.completed_at, fact.minutes)
        name = skills.framework().skill(fact.skill).name.of(language())
        shown = (fact.skill, name, level.level if level else None, level.certainty if level else None, level.figure.n if level else 0)
        seen = fact.observed or (None, None)
        certificate = fact.certificate or (None, None)
        rest = (fact.acknowledged_at, fact.sessions, fact.action_by)
        return (*about, *module, fact.quiz_best, fact.ending or None, *shown, *seen, *rest, *certificate)


class _Known:
    """What is known of some hundred people, in a constant number of statements."""

    def __init__(self, members: Sequence[Member], asked: Asked) -> None:
        ids = [one.id for one in members]
        self.parts = parts_of_many(ids)
        self.given = _given(ids, asked)
        self.quizzes = _quizzes(ids)
        self.endings, self.versions = _endings(ids), _versions(ids)
        self.levels = profile.levels_of(ids, asked.at)
        self.observed = _observed(ids)
        self.targets, self.acknowledged = expectations.targets_of(ids, asked.at), acknowledged_of(ids)
        self.sessions = _sessions(ids, asked.at)
        self.certificates = _certificates(ids)
        self.training = plans.training()
        self.then = TeamsThen(members, asked)


def _rows(member: Member, module: Module, known: _Known, asked: Asked) -> Iterator[Studied]:
    place = member.id, module.key
    parts, given, quiz = known.parts.get(place, {}), known.given.get(place), known.quizzes.get(place)
    ending = known.endings.get(place)
    if not (parts or given or quiz or ending or place in known.versions):
        return
    completed = progress(required_parts(module), parts).completed_at
    if (asked.filters.since or asked.filters.until) and (completed is None or not within(asked, completed)):
        return
    moment = completed or max((times[0] for times in parts.values()), default=given[0] if given else asked.at)
    where = known.then.at(member.id, moment)
    if where is None:
        return
    if where != (member.team, member.unit):
        member = replace(member, team=where[0], unit=where[1])
    minutes = _minutes(module, parts, known.training)
    first = True
    for skill in module.skills:
        if asked.filters.skill not in (None, skill):
            continue
        target = known.targets[member.id].get(skill)
        held, action_by = known.sessions.get((member.id, skill), (0, None))
        yield Studied(
            member,
            module,
            first,
            known.versions.get(place),
            given[0] if given else None,
            given[1] if given else None,
            completed,
            minutes,
            quiz,
            _title(module, ending),
            skill,
            known.levels[member.id].get(skill),
            known.observed.get((member.id, skill)),
            known.acknowledged.get((member.id, target.id)) if target is not None else None,
            held,
            action_by,
            known.certificates.get(place),
        )
        first = False


def _minutes(module: Module, parts: Mapping[str, Any], training: plans.Training) -> int:
    return sum(known.minutes for part in parts if (known := training.part(module.key, part)) is not None)


def _title(module: Module, ending: tuple[str, str] | None) -> str:
    story = module.story(ending[0]) if ending is not None else None
    found = story.endings.get(ending[1]) if story is not None and ending is not None else None
    return found.title.of(language()) if found is not None else ""


def _given(ids: Sequence[int], asked: Asked) -> dict[_Pair, tuple[datetime, date | None]]:
    """The newest assignment that asks for each module, by itself, for its role-play or on a path."""
    day = local_date(asked.at, asked.who.time_zone)
    found: dict[_Pair, tuple[datetime, date | None]] = {}
    for one in sorted(plans.listed(ASSIGNMENT.c.person_id.in_(ids), day, most=None), key=lambda one: (one.open.given_at, one.open.id)):
        modules: list[Module | None] = [step.module for step in one.open.steps]
        for module in modules or [one.open.module]:
            if module is not None and one.state not in ("excused", "withdrawn", "left"):
                found[one.open.person_id, module.key] = one.open.given_at, one.open.due_on
    return found


def _quizzes(ids: Sequence[int]) -> dict[_Pair, float]:
    attempt = QuizAttempt
    statement = (
        select(attempt.person_id, attempt.module_key, func.max(attempt.score))
        .where(attempt.person_id.in_(ids), attempt.handed_in_at.is_not(None))
        .group_by(attempt.person_id, attempt.module_key)
    )
    return {(person_id, key): score for person_id, key, score in db.session.execute(statement)}


def _endings(ids: Sequence[int]) -> dict[_Pair, tuple[str, str]]:
    """The best ending of each module's role-plays, the newest of several: (story, ending)."""
    statement = (
        select(RUN.c.person_id, ModuleVersion.key, RUN.c.story, RUN.c.ending)
        .join(ModuleVersion, ModuleVersion.id == RUN.c.version_id)
        .where(RUN.c.person_id.in_(ids), RUN.c.finished_at.is_not(None), RUN.c.ending.is_not(None), RUN.c.replay_of.is_(None))
        .order_by(RUN.c.rank, RUN.c.finished_at, RUN.c.id)
    )
    return {(person_id, key): (story, ending) for person_id, key, story, ending in db.session.execute(statement)}


def _versions(ids: Sequence[int]) -> dict[_Pair, int]:
    """The newest version that somebody was examined on or played, by module."""
    found: dict[_Pair, int] = {}
    for table in (QuizAttempt.__table__, RUN):
        statement = (
            select(table.c.person_id, ModuleVersion.key, func.max(ModuleVersion.number))
            .join(ModuleVersion, ModuleVersion.id == table.c.version_id)
            .where(table.c.person_id.in_(ids))
            .group_by(table.c.person_id, ModuleVersion.key)
        )
        for person_id, key, number in db.session.execute(statement):
            found[person_id, key] = max(number, found.get((person_id, key), 0))
    return found


def _observed(ids: Sequence[int]) -> dict[_Pair, tuple[datetime, str]]:
    seen = Observation
    statement = (
        select(seen.person_id, ObservationLine.skill_key, seen.seen_at, Person.name)
        .join(ObservationLine, ObservationLine.observation_id == seen.id)
        .join(Person, Person.id == seen.observer_id)
        .where(seen.person_id.in_(ids), seen.released_at.is_not(None), ObservationLine.level.is_not(None))
        .order_by(seen.seen_at, seen.id)
    )
    return {(person_id, skill): (seen_at, observer) for person_id, skill, seen_at, observer in db.session.execute(statement)}


def _sessions(ids: Sequence[int], at: datetime) -> dict[_Pair, tuple[int, date | None]]:
    """How many sessions were held on each skill, and until when the action of the last one is to be done while its loop is open."""
    found: dict[_Pair, tuple[int, date | None]] = {}
    for one in sorted(sessions.of_people(ids, at), key=lambda one: (one.row.promised_at, one.row.id)):
        if one.row.held_at is not None:
            held, _last = found.get((one.row.person_id, one.row.skill_key), (0, None))
            found[one.row.person_id, one.row.skill_key] = held + 1, None if one.state == "closed" else one.row.action_by
    return found


def _certificates(ids: Sequence[int]) -> dict[_Pair, tuple[str, date]]:
    """The newest certificate that was not withdrawn and whose certification is about the module, by itself or on its path."""
    held, what = CERTIFICATE.c, CERTIFICATION.c
    statement = (
        select(held.person_id, held.number, held.valid_until, what.kind, what.what)
        .join(CERTIFICATION, what.id == held.certification_id)
        .where(held.person_id.in_(ids), held.withdrawn_at.is_(None))
        .order_by(held.issued_at, held.id)
    )
    found: dict[_Pair, tuple[str, date]] = {}
    for person_id, number, valid_until, kind, key in db.session.execute(statement):
        path = plans.path_of(key) if kind == "path" else None
        for module in path.modules if path is not None else (key,):
            found[person_id, module] = number, valid_until
    return found
