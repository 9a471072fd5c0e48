"""What people finished of the modules, part by part, with the team they were in then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainee import plans
from trainee.modules.progress.queries import parts_of_many, progress, required_parts
from trainee.reports.filters import Asked
from trainee.reports.population import Member, TeamsThen, within


@dataclass(frozen=True, slots=True)
class Learned:
    """One part that somebody finished, the first time: its stated minutes, and whether it completed its module."""

    member: Member
    place: tuple[str, str]
    module: str
    finished_at: datetime
    minutes: int
    completes: bool


def learned(members: Sequence[Member], asked: Asked, then: TeamsThen) -> Iterator[Learned]:
    """Every part that these people finished within the days asked for, person by person. One statement."""
    training = plans.training()
    parts = parts_of_many([one.id for one in members])
    by_person: dict[int, list[str]] = {}
    for person_id, begun in parts:
        by_person.setdefault(person_id, []).append(begun)
    for member in members:
        for key in sorted(by_person.get(member.id, ())):
            module = training.modules.get(key)
            if asked.filters.module not in (None, key):
                continue
            done = parts[member.id, key]
            completed = progress(required_parts(module), done).completed_at if module is not None else None
            # Two parts of one moment complete it once.
            last = max((part for part, times in done.items() if times[0] == completed), default=None)
            for part, times in sorted(done.items(), key=lambda one: (one[1][0], one[0])):
                known, place = training.part(key, part), then.at(member.id, times[0])
                if place is not None and within(asked, times[0]):
                    yield Learned(member, place, key, times[0], known.minutes if known is not None else 0, part == last)
