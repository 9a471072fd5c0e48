"""Taking a report out of the house."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from trainee.kit.db import db
from trainee.people import looks
from trainee.people.organisation import own_logo
from trainee.reports.column import Row
from trainee.reports.filters import Asked
from trainee.reports.formats.format import Format
from trainee.reports.models import EXPORT, ReportExport
from trainee.reports.population import the_one
from trainee.reports.report import Report
from trainee.reports.sheet import Sheet


def sheet_of(report: Report, asked: Asked, organisation: str) -> Sheet:
    """The report as somebody asked for it, ready for any format."""
    return Sheet(
        report.key,
        str(report.title),
        str(report.says),
        report.in_words(asked),
        organisation,
        asked.at,
        asked.who.time_zone,
        report.columns(asked),
        lambda: report.rows(asked),
        lambda: report.batches(asked),
        lambda: report.measured(asked),
        lambda: report.drawn(asked),
        _logo,
    )


def _logo() -> bytes | None:
    found = own_logo()
    return None if found is None else found[1]


def begin_export(report: Report, form: Format, asked: Asked, door: str) -> int:
    """Write down who takes what, before the first row leaves; the number of that entry."""
    entry = ReportExport(
        person_id=asked.who.id,
        report=report.key,
        format=form.key,
        filters=report.address(asked),
        door=door,
        begun_at=asked.at,
        ended_at=None,
        rows=None,
    )
    db.session.add(entry)
    db.session.flush()
    page = looks.list_page(f"report/{report.key}", asked.filters.team)
    if page is not None and not report.whole:
        one = the_one(asked)
        if one is None:
            looks.note_list(asked.who, page, asked.at)
        elif one != asked.who.id:
            looks.note_look(asked.who, one, page, asked.at)
    return entry.id


def end_export(export_id: int, rows: int, at: datetime) -> None:
    """Write down that the file was taken to its end, and how many rows it has."""
    db.session.execute(update(EXPORT).where(EXPORT.c.id == export_id).values(rows=rows, ended_at=at))


class Taken:
    """A file on its way: its pieces, and how many rows have gone into it so far."""

    def __init__(self, sheet: Sheet, form: Format) -> None:
        self.rows = 0
        self._sheet = sheet
        self.pieces = form.pieces(replace(sheet, rows=self._counted, batches=self._counted_many))

    def _counted(self) -> Iterator[Row]:
        for row in self._sheet.rows():
            self.rows += 1
            yield row

    def _counted_many(self) -> Iterator[list[Row]]:
        for batch in self._sheet.batches():
            self.rows += len(batch)
            yield batch
