"""After two hard talks in a row, or one that weighs on somebody: something easier, and no shame."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from trainee.modules.roleplays.plot import Ending, Story

BEST: Final = 3
IN_A_ROW: Final = 2
# What lies longer back is over.
LATELY: Final = timedelta(days=3)
# What can be said of how one is after a talk, from light to heavy.
PULSES: Final = ("good", "so-so", "heavy")
# After this it is forgotten. Nothing shows it longer, also where the job that deletes it does not run.
KEPT: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class End:
    """How one finished talk ended. `hard` when it was the lowest ending, or the customer's mood was at its bottom."""

    story: str
    finished_at: datetime
    hard: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """What somebody said of how she is after one talk. Hers alone: nothing that others see may be made of it."""

    run_id: int
    value: str
    given_at: datetime


def was_hard(story: Story, ending: Ending, mood: int) -> bool:
    """Whether a talk that ended so was a hard one."""
    return ending.rank == min(end.rank for end in story.endings.values()) or mood <= story.mood_min


def weary(ends: Sequence[End], at: datetime) -> bool:
    """Whether the last two talks, newest first, were both hard and not long ago."""
    last = ends[:IN_A_ROW]
    return len(last) == IN_A_ROW and all(end.hard and at - end.finished_at <= LATELY for end in last)


def low(said: Pulse | None, at: datetime) -> bool:
    """Whether what somebody said last was that a talk weighs on her, and not long ago."""
    return said is not None and said.value == PULSES[-1] and at - said.given_at <= LATELY


def gentler(stories: Iterable[Story], ranks: Mapping[str, int], after: Iterable[str]) -> Story | None:
    """Of these stories one that is easier than those just played: the easiest, of equals the one that ended best before. None when there is none."""
    known = {story.id: story for story in stories}
    played = {story for story in after if story in known}
    hardest = max((known[story].difficulty for story in played), default=BEST)
    easy = [story for story in known.values() if story.id not in played and (story.difficulty < hardest or story.difficulty == 1)]
    return min(easy, key=lambda story: (story.difficulty, -ranks.get(story.id, 0), story.id), default=None)
