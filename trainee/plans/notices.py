"""What people are told about their assignments and certificates."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import LANGUAGES, _, _l, force_locale
from trainee.modules.progress.queries import parts_of_many
from trainee.notices import AHEAD, Asked, Kind, Occasion, Reader, kinds, morning, once
from trainee.people import Person, ReportingLine
from trainee.people.importing import applied_since
from trainee.plans.certifying import title_in
from trainee.plans.models import ASSIGNMENT, CERTIFICATE, CERTIFICATION
from trainee.plans.queries import KEPT, Open, counted, with_progress

# How many days before its date something is said to fall due soon, and which days late it is said to be overdue: to her, and to who leads her.
SOON = 3
LATE = (1, 7, 14, 28)
LATE_ABOVE = (3, 14)
# The last of them is told up to so many days later still, where nothing ran in between.
_AFTER = 7
# What was given longer ago than this is no news.
_NEWS = timedelta(days=14)
# How many days before a certificate ends it is spoken of, besides the day its window opens.
ENDING = (30, 7)
_PERSON = Person.__table__
_LINE = cast(Table, ReportingLine.__table__)
_DIRECT = (_LINE.c.kind == "direct", _LINE.c.until.is_(None))
# Built once: the planner asks every ten minutes, and putting such a statement together takes longer than answering it.
_LED = select(_LINE.c.person_id).where(_LINE.c.supervisor_id.in_(bindparam("leaders", expanding=True)), *_DIRECT)
_LEADERS = (
    select(_LINE.c.person_id, _LINE.c.supervisor_id, _LINE.c.since)
    .join(_PERSON, _PERSON.c.id == _LINE.c.supervisor_id)
    .where(_LINE.c.person_id.in_(bindparam("people", expanding=True)), *_DIRECT, _PERSON.c.disabled_at.is_(None))
)


class _OfAssignments(Kind):
    """A kind that is about one assignment, as long as it is to be done."""

    stops = _l("It stops when it is done, taken back or no longer offered, and when the account is closed.")

    def settle(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those whose assignment is still to be done, each with what it is called. Two statements."""
        todo = _todo({one.row.id for one in found})
        return [replace(one, reason={**one.reason, "what": _titles(todo[one.row.id])}) for one in found if one.row.id in todo]

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """What one has to do, all together."""
        return "plans.mine", {}


def _todo(ids: Collection[int]) -> dict[int, Open]:
    """Of these assignments those that have not ended, are offered and are not complete."""
    known: dict[int, Open | None] = once("assignments to do", dict)
    wanted = sorted(set(ids) - known.keys())
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        rows = db.session.execute(_todo_statement(), {"ids": some}).all()
        # Only these are made of parts.
        people = sorted({row.person_id for row in rows if row.kind in {"module", "path"}})
        far = with_progress(rows, parts_of_many(people) if people else {}) if rows else []
        known.update(dict.fromkeys(some))
        known.update({one.id: one for one in far if one.progress.completed_at is None})
    return {number: one for number in ids if (one := known[number]) is not None}


@cache
def _todo_statement() -> Any:
    of = ASSIGNMENT.c.id.in_(bindparam("ids", expanding=True))
    return select(*(ASSIGNMENT.c[name] for name in KEPT), *counted()).where(of, ASSIGNMENT.c.ended_at.is_(None))


def _titles(one: Open) -> dict[str, str]:
    found = {}
    for lang in LANGUAGES:
        with force_locale(lang):
            found[lang] = one.name
    return found


def _open(people: Collection[int] | None, values: Mapping[str, Any], given: bool = False) -> Iterable[Any]:
    """Assignments that have not ended, of people who are here, with where each lives: those given between two moments (`after`, `at`), or due between
    two days (`first`, `last`). One statement."""
    if people is None:
        return db.session.execute(_open_statement(given, False), dict(values))
    return db.session.execute(_open_statement(given, True), {**values, "people": list(people)})


