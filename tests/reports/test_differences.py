"""A difference of two shares is no share: on the page, in every file and in a table of one's own it is told in points."""

import csv
import io
import json
from datetime import UTC, datetime

import openpyxl
import pytest

from trainee.kit.i18n import force_locale
from trainee.people.queries import viewer_named
from trainee.reports.column import Cell, Column
from trainee.reports.filters import Asked, Filters
from trainee.reports.formats import formats
from trainee.reports.kinds import kinds
from trainee.reports.sheet import Sheet
from trainee.reports.table import Condition, fits_of

COLUMNS = (Column("module_code", "Modül"), Column("effect", "Etki", "difference"), Column("after", "Sonra", "share"))
ROWS: list[tuple[Cell, ...]] = [("A", 0.04, 0.04), ("B", -0.126, 0.5), ("C", None, None)]


def file(key: str) -> bytes:
    at = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    sheet = Sheet("k", "Deneme", "Bir satır.", [], "Mavikapı", at, "Europe/Istanbul", COLUMNS, lambda: iter(ROWS), lambda: iter([ROWS]), list)
    with force_locale("tr"):
        return b"".join(formats[key].pieces(sheet))


@pytest.mark.parametrize("key", ["programme", "rollout"])
def test_every_effect_and_its_ends_are_differences(cast, at, key):
    told = {one.key: one for one in kinds[key].columns(Asked(viewer_named("ela"), Filters(), at))}
    assert {told[name].kind for name in ("effect", "low", "high")} == {"difference"}
    assert all(one.kind == "share" for name, one in told.items() if name in {"mean", "trained_before", "others_after"})


@pytest.mark.parametrize(("how", "words", "fit"), [("at_least", "+4", ["A"]), ("at_most", "−13", ["B"]), ("is", "4", ["A"]), ("empty", "", ["C"])])
def test_a_condition_compares_points_as_a_page_tells_them(cast, at, how, words, fit):
    fits = fits_of(COLUMNS[1], Condition("effect", how, words), Asked(viewer_named("ela"), Filters(), at))
    assert [name for name, effect, _after in ROWS if fits(effect)] == fit


@pytest.mark.parametrize(
    ("language", "cell", "words"), [("tr", 0.04, "+4 puan"), ("en", -0.126, "−13 points"), ("en", 0.004, "0 points"), ("tr", None, "—")]
)
def test_a_page_tells_points_with_their_sign(app, language, cell, words):
    with app.test_request_context(), force_locale(language):
        assert COLUMNS[1].read(cell) == words


def test_files_tell_points_where_people_read_them_and_plain_values_where_programs_do(app):
    with app.test_request_context():
        heads, *rows = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig")), delimiter=";"))
        assert (heads[1:], [row[1] for row in rows]) == (["Etki (puan)", "Sonra (%)"], ["4", "-12,6", ""])
        (page, *_more) = openpyxl.load_workbook(io.BytesIO(file("xlsx"))).worksheets
        assert page["B1"].value == "Etki (puan)"
        assert [(page.cell(row, 2).value, page.cell(row, 2).number_format) for row in (2, 3)] == [(4, "+0;-0;0"), (-12.6, "+0;-0;0")]
        told = json.loads(file("json"))
        assert (told["columns"][1]["kind"], [row["effect"] for row in told["rows"]]) == ("difference", [0.04, -0.126, None])
        assert [row["effect"] for row in csv.DictReader(io.StringIO(file("csv_plain").decode()))] == ["0.04", "-0.126", ""]
