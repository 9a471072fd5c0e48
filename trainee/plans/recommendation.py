"""What a kind of recommendation says about itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from trainee.modules.progress.queries import Parts
from trainee.plans.training import Part
from trainee.profile import Gap

# How far off our judgement of a share may well be, as a standard deviation.
DOUBT: Final = 0.15


class Effect(NamedTuple):
    """The share of a gap that one deed closes more than none, with its standard error, from so many cases beside so many where there was none."""

    share: float
    error: float
    cases: int
    compared: int

    @property
    def weight(self) -> float:
        """How much of what is expected comes of the cases and not of our judgement, 0 to 1: by which of the two is surer."""
        return DOUBT**2 / (DOUBT**2 + self.error**2)

    def drawn_to(self, judged: float) -> float:
        """The share to expect, by these cases and our judgement; never below nothing nor more than the whole gap."""
        return min(max(judged + self.weight * (self.share - judged), 0.0), 1.0)


# By the key of the recommendation and the diagnosis.
Effects = Mapping[tuple[str, str], Effect]


@dataclass(frozen=True, slots=True)
class Advice:
    """One fitting next step for one gap: what to do, what it is good for, and where it is done.

    That is a `part` of a module, or an `endpoint`, or neither when it is not done on this site. `share` is the part of the gap it is expected
    to close, and `tells` that it is rather expected to bring the evidence that is missing. What closes most per minute is offered first. `effect`
    is what was measured of it; None when the share is our judgement alone.
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
    effect: Effect | None = None
    # Where she asks somebody else to do it, in one press; empty when there is nobody to ask.
    ask_endpoint: str = ""

    @property
    def worth(self) -> float:
        """The share of the gap it is expected to close per minute; it orders what is offered."""
        return self.share / max(self.minutes, 1)


@dataclass(frozen=True, slots=True)
class Chances:
    """What there is to offer one person for one skill, and what she has done of it: parts by module, the best rank of each role-play she ended.

    `due` says how many questions on the skill are due for review. `missed` holds the lessons that tell a question missed lately and were not
    read since, with the newest miss of each, newest first. `measured` is what was measured of kinds of recommendations.
    """

    parts: Sequence[Part]
    done: Mapping[str, Parts]
    ranks: Mapping[str, int]
    due: int = 0
    missed: Mapping[Part, datetime] = field(default_factory=dict)
    measured: Effects = field(default_factory=dict)

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

    The shares are our judgement, and what the log says of cases moves them (`plans/effects.py`); they decide the order and nothing else.
    `lead_endpoint` is where whoever leads the person does her part of it, for that person, and `lead_deed` what she does there.
    """

    key: ClassVar[str]
    gains: ClassVar[Mapping[str, float]]
    lead_endpoint: ClassVar[str] = ""
    lead_deed: ClassVar[Any] = ""
    # The source of evidence that shows that it was done; empty where there is none.
    shown_by: ClassVar[str] = ""

    def deeds(self) -> Iterable[tuple[int, str, datetime]]:
        """Whenever it was done and left no evidence of its own: for whom, on which skill, and when."""
        return ()

    def lead(self, gap: Gap) -> tuple[str, str]:
        """What whoever leads her does for it first, in this gap, and the endpoint where; both empty when there is nothing but to assign."""
        return str(self.lead_deed), self.lead_endpoint

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The step it offers for this gap, or None when it has nothing that fits."""
        raise NotImplementedError

    def fits(self, gap: Gap) -> bool:
        """Whether it is any good for that kind of gap."""
        return gap.diagnosis in self.gains

    def step(
        self,
        gap: Gap,
        chances: Chances,
        title: str,
        sentence: str,
        minutes: int,
        part: Part | None = None,
        endpoint: str = "",
        times: float = 1.0,
    ) -> Advice:
        """An advice of this kind; `times` when it is more or less than what the gain stands for."""
        effect, judged = chances.measured.get((self.key, gap.diagnosis)), self.gains[gap.diagnosis]
        share = (effect.drawn_to(judged) if effect is not None else judged) * times
        return Advice(self.key, gap.skill, title, sentence, minutes, share, gap.diagnosis == "unknown", part, endpoint, *self.lead(gap), effect)