@cache
def _open_statement(given: bool, narrow: bool) -> Any:
    columns = (ASSIGNMENT.c.id, ASSIGNMENT.c.person_id, ASSIGNMENT.c.due_on, ASSIGNMENT.c.given_at, ASSIGNMENT.c.given_by_id)
    statement = select(*columns, _PERSON.c.time_zone).join(_PERSON, _PERSON.c.id == ASSIGNMENT.c.person_id)
    statement = statement.where(ASSIGNMENT.c.ended_at.is_(None), _PERSON.c.disabled_at.is_(None))
    if narrow:
        statement = statement.where(ASSIGNMENT.c.person_id.in_(bindparam("people", expanding=True)))
    if not given:
        return statement.where(ASSIGNMENT.c.due_on.between(bindparam("first"), bindparam("last")))
    # The next cycle of a certificate is told as such.
    same = (CERTIFICATE.c.certification_id == ASSIGNMENT.c.certification_id, CERTIFICATE.c.person_id == ASSIGNMENT.c.person_id)
    renewed = select(CERTIFICATE.c.id).where(*same).exists()
    return statement.where(ASSIGNMENT.c.given_at > bindparam("after"), ASSIGNMENT.c.given_at <= bindparam("at"), ~renewed)


def _due_between(at: datetime, first: int, last: int) -> dict[str, date]:
    # A day more on each side: it is another day elsewhere.
    return {"first": at.date() + timedelta(days=first - 1), "last": at.date() + timedelta(days=last + 1)}


def _due(at: datetime, first: int, last: int, people: Collection[int] | None) -> list[Any]:
    """Assignments due between so many days from today, as `_open` finds them. One statement for all kinds that look at the same moment."""
    whom = None if people is None else tuple(sorted(people))
    rows = once(("assignments due", at, whom), lambda: list(_open(whom, _due_between(at, -LATE[-1] - _AFTER, AHEAD.days))))
    days = _due_between(at, first, last)
    return [row for row in rows if days["first"] <= row.due_on <= days["last"]]


