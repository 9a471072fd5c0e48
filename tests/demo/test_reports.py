"""The demonstration company's reports: every file of a report says what every other says, whatever the filters, and what the page shows."""

import csv
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.demo.conftest import AT
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale, number
from trainee.people import Team, Unit
from trainee.people.queries import viewer_named
from trainee.reports.actions import Taken, sheet_of
from trainee.reports.column import Cell, Column, Row
from trainee.reports.figures import Measured
from trainee.reports.filters import Asked, Filters
from trainee.reports.formats import formats
from trainee.reports.kinds import kinds
from trainee.reports.report import Report
from trainee.reports.sheet import Sheet
from trainee.reports.views import told

ISTANBUL = ZoneInfo("Europe/Istanbul")
# So many random draws for each report.
DRAWS = 10
# Workbooks and documents are slow to read: their first rows are compared, and all their figures. A document is made at every second draw.
IN_WORKBOOK, IN_DOCUMENT = 40, 6


def choose(draw: random.Random, kind, teams: list[int], units: list[int]) -> Filters:
    """Some filters that this report takes. Mostly few people: what they select is to be compared, and not how much."""
    first = AT.date() - timedelta(days=draw.randrange(200))
    alone = "person" in kind.takes
    team = None if alone else draw.choice([None, None, None, *teams])
    values = {
        "team": team,
        "unit": draw.choice([None, None, *units]) if team is None and not alone else None,
        "module": draw.choice([None, None, "greeting", "empathy"]),
        "skill": draw.choice([None, None, "empathy", "greeting"]),
        "since": draw.choice([None, first]),
        "until": draw.choice([None, first + timedelta(days=draw.randrange(120))]),
        "left": draw.random() < 0.3,
        "rate": draw.choice([None, 250]),
        "person": draw.choice(["kerem", "aylin", "nobody"]),
    }
    return Filters(**{name: values[name] for name in kind.takes})


@pytest.fixture(autouse=True)
def in_turkish(company):
    """Everything is told in the language of whoever asks."""
    with force_locale("tr"):
        yield


def file_of(kind, asked: Asked, form: str) -> bytes:
    """The whole file."""
    return b"".join(Taken(sheet_of(kind, asked, "Mavikapı"), formats[form]).pieces)


def from_json(raw: bytes) -> list[list]:
    """The rows as plain values, and beside them what kind each column is."""
    told = json.loads(raw)
    return [[column["kind"] for column in told["columns"]], *([row[column["key"]] for column in told["columns"]] for row in told["rows"])]


def excel_cell(kind: str, value) -> str | None:
    """A JSON value as Turkish Excel shows it in its cell."""
    if value is None:
        return None
    if kind == "date":
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    if kind == "month":
        return f"{date.fromisoformat(value):%m.%Y}"
    if kind == "moment":
        return f"{datetime.fromisoformat(value).astimezone(ISTANBUL):%d.%m.%Y %H:%M}"
    if kind == "share":
        return f"{round(value * 100, 1):g}".replace(".", ",")
    if kind in ("whole", "number"):
        return f"{round(value, 2):g}".replace(".", ",")
    return value


@dataclass
class Drawn:
    """One report as somebody asked for it, its rows and figures worked out once, and what its page shows of them."""

    kind: Report
    asked: Asked
    sheet: Sheet
    rows: list[Row]
    figures: list[Measured]
    page: dict[str, Any]

    def file(self, form: str, most: int | None = None) -> bytes:
        """The file in that format, whole or with its first rows only."""
        sheet = self.sheet if most is None else replace(self.sheet, rows=lambda: iter(self.rows[:most]))
        return b"".join(Taken(sheet, formats[form]).pieces)


def drawn(app, kind, who, filters: Filters) -> Drawn:
    asked = Asked(who, filters, AT)
    with app.test_request_context(f"/reports/{kind.key}?count=1"):
        page = told(kind, asked, "/reports", filters.address())
    rows, figures = list(kind.rows(asked)), kind.measured(asked)
    sheet = sheet_of(kind, asked, "Mavikapı")
    # Only a report that hands over its rows in a way of its own is asked for them once more.
    batches = sheet.batches if type(kind).batches is not Report.batches else lambda: iter([rows])
    return Drawn(kind, asked, replace(sheet, rows=lambda: iter(rows), batches=batches, measured=lambda: figures), rows, figures, page)


@pytest.mark.parametrize("kind", list(kinds), ids=lambda one: one.key)
def test_screen_and_every_file_say_the_same(company, kind):
    """Hundreds of random filters over all the reports: every cell and every figure, as a page and as a file of each format."""
    draw = random.Random(f"agree on {kind.key}")
    teams, units = list(db.session.scalars(select(Team.id).order_by(Team.id))), list(db.session.scalars(select(Unit.id).order_by(Unit.id)))
    viewers = [viewer_named(username) for username in ("hatice", "hatice", "aylin", "selim" if "executive" in kind.whole else "aylin")]
    told_of = 0
    for place in range(DRAWS):
        who, filters = draw.choice([one for one in viewers if kind.open_to(one)]), choose(draw, kind, teams, units)
        try:
            one = drawn(company.app, kind, who, filters)
        except Refusal:
            continue  # An executive who narrows it to fewer than five people gets nothing of it, by no door.
        told_of += len(one.rows)
        the_page_agrees(one)
        json_and_csv_agree(one)
        the_workbook_agrees(one)
        if place % 2:
            the_document_agrees(one)
    assert told_of or kind.key == "looks"


