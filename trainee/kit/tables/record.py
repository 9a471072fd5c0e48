"""One row of a table, wherever it comes from."""

from dataclasses import dataclass, field


class UnreadableError(Exception):
    """A file that is none of those we read; `code` says why: old_excel, open_document, broken, too_large, entities, no_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Record:
    """One row: its number in the file (the line it begins on), its cells as text, and what is wrong with it as (code, column; -1: the row)."""

    number: int
    cells: list[str]
    wrong: list[tuple[str, int]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of a workbook that are joined into one: rows and columns, the last ones included. Rows are counted from 1, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


def letters(place: int) -> str:
    """What a spreadsheet calls the column at that place, counted from 0: A, B, ... Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
