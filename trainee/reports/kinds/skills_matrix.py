"""People beside skills: the level of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainee import profile, skills
from trainee.kit.i18n import _l, language
from trainee.reports.column import MEAN, Column, Row
from trainee.reports.columns import WHO, who
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Heat
from trainee.reports.population import Member, chunks
from trainee.reports.report import Report


@dataclass(frozen=True, slots=True)
class Levels:
    """One person with the level of every skill, in the framework's order; None while too little is known."""

    member: Member
    levels: tuple[int | None, ...]


def _by_team(fact: Levels) -> Iterator[tuple[str, int, float, float]]:
    known = ((place, level) for place, level in enumerate(fact.levels) if level is not None)
    return ((fact.member.team or "—", place, float(level >= 3), 1.0) for place, level in known)


@kinds.register
class SkillsMatrix(Report):
    """One row for each person, one column for each skill."""

    key = "skills_matrix"
    place = 60
    title = _l("Skills matrix")
    says = _l("One row for each person with the level of every skill, 1 to 4. A cell is empty while there is not enough evidence to tell one.")
    takes = ("unit", "team", "skill")
    pictures = (
        Heat(
            _l("Level 3 or 4, by team: of those whose level is known"),
            _l("Team"),
            _by_team,
            lambda asked: {place: skill.name.of(language()) for place, skill in enumerate(_skills(asked))},
        ),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, and every skill."""
        return (*WHO, *(Column(skill.key, skill.name.of(language()), "whole", adds=MEAN) for skill in _skills(asked)))

    def facts(self, asked: Asked) -> Iterator[Levels]:
        """Everybody's levels."""
        wanted = [skill.key for skill in _skills(asked)]
        for members in chunks(asked):
            levels = profile.levels_of([one.id for one in members], asked.at)
            for member in members:
                yield Levels(member, tuple(levels[member.id][skill].level for skill in wanted))

    def row(self, fact: Levels, asked: Asked) -> Row:
        """Its cells."""
        return (*who(fact.member), *fact.levels)


def _skills(asked: Asked) -> list[skills.Skill]:
    return [skill for skill in skills.framework().skills if asked.filters.skill in (None, skill.key)]
