"""What is expected of whom, whether she has read it, and how it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import select

from trainee import expectations, profile, skills
from trainee.expectations import ExpectationAnswer, Target
from trainee.expectations.words import ANSWER_NAMES, ORIGINS
from trainee.kit.clock import end_of_day
from trainee.kit.db import db
from trainee.kit.i18n import _l, language
from trainee.profile.words import STATUS_NAMES
from trainee.reports.column import MEAN, Column, Row
from trainee.reports.columns import WHO, who
from trainee.reports.figures import ACKNOWLEDGED, AT_RISK, EXPECTATIONS_REACHED
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars
from trainee.reports.population import Member, chunks
from trainee.reports.report import Report


@dataclass(frozen=True, slots=True)
class Wanted:
    """One expectation as it applies to one person."""

    member: Member
    skill: str
    target: Target
    level: int | None
    status: str
    acknowledged_at: datetime | None

    @property
    def answer(self) -> str:
        """What she answered: nothing yet, acknowledged, objected or answered."""
        return self.target.answer


@kinds.register
class Expectations(Report):
    """One row for each expectation that somebody issued, for each person to whom it applies."""

    key = "expectations"
    place = 70
    title = _l("Expectations")
    says = _l("One row for each expectation that was issued and applies to somebody today, with what she answered and how it stands.")
    takes = ("unit", "team", "skill")
    figures = (ACKNOWLEDGED, EXPECTATIONS_REACHED, AT_RISK)
    pictures = (Bars(_l("How expectations stand"), lambda fact: ((fact.status, 1.0),), lambda: STATUS_NAMES, _l("How it stands")),)
    _own: ClassVar[tuple[Column, ...]] = (
        Column("skill_code", _l("Skill code"), on_page=False),
        Column("skill", _l("Skill")),
        Column("expected_level", _l("Expected level"), "whole", adds=MEAN),
        Column("skill_level", _l("Level"), "whole", adds=MEAN),
        Column("status", _l("How it stands"), "choice", STATUS_NAMES),
        Column("until", _l("To be reached by"), "date"),
        Column("origin", _l("Whose expectation"), "choice", ORIGINS),
        Column("issued_at", _l("Issued on"), "moment"),
        Column("answer", _l("Their answer"), "choice", ANSWER_NAMES),
        Column("expectation_ack_at", _l("Acknowledged on"), "moment"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, what is expected, and how it stands."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Wanted]:
        """What applies to everybody, skill by skill."""
        for members in chunks(asked):
            ids = [one.id for one in members]
            levels, targets = profile.levels_of(ids, asked.at), expectations.targets_of(ids, asked.at)
            acknowledged = acknowledged_of(ids)
            for member in members:
                for skill, target in sorted(targets[member.id].items()):
                    if target.id is not None and asked.filters.skill in (None, skill) and skill in levels[member.id]:
                        yield _wanted(member, levels[member.id][skill], target, acknowledged.get((member.id, target.id)))

    def row(self, fact: Wanted, asked: Asked) -> Row:
        """Its cells."""
        name, one = skills.framework().skill(fact.skill).name.of(language()), fact.target
        own = (fact.skill, name, one.level, fact.level, fact.status, one.until, one.origin, one.issued_at, one.answer, fact.acknowledged_at)
        return (*who(fact.member), *own)


def _wanted(member: Member, level: profile.Level, target: Target, acknowledged_at: datetime | None) -> Wanted:
    until: date | None = target.until
    told = profile.status(level, target.level, end_of_day(until, member.time_zone) if until is not None else None)
    return Wanted(member, level.skill, target, level.level, told, acknowledged_at)


def acknowledged_of(person_ids: Sequence[int]) -> dict[tuple[int, Any], datetime]:
    """When each of these people acknowledged each version she was asked to read, by person and version. One statement."""
    answer = ExpectationAnswer
    statement = select(answer.person_id, answer.expectation_id, answer.at).where(answer.person_id.in_(person_ids), answer.kind == "acknowledged")
    return {(row.person_id, row.expectation_id): row.at for row in db.session.execute(statement.order_by(answer.id))}
