"""The refused rows of a file as a workbook: to be mended, and brought again."""

import io
from typing import Any

import xlsxwriter
from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.people.importing.models import PeopleImport, PeopleImportRow
from trainee.people.importing.source import rows_below
from trainee.people.importing.wording import row_sentence

_WIDE, _WIDEST = 14, 60


def workbook(one: PeopleImport) -> bytes:
    """Its headings, the refused rows cell by cell, and why each was refused. Every cell is a text, so that none is taken for a formula."""
    row = PeopleImportRow
    statement = select(row.number, row.told).where(row.import_id == one.id, row.outcome == "refused", row.number.is_not(None))
    told: dict[int, Any] = {found.number: found.told for found in db.session.execute(statement)}
    headings, out = one.reading["headings"], io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for column, heading in enumerate([*headings, _("Why it was refused")]):
            sheet.write_string(0, column, heading, bold)
        sheet.set_column(0, len(headings) - 1, _WIDE)
        sheet.set_column(len(headings), len(headings), _WIDEST)
        sheet.freeze_panes(1, 0)
        place = 0
        for record in rows_below(one.body or b"", one.reading):
            if record.number not in told:
                continue
            place += 1
            for column, cell in enumerate(record.cells[: len(headings)]):
                sheet.write_string(place, column, cell)
            sheet.write_string(place, len(headings), " ".join(row_sentence(said, headings) for said in told[record.number]))
    return out.getvalue()
