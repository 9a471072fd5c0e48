"""What a kind of message is, and the registry of them: each package registers those that are about its own things."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam

from trainee.kit.db import db
from trainee.kit.i18n import date_words, language
from trainee.kit.registry import Registry

# Farther ahead than this nobody looks for days that are to be told of beforehand; the longest run of days off is shorter.
AHEAD = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something a rule finds to tell one person: about what, on which occasion, since when it has been so, and what its sentence needs.

    `day`: the day it is meant for, where she lives; None for as soon as may be. `known`: when this installation first could know of it, where that
    is later than `since`: such a thing was old at first sight. `until`: afterwards it is of no use. `then`: the day of what its kind gives way to.
    `row` is the kind's own.
    """

    person_id: int
    subject: str
    occasion: str
    since: datetime
    reason: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    until: datetime | None = None
    known: datetime | None = None
    urgent: bool = False
    then: date | None = None
    row: Any = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a sentence: where she lives, and what the people it speaks of are called."""

    zone: str
    names: Mapping[int, str]

    def name(self, person_id: int | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or 0, "—")

    def day(self, iso: str) -> str:
        """A calendar date in words, with its weekday: that is how one speaks of the days around."""
        return date_words(date.fromisoformat(iso), "EEEE, d MMMM")

    def hour(self, iso: str) -> str:
        """The time of a moment, where she lives."""
        return datetime.fromisoformat(iso).astimezone(ZoneInfo(self.zone)).strftime("%H:%M")

    def moment_day(self, iso: str) -> str:
        """The day a moment falls on, where she lives, in words."""
        return date_words(datetime.fromisoformat(iso).astimezone(ZoneInfo(self.zone)).date(), "EEEE, d MMMM")

    def text(self, pair: Mapping[str, str]) -> str:
        """A text that is kept in both languages."""
        return pair[language()]


class Kind:
    """A kind of message: when it comes, when it stops, what it says and where it leads.

    `occasions` finds, by the calendar and cheaply, everything that may be told at `at`, or what of it goes to `people`; `settle` keeps those that are
    really still so, each with all its sentence needs. What a planned message was made for is looked for again in the same way when it is
    delivered: not found, it is cancelled. That is the whole stop condition; `timing` and `stops` say both in words.
    """

    key: ClassVar[str]
    title: ClassVar[Any]
    timing: ClassVar[Any]
    stops: ClassVar[Any]
    icon: ClassVar[str] = "info"
    # Told at once, in its own mail; the others wait for the digest.
    urgent: ClassVar[bool] = False
    # Told on the last working day before its day rather than on the first after it.
    early: ClassVar[bool] = False
    # Whom it can concern; nobody else is asked how she wishes it.
    roles: ClassVar[frozenset[str]] = frozenset()
    # Comes only to those who asked for it, or may be left out altogether.
    asked_for: ClassVar[bool] = False
    # Of one day, week or month only: what would be held back is not even written down, for the next one comes soon.
    passing: ClassVar[bool] = False
    # The key of a kind that says the same about the same thing on its day: where both would be told together, as before days off, this one is not.
    gives_way: ClassVar[str] = ""
    may_be_off: ClassVar[bool] = False

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Everything that may be told at `at`, of everybody or of these people."""
        raise NotImplementedError

    def settle(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those that are still so, each with its reason."""
        return found

    def holds(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those that are still so; for kinds that can tell without what their sentences need, which `settle` works out."""
        return self.settle(found, at)

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """What it says, in the reader's language: one or two sentences that tell why."""
        raise NotImplementedError

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Where it leads: an endpoint with its values."""
        raise NotImplementedError

    @property
    def usual(self) -> str:
        """How it comes to whoever has not chosen."""
        if self.asked_for:
            return "off"
        return "at_once" if self.urgent else "daily"

    @property
    def choices(self) -> tuple[str, ...]:
        """How it may be wished."""
        wished = ("at_once", "daily", "weekly", "site")
        return (*wished, "off") if self.asked_for or self.may_be_off else wished


kinds: Registry[Kind] = Registry("trainee.notices")


class Asked:
    """A statement that finds what may be told, built once: to put it together takes longer than to answer it, and the planner asks every ten minutes.

    `whose` is the column of whom it is told to, for the times when only some people are asked for.
    """

    def __init__(self, statement: Select[Any], whose: ColumnElement[Any]) -> None:
        self._all, self._some = statement, statement.where(whose.in_(bindparam("people", expanding=True)))

    def __call__(self, people: Collection[int] | None, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """Its rows, for everybody or for these people."""
        if people is None:
            return db.session.execute(self._all, dict(values or {})).all()
        return db.session.execute(self._some, {**(values or {}), "people": list(people)}).all()


T = TypeVar("T")
_look: ContextVar[dict[Hashable, Any] | None] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Inside, what several kinds ask alike is asked once (`once`). Nothing of what they ask about is written meanwhile."""
    before = _look.set({})
    try:
        yield
    finally:
        _look.reset(before)


def once(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` brings; within one look it is asked once for each key."""
    known = _look.get()
    if known is None:
        return make()
    if key not in known:
        known[key] = make()
    found: T = known[key]
    return found


def key_of(rule: str, occasion: Occasion) -> str:
    """The unique key of a message."""
    return f"{rule}/{occasion.person_id}/{occasion.subject}/{occasion.occasion}"


def morning(day: date, zone: str) -> datetime:
    """When a day begins for somebody who lives there, in UTC."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)
