"""What a kind of recommendation says about itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from trainee.modules.progress.queries import Parts
from trainee.plans.training import Part
from trainee.profile import Gap


@dataclass(frozen=True, slots=True)
class Advice:
    """One fitting next step for one gap: what to do, what it is good for, and where it is done.

    That is a `part` of a module, or an `endpoint`, or neither when it is not done on this site. `share` is the part of the gap it is expected
    to close, and `tells` that it is rather expected to bring the evidence that is missing. What closes most per minute is offered first.
    """

    key: str
    skill: str
    title: str
    sentence: str
    minutes: int
    share: float
    tells: bool
    part: Part | None = None
    endpoint: str = ""
    # What whoever leads her does for it, and where; empty when there is nothing to do but to assign the part.
    lead_deed: str = ""
    lead_endpoint: str = ""

    @property
    def worth(self) -> float:
        """The share of the gap it is expected to close per minute; it orders what is offered."""
        return self.share / max(self.minutes, 1)


@dataclass(frozen=True, slots=True)
class Chances:
    """What there is to offer one person for one skill, and what she has done of it: parts by module, the best rank of each role-play she ended.

    `due` says how many questions on the skill are due for review. `missed` holds the lessons that tell a question missed lately and were not
    read since, with the newest miss of each, newest first.
    """

    parts: Sequence[Part]
    done: Mapping[str, Parts]
    ranks: Mapping[str, int]
    due: int = 0
    missed: Mapping[Part, datetime] = field(default_factory=dict)

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

    The shares are judgement until follow-ups have measured them; they decide the order and nothing else. `lead_endpoint` is where whoever leads
    the person does her part of it, for that person, and `lead_deed` what she does there.
    """

    key: ClassVar[str]
    gains: ClassVar[Mapping[str, float]]
    lead_endpoint: ClassVar[str] = ""
    lead_deed: ClassVar[Any] = ""

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The step it offers for this gap, or None when it has nothing that fits."""
        raise NotImplementedError

    def fits(self, gap: Gap) -> bool:
        """Whether it is any good for that kind of gap."""
        return gap.diagnosis in self.gains

    def step(self, gap: Gap, title: str, sentence: str, minutes: int, part: Part | None = None, endpoint: str = "", times: float = 1.0) -> Advice:
        """An advice of this kind; `times` when it is more or less than what the gain stands for."""
        share, lead = self.gains[gap.diagnosis] * times, str(self.lead_deed)
        return Advice(self.key, gap.skill, title, sentence, minutes, share, gap.diagnosis == "unknown", part, endpoint, lead, self.lead_endpoint)
