"""What a kind of recommendation says about itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from trainee.modules.progress.queries import Parts
from trainee.plans.training import Part
from trainee.profile import Gap


@dataclass(frozen=True, slots=True)
class Advice:
    """One fitting next step for one gap: what to do, what it is good for, and where it is done (`part`, None when it is not done on this site).

    `worth` is the share of the gap it is expected to close per minute; it orders what is offered.
    """

    key: str
    skill: str
    title: str
    sentence: str
    minutes: int
    worth: float
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Chances:
    """What there is to offer one person for one skill, and what she has done of it: parts by module, the best rank of each role-play she ended."""

    parts: Sequence[Part]
    done: Mapping[str, Parts]
    ranks: Mapping[str, int]

    def when(self, part: Part) -> datetime | None:
        """When she last finished a part, or None."""
        times = self.done.get(part.module.key, {}).get(part.part)
        return times[1] if times else None

    def of_kind(self, kind: str) -> list[Part]:
        """The parts of one kind: those never done first, then the one done longest ago."""
        found = [part for part in self.parts if part.kind == kind]
        return sorted(found, key=lambda part: (when := self.when(part)) is not None and when.timestamp())


class Recommendation:
    """A kind of recommendation. `gains` says which gaps it fits and which share of each it is expected to close when it is done once.

    The shares are judgement until follow-ups have measured them; they decide the order and nothing else.
    """

    key: ClassVar[str]
    gains: ClassVar[Mapping[str, float]]

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The step it offers for this gap, or None when it has nothing that fits."""
        raise NotImplementedError

    def fits(self, gap: Gap) -> bool:
        """Whether it is any good for that kind of gap."""
        return gap.diagnosis in self.gains

    def step(self, gap: Gap, title: str, sentence: str, minutes: int, part: Part | None = None) -> Advice:
        """An advice of this kind."""
        return Advice(self.key, gap.skill, title, sentence, minutes, self.gains[gap.diagnosis] / max(minutes, 1), part)
