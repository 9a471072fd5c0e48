"""Where a session stands, and whether what was agreed shows at work: arithmetic on counts and moments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from trainee.kit.intervals import Share, change
from trainee.profile.policy import ENOUGH_PIECES

State = Literal["promised", "missed", "cancelled", "agreed", "due", "early", "closed"]

# So many pieces of later evidence close a loop; with fewer before, nothing is compared.
CLOSES_FROM: Final = ENOUGH_PIECES
# And on so many days at least: what was written down within minutes is one look at somebody, however many contacts it names.
CLOSES_ON_DAYS: Final = 2
# How far back and forth from the talk evidence belongs to it.
WINDOW: Final = timedelta(days=180)
# From level 3 on something was done as it should be: the score of an observation line is (level - 1) / 3.
GOOD: Final = 0.66


@dataclass(frozen=True, slots=True)
class Loop:
    """What was seen of the skill at work within 180 days before the talk and within 180 days after it, and on how many days after it.

    The days are those of the coached person's calendar.
    """

    before: Share
    after: Share
    days: int

    @property
    def closed(self) -> bool:
        """Whether enough was seen since, and not all of it on one day."""
        return self.after.n >= CLOSES_FROM and self.days >= CLOSES_ON_DAYS

    @property
    def one_day(self) -> bool:
        """Whether only another day is missing."""
        return self.after.n >= CLOSES_FROM and not self.closed

    @property
    def tells(self) -> bool:
        """Whether enough was seen on both sides to compare."""
        return self.closed and self.before.n >= CLOSES_FROM

    @property
    def change(self) -> tuple[float, float, float]:
        """How much the share of good ones moved, and its interval (95 %)."""
        return change(self.before, self.after)

    @property
    def clear(self) -> bool:
        """Whether chance alone hardly explains the change."""
        _moved, low, high = self.change
        return self.tells and (low > 0 or high < 0)


def state(
    *,
    promised_at: datetime,
    held_at: datetime | None,
    cancelled_at: datetime | None,
    follow_up_on: date | None,
    loop: Loop,
    at: datetime,
    today: date,
) -> State:
    """Where a session stands at that moment; `today` is the date where the coached person lives.

    'due' means that the day of the follow-up observation came and nothing has been seen since the talk; 'early' that something was and is too little.
    """
    if cancelled_at is not None:
        return "cancelled"
    if held_at is None:
        return "missed" if promised_at < at else "promised"
    if loop.closed:
        return "closed"
    if loop.after.n:
        return "early"
    return "due" if follow_up_on is not None and follow_up_on <= today else "agreed"
