"""Where everybody stands in every skill, beside what is expected of her."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from trainee import expectations, people, profile, skills
from trainee.kit.i18n import _, _l, language
from trainee.profile.words import DIAGNOSES
from trainee.reports.column import MEAN, Adds, Column, Row
from trainee.reports.columns import CERTAINTY, WHO, who
from trainee.reports.figures import GAPS, REACHED, UNKNOWN
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars, Heat
from trainee.reports.population import Member, chunks
from trainee.reports.report import Report
from trainee.voice.holding import held_in, without_customers

_TRENDS = {"rising": _l("Rising"), "steady": _l("Steady"), "falling": _l("Falling")}


@dataclass(frozen=True, slots=True)
class Stands:
    """One skill of one person: the level shown and expected (1 to 4, None where there is none) and the gap's kind ('' where there is none)."""

    member: Member
    skill: str
    level: int | None
    target: int | None
    certainty: str
    evidence: int
    lines: tuple[float | None, ...]
    trend: str | None
    last_at: datetime | None
    gap: str


def _levels() -> dict[int, str]:
    """What the columns stand for; 0 is too little to tell."""
    return {level: term.name.of(language()) for level, term in skills.framework().levels.items()} | {0: str(_("Not enough evidence yet"))}


def _spread(fact: Stands) -> Iterator[tuple[str, int, float, float]]:
    name = skills.framework().skill(fact.skill).name.of(language())
    return ((name, level, float((fact.level or 0) == level), 1.0) for level in _levels())


@kinds.register
class SkillLevels(Report):
    """One row for each skill of each person."""

    key = "skills"
    place = 50
    title = _l("Skills and gaps")
    says = _l(
        "One row for each skill of which something is known or expected of somebody. The four lines are the scores to expect on a typical task; "
        "each stands only where enough is known, and that of customers of somebody who is not in one's own line from five answers on."
    )
    takes = ("unit", "team", "skill")
    figures = (REACHED, UNKNOWN, GAPS)
    pictures = (
        Heat(_l("How the levels of each skill are spread"), _l("Skill"), _spread, lambda _asked: _levels()),
        Bars(_l("Which gaps there are"), lambda fact: ((fact.gap, 1.0),) if fact.gap else (), lambda: DIAGNOSES, _l("Gap")),
    )
    _own: ClassVar[tuple[Column, ...]] = (
        Column("skill_code", _l("Skill code"), on_page=False),
        Column("skill", _l("Skill")),
        Column("skill_level", _l("Level"), "whole", adds=MEAN),
        Column("expected_level", _l("Expected level"), "whole", adds=MEAN),
        Column("level_confidence", _l("How sure"), "choice", CERTAINTY),
        Column("evidence_count", _l("Pieces of evidence"), "whole", adds=Adds()),
        Column("knowledge", _l("Knowledge"), "share", adds=MEAN),
        Column("practice", _l("Practice"), "share", adds=MEAN),
        Column("observed", _l("Observed"), "share", adds=MEAN),
        Column("customers", _l("Customers"), "share", adds=MEAN),
        Column("trend", _l("Where it is going"), "choice", _TRENDS),
        Column("last_evidence_at", _l("Last evidence"), "moment"),
        Column("gap", _l("Gap"), "choice", DIAGNOSES),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, which skill, and how it stands."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Stands]:
        """Every skill of everybody, in the framework's order."""
        for members in chunks(asked):
            ids = [one.id for one in members]
            levels, targets = profile.levels_of(ids, asked.at), expectations.targets_of(ids, asked.at)
            teams, own = {one.id: one.team_id for one in members}, people.own_among(asked.who, ids)
            gaps = profile.gaps_in_company(levels, targets, teams, asked.at)
            held = {number: held_in(levels[number]) for number in ids if number not in own}
            # A gap found in a line that is held back is what is found without it.
            told = {number: [skill for skill in few if _found_in_customers(gaps[number].get(skill))] for number, few in held.items()}
            without = {number: without_customers(levels[number], some) for number, some in told.items() if some}
            for number, found in profile.gaps_in_company(without, {number: targets[number] for number in without}, teams, asked.at).items():
                gaps[number] = {skill: gap for skill, gap in gaps[number].items() if skill not in without[number]} | found
            for member in members:
                for skill, level in levels[member.id].items():
                    target = targets[member.id].get(skill)
                    if (level.figure.n or target is not None) and asked.filters.skill in (None, skill):
                        wanted = target.level if target is not None else None
                        yield _stands(member, level, wanted, gaps[member.id].get(skill), skill in held.get(member.id, ()))

    def row(self, fact: Stands, asked: Asked) -> Row:
        """Its cells."""
        name = skills.framework().skill(fact.skill).name.of(language())
        own = (fact.skill, name, fact.level, fact.target, fact.certainty, fact.evidence, *fact.lines, fact.trend, fact.last_at, fact.gap or None)
        return (*who(fact.member), *own)


def _found_in_customers(gap: profile.Gap | None) -> bool:
    return gap is not None and gap.line == "customers"


def _stands(member: Member, level: profile.Level, target: int | None, gap: profile.Gap | None, held: bool) -> Stands:
    lines = tuple(figure.expected if figure.enough and not (held and line == "customers") else None for line, figure in level.lines.items())
    figure = level.figure
    return Stands(
        member, level.skill, level.level, target, level.certainty, figure.n, lines, level.trend, figure.last_at, gap.diagnosis if gap else ""
    )
