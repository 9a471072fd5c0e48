"""Those who are written to: their hours, their wishes and their address, asked for once however often they are needed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, bindparam, select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.notices.decency import CLOSES, DAYS, OPENS, Hours
from trainee.notices.kind import Kind, Occasion
from trainee.notices.models import HABIT, WISH
from trainee.people import Person
from trainee.people.models import SignIn

# How far around a moment days on duty are looked for.
_AROUND = timedelta(days=14)

_PERSON = cast(Table, Person.__table__)
# Built once, of plain columns: they are sent with every batch of mails, and putting one together takes longer than answering it.
_WISHES = select(WISH).where(WISH.c.person_id.in_(bindparam("people", expanding=True)))
# Whoever was entered, perhaps with thousands of others, and has never come in is not mailed to: the site has it all when she comes.
_CAME = _PERSON.c.password_hash.is_not(None) | select(SignIn.id).where(SignIn.person_id == _PERSON.c.id).exists()
_RECIPIENTS = (
    select(*(_PERSON.c[name] for name in ("id", "name", "language", "email", "time_zone", "disabled_at", "created_at")))
    .add_columns(HABIT.c.mails, HABIT.c.opens, HABIT.c.closes, HABIT.c.days, _CAME.label("came"))
    .outerjoin(HABIT, HABIT.c.person_id == _PERSON.c.id)
    .where(_PERSON.c.id.in_(bindparam("people", expanding=True)))
)

OnDuty = Callable[[Collection[int], date, date], Mapping[int, Collection[date]]]
_on_duty: list[OnDuty] = []


def days_on_duty(ask: OnDuty) -> OnDuty:
    """Decorator: `ask(people, first, last)` tells who of these people is on duty on which days; for the packages that know of rosters."""
    _on_duty.append(ask)
    return ask


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is written to, as things stand now."""

    id: int
    name: str
    language: str
    email: str | None
    active: bool
    created_at: datetime
    hours: Hours
    mails: bool
    wishes: Mapping[str, str] = field(default_factory=dict)

    def wish(self, kind: Kind) -> str:
        """How that kind of message comes to her."""
        return self.wishes.get(kind.key, kind.usual)

    def send_at(self, kind: Kind, one: Occasion, at: datetime) -> datetime:
        """When a message is told, seen from `at`: at once or with the day's digest, as she wishes, and never outside her hours.

        Who wishes the week's digest has it in the site with the day's, while it is of use; only its mail waits.
        """
        wish = self.wish(kind)
        # Where the time for its digest has passed, since nobody looked, it is told now; where that of today has gone, with the next.
        if one.day is not None:
            return self.hours.on(one.day, at, kind.early)
        if wish == "at_once" or one.urgent or kind.urgent:
            return self.hours.opening(at)
        digest, opening = self.hours.digest(one.since), self.hours.opening(at)
        if digest >= at:
            return digest
        # It comes with the digest of the day on which she can be told next, unless that one has gone.
        following = self.hours.digest(at)
        return following if self.hours.day(following) == self.hours.day(opening) else opening

    def today(self, at: datetime) -> date:
        """The day it is where she lives."""
        return local_date(at, self.hours.zone)


class Recipients:
    """Recipients by id, each asked for once. Three statements for however many are needed at once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._known: dict[int, Recipient] = {}

    def need(self, person_ids: Iterable[int]) -> None:
        """Have these people at hand."""
        ids = sorted(set(person_ids) - self._known.keys())
        for first in range(0, len(ids), 1000):
            self._load(ids[first : first + 1000])

    def __getitem__(self, person_id: int) -> Recipient:
        if person_id not in self._known:
            self.need([person_id])
        return self._known[person_id]

    def __contains__(self, person_id: object) -> bool:
        return person_id in self._known

    def _load(self, ids: list[int]) -> None:
        country = current_app.extensions["trainee"].country
        wishes: dict[int, dict[str, str]] = {}
        for row in db.session.execute(_WISHES, {"people": ids}):
            wishes.setdefault(row.person_id, {})[row.rule] = row.frequency
        shifts = self._shifts(ids)
        for row in db.session.execute(_RECIPIENTS, {"people": ids}):
            self._known[row.id] = _recipient(row, country, frozenset(shifts.get(row.id, ())), wishes.get(row.id, {}))

    def _shifts(self, ids: list[int]) -> dict[int, set[date]]:
        found: dict[int, set[date]] = {}
        for ask in _on_duty:
            for person_id, days in ask(ids, (self.at - _AROUND).date(), (self.at + _AROUND).date()).items():
                found.setdefault(person_id, set()).update(days)
        return found


def _recipient(row: Any, country: str, shifts: frozenset[date], wishes: Mapping[str, str]) -> Recipient:
    usual = row.opens is None
    hours = Hours(row.time_zone, country, OPENS if usual else row.opens, CLOSES if usual else row.closes, DAYS if usual else row.days, shifts)
    mails = bool(row.came and (usual or row.mails))
    return Recipient(row.id, row.name, row.language, row.email, row.disabled_at is None, row.created_at, hours, mails, wishes)
