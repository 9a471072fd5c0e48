"""What people of the demonstration company were told in the last weeks: by the rules themselves, as the timetable would have had it.

It has a source of chance of its own, so that the rest of the history is the same with and without it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random

from trainee import notices
from trainee.demo.company import Member
from trainee.demo.life import DAYS, Life
from trainee.notices.actions import read_all

# The rules begin so long before today, and are silent about whatever was so before.
BEGUN = 24
_SEED = 11
# Minutes of the day in UTC: shortly after the hour of the digests, and in the afternoon for what is told at once.
_DIGESTS, _AFTERNOON = 6 * 60 + 2, 13 * 60
# Who looks at what she was told on a day; on the last days hardly anybody, so that there is something to read.
_READS, _LATELY, _LAST = 0.45, 0.1, 3
# Those whose accounts are printed for everybody to try have not been here for a week.
_AWAY = 7


@dataclass
class Telling:
    """Plans what is told, and who reads it, into a life."""

    life: Life
    tried: Collection[str]
    rng: Random = field(default_factory=lambda: Random(_SEED))

    def plan(self) -> None:
        """Every morning of the last weeks the rules look at the company as it stands, and tell what is due."""
        for day in range(DAYS - BEGUN, DAYS):
            self.life.diary.plan(day, _DIGESTS, None, self._tell)
            self.life.diary.plan(day, _AFTERNOON, None, self._deliver)
            for member in self.life.company.members:
                away = member.username in self.tried and day >= DAYS - _AWAY
                if self.rng.random() < (_READS if day < DAYS - _LAST else _LATELY) and not away:
                    self.life.diary.plan(day, self.rng.randint(_DIGESTS + 5, _AFTERNOON + 180), None, partial(self._read, member))

    def _tell(self, at: datetime) -> None:
        notices.plan(at)
        self._deliver(at)

    def _deliver(self, at: datetime) -> None:
        # Nobody has come in yet with a password of her own, so no mail is written for any of it.
        for _settled in notices.deliver(at):
            pass

    def _read(self, who: Member, at: datetime) -> None:
        if not who.new or at.date() > who.hired_on:
            read_all(who.id, at)