def the_page_agrees(one: Drawn) -> None:
    assert [measured for measured, _behind in one.page["figures"]] == one.figures
    assert one.page["rows"] == [on_the_page(one.sheet.columns, row) for row in one.rows[:50]]
    assert one.page["total"].split()[0] == number(len(one.rows))
    assert one.page["asked_for"] == one.sheet.about


def on_the_page(columns: Sequence[Column], row: Row) -> list[Any]:
    """The cells of a row that has what stands small under one of them told with it."""
    told = []
    for place, column in enumerate(columns):
        if not column.on_page or column.below is not None:
            continue
        under = [(each, row[other]) for other, each in enumerate(columns) if each.on_page and each.below == column.key and row[other] is not None]
        words = column.read(row[place])
        told.append({"text": words, "note": " · ".join(f"{each.title}: {each.read(value)}" for each, value in under)} if under else words)
    return told


def json_and_csv_agree(one: Drawn) -> None:
    raw = one.file("json")
    columns, *rows = from_json(raw)
    assert len(rows) == len(one.rows)
    in_file = [(each["key"], each["n"], each["value"], each.get("low"), each.get("high")) for each in json.loads(raw)["figures"]]
    assert in_file == [(each.figure.key, each.n, *map(four, (each.value, each.low, each.high))) for each in one.figures]
    plain = list(csv.reader(io.StringIO(one.file("csv_plain").decode(), newline="")))[1:]
    for row, cells in zip(rows, plain, strict=True):
        for kind_of, value, cell in zip(columns, row, cells, strict=True):
            assert float(cell) == value if isinstance(value, int | float) else harmless(cell, value or "", kind_of), (value, cell)
    excel = one.file("csv")
    assert excel.startswith(b"\xef\xbb\xbf")
    cells_of = list(csv.reader(io.StringIO(excel.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
    for row, cells in zip(rows, cells_of, strict=True):
        for column, kind_of, value, cell in zip(one.sheet.columns, columns, row, cells, strict=True):
            wanted = excel_cell(kind_of, column.told(value) if kind_of == "choice" else value) or ""
            if isinstance(value, float):
                # JSON keeps four digits, so the last one here may differ by one.
                assert "." not in cell
                assert abs(float(cell.replace(",", ".")) - float(wanted.replace(",", "."))) < 0.11
            else:
                assert harmless(cell, wanted, kind_of), (wanted, cell)


def harmless(cell: str, wanted: str, kind: str) -> bool:
    """Whether a cell says this, behind an apostrophe where a spreadsheet would take it for a formula."""
    return cell == (f"'{wanted}" if kind in ("text", "choice") and wanted[:1] in tuple("=+-@") else wanted)


def four(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def the_workbook_agrees(one: Drawn) -> None:
    book = openpyxl.load_workbook(io.BytesIO(one.file("xlsx", IN_WORKBOOK)))
    page, about = book.worksheets
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref
    rows = one.rows[:IN_WORKBOOK]
    found = list(page.iter_rows(min_row=2, max_row=len(rows) + 1, values_only=True)) if rows else []
    assert page.max_row <= len(rows) + 1
    for row, cells in zip(rows, found, strict=True):
        for column, value, cell in zip(one.sheet.columns, row, cells, strict=True):
            assert same_cell(column, value, cell), (column.key, value, cell)
    months = [column for column in one.sheet.columns if column.so_far is not None]
    assert [line[0] for line in about.iter_rows(min_row=5, max_row=4 + len(months), values_only=True)] == [str(column.title) for column in months]
    lines = list(about.iter_rows(min_row=7 + len(months), values_only=True))
    assert [line[0] for line in lines] == [str(each.figure.title) for each in one.figures]
    for each, (_title, value, between, says) in zip(one.figures, lines, strict=True):
        assert value == (each.words if each.value is None else pytest.approx(each.value))
        assert (between or "", says) == (". ".join(filter(None, [each.between, each.counted])), str(each.figure.says))


def same_cell(column: Column, value: Cell, cell: Any) -> bool:
    """Whether a workbook holds what the row does: a number as a number, a day as a day, a moment by the reader's clock."""
    if isinstance(value, datetime):
        return abs(cell - value.astimezone(ISTANBUL).replace(tzinfo=None)) < timedelta(seconds=1)
    if isinstance(value, date):
        return cell.date() == value
    if isinstance(value, float):
        return abs(cell - value) < 1e-9
    words = column.told(value)
    return bool(cell == (None if words == "" else words))


def the_document_agrees(one: Drawn) -> None:
    """Every figure, and every cell of the first rows."""
    words = bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(one.file("pdf", IN_DOCUMENT))).pages))
    for each in one.figures:
        # How sure it is begins a sentence there.
        between = trtext.upper(each.between[:1], "tr") + each.between[1:]
        assert bare(str(each.figure.title) + each.words + between) in words, (each.figure.key, each.words)
    for row in one.rows[:IN_DOCUMENT]:
        cells = [column.read(row[place]) for place, column in enumerate(one.sheet.columns) if column.on_page]
        assert [cell for cell in cells if bare(cell) not in words] == []


def bare(words: str) -> str:
    """Without what a line break adds or takes away."""
    return "".join(words.replace("\u00ad", "").replace("-", "").replace("‐", "").split())


def test_the_company_has_rows_in_every_report(company):
    asked = Asked(viewer_named("hatice"), Filters(), AT)
    # Nobody opens a page while it is built.
    assert [kind.key for kind in kinds if next(iter(kind.rows(asked)), None) is None] == ["looks"]