@kinds.register
class Given(_OfAssignments):
    """Something was given to be done."""

    key = "assignment_given"
    title = _l("Something new to do")
    timing = _l("When it is given; at once when it is due within two days.")
    icon = "book-open"

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What was given lately. The next cycle of a certificate is told as such."""
        rows = _open(people, {"after": at - _NEWS, "at": at}, given=True)
        found = []
        for row in rows:
            soon = row.due_on is not None and row.due_on <= local_date(row.given_at, row.time_zone) + timedelta(days=1)
            reason = {"by": row.given_by_id, "due": str(row.due_on) if row.due_on is not None else None}
            found.append(Occasion(row.person_id, f"assignment/{row.id}", "given", row.given_at, reason, urgent=soon, row=row))
        return found

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """By whom, what and by when."""
        words = {"what": reader.text(reason["what"]), "name": reader.name(reason["by"])}
        if reason["due"] is None and reason["by"]:
            return str(_("%(name)s gave you “%(what)s” to do, when there is time.", **words))
        if reason["due"] is None:
            return str(_("“%(what)s” is yours to do, when there is time.", what=words["what"]))
        words["day"] = reader.day(reason["due"])
        if reason["by"]:
            return str(_("%(name)s gave you “%(what)s” to do, by %(day)s.", **words))
        return str(_("“%(what)s” is yours to do, by %(day)s.", what=words["what"], day=words["day"]))


class _BeforeItsDate(_OfAssignments):
    """A kind that comes before an assignment's date, or on it: `before` days."""

    early = True
    before = 0
    # Given no longer than this before that day, its giving has just told the date.
    told = timedelta(days=1)

    def _then(self, due_on: date) -> date | None:
        """The day of what is said about it next, which this gives way to."""
        return None

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What is due from today on. What was given so late that its giving has just told the date is left out."""
        found = []
        for row in _due(at, 0, AHEAD.days, people):
            day = row.due_on - timedelta(days=self.before)
            today = local_date(at, row.time_zone)
            if (row.due_on > today if self.before else row.due_on >= today) and local_date(row.given_at, row.time_zone) + self.told < day:
                since, reason = morning(day, row.time_zone), {"due": str(row.due_on)}
                found.append(
                    Occasion(row.person_id, f"assignment/{row.id}", str(row.due_on), since, reason, day=day, row=row, then=self._then(row.due_on))
                )
        return found


@kinds.register
class DueSoon(_BeforeItsDate):
    """Something falls due in some days."""

    key = "due_soon"
    title = _l("Due soon")
    timing = _l("Three days before the date, or on the working day before that.")
    icon = "clock"
    before = SOON
    told = timedelta(days=2)
    gives_way = "due_today"

    def _then(self, due_on: date) -> date | None:
        """Its day, which may be told as early where nobody works in between."""
        return due_on

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """What, and by when."""
        return str(_("“%(what)s” is due by %(day)s.", what=reader.text(reason["what"]), day=reader.day(reason["due"])))


@kinds.register
class DueToday(_BeforeItsDate):
    """Something falls due on this day."""

    key = "due_today"
    # The subject of a mail that may come on a Friday for a Sunday: it names no day.
    title = _l("The day for something you have to do")
    timing = _l("In the morning of the day, or on the last working day before it.")
    icon = "clock"

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """What; the day is named, since it may be one on which nobody works."""
        return str(_("%(day)s is the day for “%(what)s”.", what=reader.text(reason["what"]), day=reader.day(reason["due"])))


def _late(row: Any, at: datetime, steps: Sequence[int]) -> int | None:
    """The last of these steps of lateness that has come; None before the first, and long after the last."""
    late = (local_date(at, row.time_zone) - row.due_on).days
    come = [step for step in steps if step <= late]
    return come[-1] if come and late <= steps[-1] + _AFTER else None


def _late_ones(at: datetime, people: Collection[int] | None, steps: Sequence[int]) -> Iterable[tuple[Any, int, datetime]]:
    """Everything that is late, with the step that has come and since when."""
    for row in _due(at, -steps[-1] - _AFTER, -steps[0], people):
        step = _late(row, at, steps)
        if step is not None:
            yield row, step, morning(row.due_on + timedelta(days=step), row.time_zone)


def late_ones(at: datetime) -> dict[int, int]:
    """Who has how many assignments past their date, of the last year, and still to do."""

    def find() -> dict[int, int]:
        rows = {row.id: row for row in _open(None, _due_between(at, -365, -1)) if row.due_on < local_date(at, row.time_zone)}
        return Counter(one.person_id for one in _todo(rows.keys()).values())

    return once(("late ones", at), find)


@kinds.register
class Overdue(_OfAssignments):
    """Something is past its date."""

    key = "overdue"
    title = _l("Past its date")
    timing = _l("On the first working day after the date, and after one, two and four weeks.")
    icon = "hourglass"

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What is late, once for each step."""
        return [
            Occasion(row.person_id, f"assignment/{row.id}", f"{row.due_on}+{step}", since, {"due": str(row.due_on)}, known=row.given_at, row=row)
            for row, step, since in _late_ones(at, people, LATE)
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """What; without reproach."""
        return str(
            _("The date for “%(what)s” was %(day)s. A few minutes are a beginning.", what=reader.text(reason["what"]), day=reader.day(reason["due"]))
        )


@kinds.register
class OverdueAbove(_OfAssignments):
    """Something that one of her people has to do is past its date."""

    key = "overdue_above"
    title = _l("Somebody in your team is past a date")
    timing = _l("Three days after the date, and after two weeks.")
    icon = "users"
    roles = frozenset({"supervisor"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What is late, for whoever leads the person directly today. Who leads her since a file said so is not told what was late before. Three
        statements."""
        late = list(_late_ones(at, None if people is None else _led(people), LATE_ABOVE))
        above = _leaders({row.person_id for row, _step, _since in late})
        files = applied_since(at - timedelta(days=LATE_ABOVE[-1] + _AFTER + 1)) if late else set()
        return [
            Occasion(
                leader.supervisor_id,
                f"assignment/{row.id}",
                f"{row.due_on}+{step}",
                since,
                {"who": row.person_id, "due": str(row.due_on)},
                known=max(row.given_at, leader.since) if leader.since in files else row.given_at,
                row=row,
            )
            for row, step, since in late
            if (leader := above.get(row.person_id)) is not None and (people is None or leader.supervisor_id in people)
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Whose, and what."""
        words = {"name": reader.name(reason["who"]), "what": reader.text(reason["what"]), "day": reader.day(reason["due"])}
        return str(_("%(name)s has not finished “%(what)s”; the date was %(day)s. Perhaps something is in the way.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The person's page."""
        return "dashboards.person", {"person_id": reason["who"]}


def _led(leaders: Collection[int]) -> list[int]:
    """Whom any of these leads directly today."""
    return list(db.session.scalars(_LED, {"leaders": list(leaders)}))


def _leaders(person_ids: Collection[int]) -> dict[int, Any]:
    """Who leads each of these directly today and is here, and since when."""
    wanted = sorted(person_ids)
    found: dict[int, Any] = {}
    for first in range(0, len(wanted), 500):
        rows = db.session.execute(_LEADERS, {"people": wanted[first : first + 500]})
        found |= {row.person_id: row for row in rows}
    return found


@kinds.register
class Recertify(Kind):
    """A certificate is to be renewed."""

    key = "recertify"
    title = _l("A certificate to renew")
    timing = _l("When its window opens, and 30 and 7 days before it ends.")
    stops = _l("It stops when it is renewed or withdrawn, and when nobody asks for it any more.")
    icon = "award"
    early = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Certificates that end soon and have no newer one, of those who are asked to renew. One statement."""
        rows = _to_renew()(people, {"since": at.date() - timedelta(days=1)})
        return [one for row in rows if row.task is not None for one in _ending(row, at)]

    def settle(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those whose next cycle is still to be done."""
        todo = _todo({one.row.task for one in found})
        return [one for one in found if one.row.task in todo]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Which, and until when."""
        words = {"title": title_in(reason["title"], reason.get("title_en")), "day": reader.day(reason["until"])}
        if reason["short"]:
            return str(_("Your certificate “%(title)s” ends on %(day)s. What it takes to renew it is not finished yet.", **words))
        return str(_("Your certificate “%(title)s” can be renewed from now on; it ends on %(day)s.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """What one has to do, all together."""
        return "plans.mine", {}


@cache
def _to_renew() -> Asked:
    newer, asked = CERTIFICATE.alias(), ASSIGNMENT.alias()
    same = (newer.c.person_id == CERTIFICATE.c.person_id, newer.c.certification_id == CERTIFICATE.c.certification_id)
    hers = (asked.c.person_id == CERTIFICATE.c.person_id, asked.c.certification_id == CERTIFICATE.c.certification_id, asked.c.ended_at.is_(None))
    statement = (
        select(
            CERTIFICATE.c.id,
            CERTIFICATE.c.person_id,
            CERTIFICATE.c.title,
            CERTIFICATE.c.title_en,
            CERTIFICATE.c.valid_until,
            CERTIFICATE.c.issued_at,
            CERTIFICATION.c.window_days,
            _PERSON.c.time_zone,
            select(asked.c.id).where(*hers, asked.c.id > CERTIFICATE.c.assignment_id).limit(1).correlate(CERTIFICATE).scalar_subquery().label("task"),
        )
        .join(CERTIFICATION, CERTIFICATION.c.id == CERTIFICATE.c.certification_id)
        .join(_PERSON, _PERSON.c.id == CERTIFICATE.c.person_id)
        .where(CERTIFICATE.c.withdrawn_at.is_(None), _PERSON.c.disabled_at.is_(None), CERTIFICATE.c.valid_until >= bindparam("since"))
        .where(~select(newer.c.id).where(*same, newer.c.id > CERTIFICATE.c.id).correlate(CERTIFICATE).exists())
    )
    return Asked(statement, CERTIFICATE.c.person_id)


def _ending(row: Any, at: datetime) -> list[Occasion]:
    """The step before its end that has come, or comes next: one for each of those within sight."""
    today = local_date(at, row.time_zone)
    steps = sorted({row.window_days, *(days for days in ENDING if days < row.window_days)}, reverse=True)
    found = []
    for place, step in enumerate(steps):
        day = row.valid_until - timedelta(days=step)
        following = row.valid_until - timedelta(days=steps[place + 1]) if place + 1 < len(steps) else row.valid_until + timedelta(days=1)
        if today < following and day <= today + AHEAD:
            reason = {"title": row.title, "title_en": row.title_en, "until": str(row.valid_until), "short": step != row.window_days}
            since = morning(day, row.time_zone)
            # The next cycle is there once the window is open; before that nobody is asked.
            found.append(Occasion(row.person_id, f"certificate/{row.id}", f"{row.valid_until}-{step}", since, reason, day=max(day, today), row=row))
    return found
