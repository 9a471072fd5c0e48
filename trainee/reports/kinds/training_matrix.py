"""People beside modules: what is completed, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trainee import plans
from trainee.kit.clock import local_date
from trainee.kit.i18n import _l, language
from trainee.modules.library import Module
from trainee.modules.progress.queries import parts_of_many, progress, required_parts
from trainee.reports.column import Adds, Column, Row
from trainee.reports.columns import WHO, who
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Heat
from trainee.reports.population import Member, chunks
from trainee.reports.report import Report


@dataclass(frozen=True, slots=True)
class Completed:
    """One person with the day on which each module was completed; None where it is not."""

    member: Member
    days: tuple[date | None, ...]


def _by_team(fact: Completed) -> Iterator[tuple[str, int, float, float]]:
    return ((fact.member.team or "—", place, float(day is not None), 1.0) for place, day in enumerate(fact.days))


@kinds.register
class TrainingMatrix(Report):
    """One row for each person, one column for each module."""

    key = "training_matrix"
    place = 20
    title = _l("Training matrix")
    says = _l("One row for each person with the day on which she completed each module: every lesson, the quiz and the role-plays.")
    takes = ("unit", "team", "module")
    pictures = (
        Heat(
            _l("Completed, by team and module"),
            _l("Team"),
            _by_team,
            lambda asked: {place: module.code for place, module in enumerate(_modules(asked))},
        ),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, how many, and every module in use."""
        modules = (Column(module.key, f"{module.code} {module.title.of(language())}", "date") for module in _modules(asked))
        return (*WHO, Column("completed", _l("Completed"), "whole", adds=Adds()), *modules)

    def facts(self, asked: Asked) -> Iterator[Completed]:
        """Everybody with what she completed."""
        needed = [(module.key, required_parts(module)) for module in _modules(asked)]
        for members in chunks(asked):
            parts = parts_of_many([one.id for one in members])
            for member in members:
                done = [progress(required, parts.get((member.id, key), {})).completed_at for key, required in needed]
                yield Completed(member, tuple(local_date(one, member.time_zone) if one is not None else None for one in done))

    def row(self, fact: Completed, asked: Asked) -> Row:
        """Its cells."""
        return (*who(fact.member), sum(day is not None for day in fact.days), *fact.days)


def _modules(asked: Asked) -> list[Module]:
    wanted = asked.filters.module
    return sorted((one for one in plans.training().modules.values() if wanted in (None, one.key)), key=lambda one: one.code)
