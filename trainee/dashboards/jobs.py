"""What a job has to do for customers, and who has it: the handbook's jobs beside the people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from trainee import expectations, skills
from trainee.expectations import Expectation, Scope, Terms
from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.people import Person, ReportingLine, Team
from trainee.service.handbook import entries
from trainee.service.handbook.kinds.position import TARGETS
from trainee.service.handbook.queries import Entry
from trainee.service.words import LEVELS


def jobs_of(entry: Entry) -> dict[str, int]:
    """The jobs of people that this entry is about, as they are written with them, and how many have each. One statement."""
    called = {trtext.fold(words) for words in entry.values["name"].values()}
    rows = select(Person.job, func.count()).where(Person.disabled_at.is_(None), Person.job != "").group_by(Person.job)
    return {row[0]: row[1] for row in db.session.execute(rows) if trtext.fold(row[0]) in called}


def wanted(entry: Entry) -> dict[str, int]:
    """The level each of the three compulsory skills is to reach in this job, as far as it is written."""
    return {skill: int(level) for field, skill in TARGETS.items() if (level := entry.values.get(field))}


def expected_now(jobs: Sequence[str], day: date) -> dict[str, dict[str, int]]:
    """What is expected of everybody with these jobs: by job, the level of each skill. One statement."""
    one = Expectation
    open_ones = (one.job.in_(jobs), one.closed_on.is_(None) | (one.closed_on > day), one.ends_on.is_(None) | (one.ends_on >= day))
    found: dict[str, dict[str, int]] = {job: {} for job in jobs}
    for job, skill, level in db.session.execute(select(one.job, one.skill, one.level).where(*open_ones).order_by(one.version)):
        found[job or ""][skill] = level
    return found


def expect(entry: Entry, *, at: datetime, time_zone: str, by_id: int) -> int:
    """Expect of everybody with this job what its entry says, where less or nothing is expected; how many expectations that made.

    Why is the job's part in service, and what is watched are the anchors of the level.
    """
    day, made = local_date(at, time_zone), 0
    jobs = list(jobs_of(entry))
    standing = expected_now(jobs, day)
    why = entry.values["service"]["tr"]
    for job in jobs:
        for skill, level in wanted(entry).items():
            if standing[job].get(skill, 0) < level:
                anchors = skills.framework().skill(skill).anchors.get(level, ())
                words = {f"words_{lang}": anchors[0].of(lang) if anchors else "" for lang in ("tr", "en")}
                told = {"why": why, "ways": ("observation",), "rhythm": "monthly", "audience": "nobody", **words}
                expectations.issue(Scope("job", job), Terms(skill, level, day, **told), by_id=by_id, at=at)
                made += 1
    return made


@dataclass(frozen=True, slots=True)
class Tier:
    """One level of the company and how many of it learnt something, were observed and were rated by customers lately."""

    key: str
    people: int
    trained: int
    seen: int
    rated: int


def tiers(people: Mapping[int, Sequence[bool]]) -> list[Tier]:
    """How those people (id -> learnt, observed, rated lately) are covered level by level, all four levels told. Two statements.

    A person's level is that of her job in the handbook. Where her job stands in none, whoever leads leaders is management, whoever leads a team leads
    it, and everybody else stands at the front.
    """
    level_of = levels(list(people))
    sums = {key: [0, 0, 0, 0] for key, _name in LEVELS}
    for person_id, flags in people.items():
        row = sums[level_of[person_id]]
        row[0] += 1
        for place, flag in enumerate(flags, 1):
            row[place] += flag
    return [Tier(key, *row) for key, row in sums.items()]


def levels(person_ids: Sequence[int]) -> dict[int, str]:
    """The level of the company each of these people stands on. Two statements."""
    known: dict[str, str] = {}
    for entry in entries("position"):
        level = entry.values.get("level")
        if level:
            known |= {trtext.fold(words): level for words in entry.values["name"].values()}
    leaders = select(Team.supervisor_id).where(Team.supervisor_id.is_not(None))
    leads = select(Team.id).where(Team.supervisor_id == Person.id).correlate(Person).exists()
    leads_leaders = (
        select(ReportingLine.id)
        .where(ReportingLine.supervisor_id == Person.id, ReportingLine.until.is_(None), ReportingLine.person_id.in_(leaders))
        .correlate(Person)
        .exists()
    )
    rows = select(Person.id, Person.job, leads.label("leads"), leads_leaders.label("above")).where(Person.id.in_(person_ids))
    found = {}
    for row in db.session.execute(rows):
        by_lines = "manager" if row.above else "leader" if row.leads else "front"
        found[row.id] = known.get(trtext.fold(row.job or ""), by_lines)
    return found
