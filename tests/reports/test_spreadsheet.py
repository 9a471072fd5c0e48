"""Files opened by a real spreadsheet program, LibreOffice, and compared cell by cell; where it is not installed these tests are skipped and say so.

What it takes to have it in the pipeline and why it is not there stands in docs/measurements.md.
"""

import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from trainee.kit.i18n import force_locale
from trainee.reports.column import Cell, Column
from trainee.reports.formats import formats
from trainee.reports.sheet import Sheet

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

COLUMNS = (
    Column("full_name", "Ad"),
    Column("state", "Durum", "choice", {"done": "bitti", "open": "açık"}),
    Column("n", "Adet", "whole"),
    Column("mean", "Ortalama", "number"),
    Column("share", "Pay", "share"),
    Column("due", "Son gün", "date"),
    Column("month", "Ay", "month"),
    Column("at", "Ne zaman", "moment"),
)
NIGHT = datetime(2026, 3, 11, 22, 30, tzinfo=UTC)
NAMES = (
    "Çiğdem İşıkoğlu",
    "ILGAZ ığüşöç",
    '=HYPERLINK("http://evil.example";"x")',
    "=1+1",
    "+90 532",
    "-5",
    "@sum(1)",
    "0012",
    "1.500",
    "01.02.2026",
    "3/4",
    "TRUE",
    'iki "tırnak"; noktalı, virgül',
    "iki\nsatır",
    " boşlukla",
    "1e5",
)
ROWS: list[tuple[Cell, ...]] = [
    *((name, "done", place, place / 3, place / 15, date(2026, 1, 1 + place), date(2026, 3, 1), NIGHT) for place, name in enumerate(NAMES)),
    ("Boş", None, None, None, None, None, None, None),
]


def sheet() -> Sheet:
    at = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    return Sheet("k", "Deneme", "Bir satır.", [], "Mavikapı", at, "Europe/Istanbul", COLUMNS, lambda: iter(ROWS), lambda: iter([ROWS]), list)


def opened(folder: Path, form: str, to: str, *how: str) -> list[Path]:
    """What LibreOffice makes of a file of ours when it opens it and saves it in another format."""
    source, out = folder / f"deneme.{formats[form].extension}", folder / "out"
    with force_locale("tr"):
        source.write_bytes(b"".join(formats[form].pieces(sheet())))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--norestore", *how, "--convert-to", to, "--outdir", str(out), str(source)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    return sorted(out.iterdir())


def test_a_workbook_holds_every_cell_as_the_row_has_it(tmp_path: Path) -> None:
    """Opened and saved once more: text is text, numbers are numbers, days are days, and each is shown in its way."""
    (found,) = opened(tmp_path, "xlsx", "xlsx")
    page = openpyxl.load_workbook(found).worksheets[0]
    lines = list(page.iter_rows(values_only=True))
    assert lines[0] == tuple(str(one.title) for one in COLUMNS)
    for row, line in zip(ROWS, lines[1:], strict=True):
        for value, cell in zip(wanted(row), line, strict=True):
            assert cell == (pytest.approx(value) if isinstance(value, float) else value)
    assert [cell.number_format for cell in page[2]][2:] == ["0", "0.00", "0%", "dd\\.mm\\.yyyy", "mmm\\ yyyy", "dd\\.mm\\.yyyy\\ hh:mm"]
    assert not any(cell.data_type == "f" for line in page.iter_rows() for cell in line)


def wanted(row: Sequence[Cell]) -> list[object]:
    name, state, *numbers, due, month, at = row
    if state is None:
        return list(row)
    days = [datetime(one.year, one.month, one.day) for one in (due, month) if isinstance(one, date)]  # noqa: DTZ001  # A date has no zone.
    assert at == NIGHT
    # Half past ten in the evening in UTC is the next day in Istanbul.
    return [name, COLUMNS[1].told(state), *numbers, *days, datetime(2026, 3, 12, 1, 30)]  # noqa: DTZ001  # So a clock there shows it.


@pytest.mark.parametrize(("form", "separator"), [("csv", 59), ("csv_plain", 44)])
def test_a_csv_opens_with_no_formula_and_no_letter_lost(tmp_path: Path, form: str, separator: int) -> None:
    """Opened as the user of a Turkish (or, with commas, an English) spreadsheet opens it: cells are recognised as they are typed."""
    language = {"csv": 1055, "csv_plain": 1033}[form]
    (found,) = opened(tmp_path, form, "xlsx", f"--infilter=CSV:{separator},34,76,1,,{language},false,true")
    page = openpyxl.load_workbook(found).active
    assert page is not None
    lines = list(page.iter_rows(values_only=True))
    assert len(lines) == len(ROWS) + 1
    for row, cells in zip(ROWS, lines[1:], strict=True):
        name = str(row[0])
        assert str(cells[0]) == (f"'{name}" if name[0] in "=+-@" else name) or recognised(name, cells[0])
        if row[1] is not None:
            assert cells[1] == ("bitti" if form == "csv" else "done")
            assert cells[2] == row[2]
            assert isinstance(row[3], float) and cells[3] == pytest.approx(row[3], abs=0.006)
            assert isinstance(row[4], float) and cells[4] == pytest.approx(row[4] * (100 if form == "csv" else 1), abs=0.06)
        else:
            assert set(cells[1:]) == {None}
    assert not any(cell.data_type == "f" for line in page.iter_rows() for cell in line)


def recognised(name: str, cell: object) -> bool:
    """A CSV has no types: what looks like a number, a day or a truth is taken for one, as it is by every spreadsheet."""
    return name in ("0012", "1.500", "01.02.2026", "3/4", "TRUE", "1e5") and not isinstance(cell, str)
