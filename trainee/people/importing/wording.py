"""What is said of a file and of its rows, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from trainee.kit.i18n import _, _l, _n, date_words
from trainee.kit.tables import ENCODINGS, SEPARATORS, letters
from trainee.people.importing.fields import FIELDS

_UNREADABLE = {
    "old_excel": _l("This is a workbook of an old Excel (.xls). Please open it in Excel, save it as .xlsx and choose that file."),
    "open_document": _l("This is a table of LibreOffice (.ods). Please save it as .xlsx or CSV and choose that file."),
    "broken": _l("This file cannot be opened: it is damaged, or no CSV and no Excel workbook."),
    "too_large": _l("This workbook unpacks to more than we can read. Please save the sheet with the people as CSV."),
    "entities": _l("This workbook holds declarations that no spreadsheet writes, so it is not read."),
    "no_rows": _l("There are no rows in this file. Please choose another one."),
}
# What is wrong with a row, and what is only worth knowing.
_ROW = {
    "open_quote": _l("A quotation mark is opened here and never closed, so that nobody can say where the cell ends."),
    "stray_quote": _l("There is a quotation mark inside the cell that means nothing. Please take it out or double it."),
    "unreadable_sign": _l("A character in this cell cannot be read in the encoding chosen."),
    "error": _l("A formula came out as an error in this cell."),
    "half_row": _l("The row ends here, before the last column: half of it is missing."),
    "too_many_cells": _l("The row has more cells than there are headings; probably a separator stands inside a text."),
    "control_sign": _l("There is a character in this cell that cannot be seen. Please type the cell anew."),
    "too_long": _l("“%(words)s…” is too long."),
    "username": _l("“%(words)s” cannot be a user name: it has letters, digits, dots, hyphens and underscores, and no spaces."),
    "email": _l("“%(words)s” is no e-mail address."),
    "date": _l("“%(words)s” is no day we can read; write 31.12.2025 or 31 December 2025."),
    "no_such_day": _l("There is no day “%(words)s”."),
    "status": _l("“%(words)s” does not say whether somebody works here; write active or left."),
    "language": _l("“%(words)s” is no language we speak; write Turkish or English."),
    "roles": _l("“%(words)s” names no role; write employee, supervisor, trainer, HR or executive, several with commas."),
    "role_admin": _l("An administrator is not made by a file; an administrator makes another one by hand."),
    "direct_already": _l("“%(words)s” is the direct supervisor already. Leave this cell empty."),
    "no_key": _l("There is neither a number nor a user name nor an e-mail address, so that nobody knows who it is."),
    "no_name": _l("This person is new and has no name."),
    "doubled": _l("“%(words)s” stands in row %(row)s too, with something else beside it."),
    "same_again": _l("The same as row %(row)s, so it is passed over."),
    "same_person": _l("Row %(row)s is about %(name)s too."),
    "other_number": _l("“%(words)s” belongs to %(name)s, whose number is %(number)s."),
    "taken": _l("“%(words)s” belongs to %(name)s."),
    "left_already": _l("Has left already, and was never entered here."),
    "leaves_later": _l("Leaves on %(day)s; the account stays open until a file is taken in after that day."),
    "stays_closed": _l("The account is closed and stays so, because the file does not say that it is to be opened."),
    "yourself": _l("You cannot close your own account."),
    "an_administrator": _l("This is an administrator's account; only an administrator can close it."),
    "no_supervisor": _l("The supervisor “%(words)s” is neither in the file nor here."),
    "many_supervisors": _l("%(count)s people are called “%(words)s”. Please write the number, user name or e-mail address of the supervisor."),
    "own_supervisor": _l("Nobody is her or his own supervisor. Leave the cell empty for whoever has none."),
    "supervisor_refused": _l("The supervisor %(words)s stands in row %(row)s, which is refused."),
    "supervisor_closed": _l("The account of the supervisor %(words)s is closed."),
    "loop": _l("These people would supervise each other in a circle: %(loop)s."),
    "no_team": _l("There is no team “%(words)s”, and teams are not to be made."),
    "other_unit": _l("The team lies in the unit %(here)s and stays there; the file says %(words)s."),
    "leads_now": _l("Becomes a supervisor, because people in the file report to this person."),
    "missing": _l("Is not in the file."),
    "undo_put_back": _l("Put back as it was."),
    "undo_removed": _l("Removed again."),
    "undo_closed_instead": _l("Closed and not removed, because something was noted of this person since."),
}
_FILE = {
    "no_heading": _l("Column %(letter)s has no heading; perhaps it was merged with “%(heading)s”."),
    "doubled_heading": _l("Columns %(other)s and %(letter)s have the same heading, “%(heading)s”."),
    "national": _l(
        "Column %(letter)s (%(heading)s) seems to hold national identity numbers. They are not needed here; please leave them out of the file."
    ),
    "merged": _l("Row %(row)s: columns %(letter)s to %(last)s share one merged heading, “%(heading)s”."),
}
OUTCOMES = {
    "created": _l("new"),
    "changed": _l("changed"),
    "moved": _l("other team"),
    "closed": _l("account closed"),
    "refused": _l("refused"),
    "passed": _l("passed over"),
    "same": _l("as before"),
}
TONES = {"created": "good", "changed": "accent", "moved": "accent", "closed": "warn", "refused": "bad", "passed": "quiet", "same": "quiet"}
STATES = {
    "new": _l("columns to be looked at"),
    "checking": _l("being checked"),
    "checked": _l("checked, not applied yet"),
    "applying": _l("being applied"),
    "applied": _l("applied"),
    "undoing": _l("being taken back"),
    "undone": _l("taken back"),
    "put_aside": _l("put aside"),
    "failed": _l("not finished"),
}
STEPS = {
    "waiting": _l("It begins within a minute."),
    "reading": _l("Reading the rows."),
    "checking": _l("Comparing the rows with who is here."),
    "keeping": _l("Writing down what would become of each row."),
    "writing": _l("Writing all of it at once."),
    "undoing": _l("Putting everything back."),
}
CHANGED = FIELDS | {
    "account": _l("Account"),
    "roles": _l("Roles"),
    "supervisor": _l("Supervisor"),
    "dotted": _l("Second supervisor"),
    "name": _l("Name"),
}
_ACCOUNT = {"open": _l("open"), "closed": _l("closed")}
_LANGUAGE = {"tr": "Türkçe", "en": "English"}


def why_unreadable(code: str) -> str:
    """Why a file is not taken."""
    return str(_UNREADABLE[code])


def _where(column: int | None, headings: Sequence[str]) -> str:
    if column is None or not 0 <= column < max(len(headings), column + 1):
        return ""
    heading = headings[column] if column < len(headings) else ""
    return (
        _("Column %(letter)s (%(heading)s): ", letter=letters(column), heading=heading)
        if heading
        else _("Column %(letter)s: ", letter=letters(column))
    )


def row_sentence(told: Mapping[str, Any], headings: Sequence[str]) -> str:
    """What is said of one row, with the column it is about."""
    values = {key: value for key, value in told.items() if key not in ("code", "column")}
    if told["code"] == "leaves_people":
        return _n(
            "%(num)d person still reports to this account and needs another supervisor.",
            "%(num)d people still report to this account and need another supervisor.",
            values["count"],
        )
    if told["code"] == "undo_stayed":
        return _("Stays as somebody has changed it since: %(fields)s.", fields=", ".join(str(CHANGED.get(one, one)) for one in values["fields"]))
    if "day" in values:
        values["day"] = date_words(date.fromisoformat(values["day"]))
    sentence = str(_ROW[told["code"]])
    return _where(told.get("column"), headings) + (sentence % values if values else sentence)


def file_sentence(told: Mapping[str, Any]) -> str:
    """What is said of the file as a whole."""
    code = told["code"]
    if code == "rows_above":
        return _("The headings stand in the row after %(rows)s; what stands above is not read.", rows=", ".join(map(str, told["rows"])))
    if code == "empty_rows":
        many = ", ".join(map(str, told["rows"])) + (" …" if told["count"] > len(told["rows"]) else "")
        return _n("%(num)d row is empty and passed over: %(rows)s.", "%(num)d rows are empty and passed over: %(rows)s.", told["count"], rows=many)
    if code == "unreadable_signs":
        return _n(
            "%(num)d sign cannot be read in this encoding; please look whether another one fits.",
            "%(num)d signs cannot be read in this encoding; please look whether another one fits.",
            told["count"],
        )
    if code == "new_units":
        # A name that ends in a full stop, as A.Ş. does, ends the sentence too.
        return _("New units: %(names)s.", names=", ".join(told["units"]).removesuffix("."))
    if code == "new_teams":
        return _n("%(num)d new team", "%(num)d new teams", len(told["teams"]))
    values = {key: told.get(key, "") for key in ("row", "heading", "other")} | {"letter": letters(told["column"])}
    return str(_FILE[code]) % (values | {"last": letters(told.get("last", 0))})


def unused_sentences(reading: Mapping[str, Any]) -> list[str]:
    """Which columns of the file are not used; empty where all are."""
    pairs = zip(reading["headings"], reading["fields"], strict=False)
    unused = [heading or _("column %(letter)s", letter=letters(place)) for place, (heading, field) in enumerate(pairs) if not field]
    return (
        [_n("%(num)d column is not used: %(names)s.", "%(num)d columns are not used: %(names)s.", len(unused), names=", ".join(unused))]
        if unused
        else []
    )


def change_words(field: str, pair: Sequence[Any]) -> tuple[str, str, str]:
    """A change in words: what, from what, to what; — for nothing."""
    before, after = (_value(field, value) for value in pair)
    return str(CHANGED.get(field, field)), before, after


def _value(field: str, value: Any) -> str:
    if value is None or value == []:
        return "—"
    if field in ("supervisor", "dotted"):
        return value[0] or "—"
    if field == "account":
        return str(_ACCOUNT[value])
    if field == "roles":
        return ", ".join(str(_ROLES[role]) for role in value)
    if field == "hired_on":
        return date_words(date.fromisoformat(value))
    return _LANGUAGE.get(value, value) if field == "language" else str(value)


_ROLES = {
    "employee": _l("Employee"),
    "supervisor": _l("Supervisor"),
    "trainer": _l("Trainer"),
    "hr": _l("HR"),
    "admin": _l("Administrator"),
    "executive": _l("Executive"),
}


def how_read(reading: Mapping[str, Any]) -> str:
    """How a file is read, in one line."""
    if reading["kind"] == "xlsx":
        return _("Excel workbook, sheet “%(sheet)s”, headings in row %(row)s", sheet=reading["sheet"], row=reading["head"])
    separator = SEPARATORS.get(reading["separator"], reading["separator"])
    return _(
        "CSV in %(encoding)s, cells parted by %(separator)s, headings in row %(row)s",
        encoding=ENCODINGS[reading["encoding"]],
        separator=_("tabs") if separator == "Tab" else f"“{separator}”",
        row=reading["head"],
    )
