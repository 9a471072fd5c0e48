"""Files of people as they come from the field, where they are not text: workbooks, and one list in thirty encodings."""

import codecs
import io
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

NAME = "Çiğdem İşıkoğlu"
LIST = f"Sicil No;Ad Soyad;E-posta;Ekip\n1001;{NAME};cigdem@mavikapi.example;Ours\n1002;Ayşe Yılmaz;ayse@mavikapi.example;Theirs\n"


def _twice(took_for: str) -> bytes:
    """UTF-8 that a program took for a Windows encoding and wrote as UTF-8; a byte without a sign there goes through as it is."""

    def sign(byte: int) -> str:
        try:
            return bytes([byte]).decode(took_for)
        except UnicodeDecodeError:
            return chr(byte)

    return "".join(map(sign, LIST.encode())).encode()


# All codecs of Python that hold the name, with and without marks, and three ways in which programs mistreat it. Not counted: punycode, which no
# table is written in, and codecs that write it with the same bytes as another.
ENCODED: dict[str, Callable[[], bytes]] = {
    **{
        name: (lambda name=name: LIST.encode(name))  # type: ignore[misc]
        for name in (
            *("utf-8", "utf-8-sig", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
            *("cp1254", "iso8859_9", "iso8859_3", "cp857", "mac_turkish", "cp1026", "gb18030"),
            *("euc_jp", "euc_jis_2004", "euc_jisx0213", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_ext", "raw_unicode_escape"),
        )
    },
    "unicode_escape": lambda: LIST.encode("unicode_escape").replace(b"\\n", b"\n"),
    "utf-16 with the other mark": lambda: codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"),
    "utf-32 with the other mark": lambda: codecs.BOM_UTF32_BE + LIST.encode("utf-32-be"),
    "gb18030 with a mark": lambda: ("\ufeff" + LIST).encode("gb18030"),
    "utf-8 in two parts": lambda: unicodedata.normalize("NFD", LIST).encode(),
    "utf-8 read as cp1254": lambda: _twice("cp1254"),
    "utf-8 read as cp1252": lambda: _twice("cp1252"),
}


def workbook(
    rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), number: str | None = None, cover: bool = False, since_1904: bool = False
) -> bytes:
    """A workbook of these rows. Days are real days, `merged` ranges joined, `number` shows whole numbers; `cover`: a sheet of words
    first; `since_1904`: its days are counted from then.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "date_1904": since_1904}) as book:
        if cover:
            book.add_worksheet("Kapak").write_string(0, 0, "Personel listesi")
        sheet = book.add_worksheet("Personel")
        day, plain = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": number or "General"})
        for place, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(place, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  # A day has no zone.
                elif isinstance(value, int):
                    sheet.write_number(place, column, value, plain)
                elif value:
                    sheet.write_string(place, column, value)
        for area in merged:
            first = area.split(":")[0]
            row, column = int(first.lstrip("ABCDEFGH")) - 1, ord(first[0]) - 65
            sheet.merge_range(area, rows[row][column])
    return out.getvalue()
