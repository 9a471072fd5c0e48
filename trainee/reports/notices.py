"""What people are told about files they asked for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import Kind, Occasion, Reader, kinds
from trainee.people import RoleHeld
from trainee.reports.column import many_rows
from trainee.reports.kinds import kinds as reports
from trainee.reports.models import FILE, READER, SCHEDULE, SENDING
from trainee.reports.table import report_of


@kinds.register
class FileMade(Kind):
    """A large file that she asked for is ready, or will not be."""

    key = "report_file"
    title = _l("Your file")
    timing = _l("As soon as a large file that was asked for is ready, or could not be made.")
    stops = _l("It stops when the file's day is over.")
    icon = "download"
    urgent = True
    roles = frozenset({"hr", "admin", "supervisor", "trainer", "executive"})
    may_be_off = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Files that are ready or failed, until they are gone. One statement."""
        sent = select(SENDING.c.id).where(SENDING.c.file_id == FILE.c.id).exists()
        statement = select(FILE).where(FILE.c.state.in_(("ready", "failed")), FILE.c.expires_at > at, ~sent)
        if people is not None:
            statement = statement.where(FILE.c.person_id.in_(people))
        return [
            Occasion(
                row.person_id,
                f"file/{row.id}",
                row.state,
                row.ended_at,
                _reason(row),
                until=row.expires_at,
            )
            for row in db.session.execute(statement)
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Which file, and that it is kept for a day."""
        title = _title(reason)
        if reason["state"] == "failed":
            return _("The file “%(title)s” could not be made; its page says why.", title=title)
        rows = many_rows(reason["rows"])
        return _("The file “%(title)s” is ready: %(rows)s. It is kept for a day.", title=title, rows=rows)

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The file's page."""
        return "reports.file", {"file_key": reason["key"]}


@kinds.register
class ReportSent(Kind):
    """A report that comes to her by itself is there."""

    key = "report_sent"
    title = _l("A report that comes by itself")
    timing = _l("On its weekday, or on the first of the month, as soon as it is made for you.")
    stops = _l("It stops when you or whoever set it up stops it, when you no longer hold a role it is for, and when the file's week is over.")
    icon = "download"
    urgent = True
    roles = frozenset({"hr", "admin", "supervisor", "trainer", "executive"})
    may_be_off = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Files made by a schedule that goes on, for readers who still want it and still may. Two statements."""
        statement = (
            select(FILE, SENDING.c.day, SCHEDULE.c.weekday, SCHEDULE.c.id.label("schedule_id"))
            .join(SENDING, SENDING.c.file_id == FILE.c.id)
            .join(SCHEDULE, SCHEDULE.c.id == SENDING.c.schedule_id)
            .join(READER, (READER.c.schedule_id == SCHEDULE.c.id) & (READER.c.person_id == FILE.c.person_id))
            .where(FILE.c.state.in_(("ready", "failed")), FILE.c.expires_at > at, SCHEDULE.c.ended_at.is_(None), READER.c.stopped_at.is_(None))
        )
        if people is not None:
            statement = statement.where(FILE.c.person_id.in_(people))
        rows = db.session.execute(statement).all()
        held = _held({row.person_id for row in rows})
        return [
            Occasion(
                row.person_id,
                f"schedule/{row.schedule_id}",
                f"{row.day}/{row.state}",
                row.ended_at,
                _reason(row) | {"weekday": row.weekday},
                until=row.expires_at,
            )
            for row in rows
            if (report := report_of(row.report, row.filters)) is not None and held.get(row.person_id, set()) & {*report.roles, *report.whole}
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Which report, and that it can be stopped."""
        title = _title(reason)
        if reason["state"] == "failed":
            return _("The report “%(title)s” that comes to you by itself could not be made this time; its page says why.", title=title)
        rows = many_rows(reason["rows"])
        if reason["weekday"] is None:
            return _("“%(title)s” of this month is ready: %(rows)s. It is kept for a week; its page stops it with one tap.", title=title, rows=rows)
        return _("“%(title)s” of this week is ready: %(rows)s. It is kept for a week; its page stops it with one tap.", title=title, rows=rows)

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The file's page."""
        return "reports.file", {"file_key": reason["key"]}


def _reason(row: Any) -> dict[str, Any]:
    """What is told of a file; a table that is kept has a name."""
    called = {"called": row.filters["called"]} if "called" in row.filters else {}
    return {"report": row.report, "rows": row.rows, "state": row.state, "key": row.key} | called


def _title(reason: Mapping[str, Any]) -> str:
    report = reports.get(reason["report"])
    return str(report.title) if report is not None else str(reason.get("called") or _("a table of your own"))


def _held(person_ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    if person_ids:
        for row in db.session.execute(select(RoleHeld.person_id, RoleHeld.role).where(RoleHeld.person_id.in_(person_ids))):
            found.setdefault(row.person_id, set()).add(row.role)
    return found
