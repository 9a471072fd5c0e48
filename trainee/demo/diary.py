"""What is planned on which day, and living through the days one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from trainee.demo.company import Member

# What happens when the time has come: called with `at`, it tells when it ended, alone or first of several; None means at once.
Deed = Callable[..., Any]
_PAUSE = timedelta(minutes=3)


@dataclass
class Diary:
    """Deeds by day. Nobody does two things at once: what is planned while somebody is busy waits until she is done."""

    start: datetime
    days: dict[int, list[tuple[int, int, Member | None, Deed]]] = field(default_factory=dict)
    _busy: dict[int, datetime] = field(default_factory=dict)
    _count: int = 0

    def plan(self, day: int, minute: int, who: Member | None, deed: Deed) -> None:
        """Plan a deed for so many minutes (UTC) into a day."""
        self._count += 1
        self.days.setdefault(day, []).append((minute, self._count, who, deed))

    def live(self, day: int) -> None:
        """Do everything planned for a day, in the order of time; deeds may plan further ones for later days."""
        midnight = self.start + timedelta(days=day)
        for minute, _count, who, deed in sorted(self.days.pop(day, []), key=lambda one: one[:2]):
            begin = midnight + timedelta(minutes=minute)
            if who is not None:
                begin = max(begin, self._busy.get(who.id, begin) + _PAUSE)
            told = deed(at=begin)
            end = told[0] if isinstance(told, tuple) else told
            if who is not None and end is not None:
                self._busy[who.id] = end
