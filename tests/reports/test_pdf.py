"""The PDF of a report: its letters, its pages, and what it cannot hold."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PIL import Image
from pypdf import PdfReader

from trainee.kit.errors import Refusal
from trainee.kit.i18n import force_locale
from trainee.reports.column import Column
from trainee.reports.figures import Figure, measure
from trainee.reports.formats import formats
from trainee.reports.formats.as_pdf import Pdf
from trainee.reports.picture import Drawn
from trainee.reports.sheet import Sheet

NAME = "Çiğdem İşıkoğlu"
LETTERS = "ğüşöçıİĞÜŞÖÇI fi fl ffi #strong[*$x$]"
FIGURE = Figure("f", "Ölçü", "Şu demek: ığüşöç.", "share", lambda _fact: (1.0, 2.0), least=2, sample=True)


def sheet(rows: int, columns: int, title: str = "Eğitim çizelgesi") -> Sheet:
    heads = [Column("full_name", "Ad"), *(Column(f"c{place}", f"Sütun {place}", "date" if place == 1 else "text") for place in range(1, columns))]
    row = (NAME, date(2026, 3, 11), *(LETTERS for _place in range(2, columns)))
    facts = [None] * 20
    return Sheet(
        "k",
        title,
        "Kişi başına bir satır.",
        ["Nisan'da tamamlanan"],
        "Mavikapı Çağrı",
        datetime(2026, 3, 11, 9, 0, tzinfo=UTC),
        "Europe/Istanbul",
        heads,
        lambda: iter([row] * rows),
        lambda: iter([[row] * rows]),
        lambda: measure((FIGURE,), facts),
    )


def pages(made: Sheet, lang: str = "tr") -> list[str]:
    with force_locale(lang):
        document = PdfReader(io.BytesIO(b"".join(formats["pdf"].pieces(made))))
    assert document.metadata is not None and document.metadata.title == made.title
    wide, high = document.pages[0].mediabox.width, document.pages[0].mediabox.height
    assert sorted((round(wide), round(high))) == [595, 842]
    return [page.extract_text() for page in document.pages]


def test_a_document_says_everything_with_its_letters_on_every_page():
    told = pages(sheet(120, 4))
    assert len(told) > 2
    first = told[0]
    for words in ("Eğitim çizelgesi", "Kişi başına bir satır.", "Nisan'da tamamlanan", "11 Mar 2026 12:00", "Ölçü", "Şu demek: ığüşöç.", "%50"):
        assert words in first, words
    assert sum(page.count(NAME) for page in told) == 120
    assert sum(page.count(LETTERS) for page in told) == 240
    for number, page in enumerate(told, start=1):
        assert "Mavikapı Çağrı" in page and "Sütun 3" in page
        assert f"Sayfa {number} / {len(told)}" in page


def test_what_is_too_wide_for_a_page_is_continued_beside_the_same_names():
    told = "\n".join(pages(sheet(2, 12), "en"))
    assert "part 1 of 2" in told and "part 2 of 2" in told
    assert told.count(NAME) == 4
    assert all(f"Sütun {place}" in told for place in range(1, 12))


def test_an_empty_report_says_so():
    assert "nothing has happened yet" in " ".join("\n".join(pages(sheet(0, 3), "en")).split())


def test_more_rows_than_a_document_holds_are_told_with_another_format(app):
    class Small(Pdf):
        cells = 30

    assert len(list(Small().pieces(sheet(10, 3)))) == 1
    with pytest.raises(Refusal, match=r"10 rows .* Excel or CSV"):
        Small().pieces(sheet(11, 3))


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_the_words_of_every_head_stay_whole(lang, app):
    heads = ("Expectations of customers and others", "Communication", "Müşterilerden alınan değerlendirmelerin", "Mmmwwwwmmmmwwww")
    columns = [Column("full_name", "Ad"), *(Column(f"c{place}", head, "whole") for place, head in enumerate(heads * 4))]
    made = sheet(3, 2)
    row = (NAME, *range(len(columns) - 1))
    wide = replace(made, columns=columns, rows=lambda: iter([row] * 3), batches=lambda: iter([[row] * 3]))
    told = " ".join(pages(wide, lang)).split()
    for word in " ".join(heads).split():
        assert told.count(word) >= 4, word


def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (120, 40), "#1f5582").save(out, "PNG")
    return out.getvalue()


def test_the_first_page_has_the_logo_the_pictures_with_their_numbers_and_the_table_follows():
    trend = {
        "ends": ("%0", "%100"),
        "axis": [("Eyl", "2026"), ("Eki", ""), ("Kas", "")],
        "good": 40.0,
        "marks": [(14.0, 60.0, 70.0, 50.0), None, (586.0, 90.0, 99.0, 80.0)],
        "running": {"dot": (586.0, 90.0), "line": ""},
    }
    few = {"ends": ("0", "1"), "axis": [("Kas", "2026")], "good": None}
    between = ("%40 ile %70 arası", "31")
    pictures = [
        Drawn("trend", "Ay ay saatler", "Kasım sürüyor.", ["Ay", "Kaç"], [("Eyl 2026", "71,5"), ("Eki 2026", "çok az"), ("Kas 2026", "9,4")], trend),
        Drawn("trend", "Az aylı", "", ["Ay", "Kaç"], [("Kas 2026", "1")], few),
        Drawn("bars", "Kaçar tane", "", ["Kanal", "Kaç", "Pay"], [("Telefon", "120", "%80", 100.0), ("E-posta", "30", "%20", 25.0)], {}),
        Drawn("heat", "Ekip ekip", "", ["Ekip", *(f"Beceri {n}" for n in range(9))], [("Bursa", [("%62", 4, "20 kişide")] * 9)], {}),
        Drawn(
            "ranges",
            "Önce ve sonra",
            "",
            ["", "", "Değer", "Aralık", "Kaç"],
            [("Empati", "sonra", "%55", *between, (40.0, 55.0, 70.0))],
            {"zero": 50.0},
        ),
    ]
    facts = [None] * 20
    made = replace(sheet(3, 9), drawn=lambda: (measure((FIGURE,), facts), pictures), logo=logo)
    with force_locale("tr"):
        document = PdfReader(io.BytesIO(b"".join(formats["pdf"].pieces(made))))
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in document.pages]
    # Figures and pictures stand upright; the wide table lies on pages of its own.
    assert sizes[0] == (595, 842) and sizes[-1] == (842, 595)
    assert [image.image.size for image in document.pages[0].images] == [(120, 40)]
    told = [page.extract_text() for page in document.pages]
    for words in ("Mavikapı Çağrı", "Eğitim çizelgesi", "Nisan'da tamamlanan", "%50", "Ay ay saatler", "71,5", "9,4", "Eki", "Kasım sürüyor."):
        assert words in told[0], words
    before = " ".join(" ".join(page for page, size in zip(told, sizes, strict=True) if size == (595, 842)).split())
    for words in ("Az aylı", "Telefon", "%80", "Ekip ekip", "Beceri 8", "%62", "Empati", "%40 ile %70 arası", "31"):
        assert words in before, words
    assert NAME not in before and NAME in told[-1]


def test_a_picture_that_does_not_fit_on_the_first_sheet_lies_with_the_table_and_not_on_a_sheet_alone(app):
    def picture(which):
        return Drawn("bars", f"Resim{which}", "", ["Kanal", "Kaç", "Pay"], [(f"Kanal {row}", "30", "%20", 25.0) for row in range(20)], {})

    made = replace(sheet(3, 9), drawn=lambda: (measure((FIGURE,), [None] * 20), [picture(which) for which in range(3)]))
    found = PdfReader(io.BytesIO(b"".join(formats["pdf"].pieces(made)))).pages
    told = [page.extract_text() for page in found]
    assert [page.mediabox.width > page.mediabox.height for page in found] == [False, *[True] * (len(found) - 1)]
    assert "Resim0" in told[0] and NAME not in told[0]
    assert "Resim2" in "".join(told[1:]) and NAME in "".join(told[1:])
    # A table that stands upright follows the pictures on the same sheet.
    upright = pages(replace(sheet(3, 3), drawn=lambda: (measure((FIGURE,), [None] * 20), [picture(0)])))
    assert len(upright) == 1 and "Resim0" in upright[0] and NAME in upright[0]


@pytest.mark.parametrize(("columns", "least"), [(3, 10.5), (4, 9.0), (6, 9.0)])
def test_a_table_of_few_columns_is_set_large_enough_to_read_on_paper(columns, least, app):
    sizes: set[float] = set()

    def seen(text: str, _room: object, _matrix: object, _font: object, size: float) -> None:
        if NAME.split()[0] in text:
            sizes.add(round(size, 1))

    with force_locale("tr"):
        document = PdfReader(io.BytesIO(b"".join(formats["pdf"].pieces(sheet(3, columns)))))
    for page in document.pages:
        page.extract_text(visitor_text=seen)
    assert sizes and min(sizes) >= least
