"""The cells of a workbook's sheet, taken from its XML as it is read: no tree is built, which for a long sheet costs more than all the rest."""

from typing import Any
from xml.parsers.expat import ParserCreate

# Where it stands (empty: right of the one before), its kind, its style and what is written in it.
Cell = tuple[str, str, str, str]
Row = tuple[str, list[Cell]]


class Cells:
    """The rows of a sheet, piece by piece. Declarations of entities have been refused before."""

    def __init__(self) -> None:
        self.over = False
        self._rows: list[Row] = []
        self._bare: dict[str, str] = {}
        self._number = ""
        self._row: list[Cell] = []
        self._cell: dict[str, str] = {}
        # The text of a value, and that of words that stand in the cell itself; how it is pronounced is no part of them.
        self._value, self._words, self._into = "", "", ""
        self._spoken = False
        self._parser: Any = ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._begins, self._ends
        self._parser.CharacterDataHandler = self._says

    def feed(self, piece: bytes) -> list[Row]:
        """The rows that end in this piece, each with the number it bears."""
        self._parser.Parse(piece)
        found, self._rows = self._rows, []
        return found

    def _begins(self, name: str, told: dict[str, str]) -> None:
        bare = self._bare.get(name) or self._bare.setdefault(name, name.rpartition(":")[2])
        if bare == "c":
            self._cell, self._value, self._words = told, "", ""
        elif bare == "v" or (bare == "t" and not self._spoken):
            self._into = bare
        elif bare == "row":
            self._number, self._row = told.get("r", ""), []
        elif bare == "rPh":
            self._spoken = True

    def _says(self, words: str) -> None:
        if self._into == "v":
            self._value += words
        elif self._into:
            self._words += words

    def _ends(self, name: str) -> None:
        bare = self._bare[name]
        if bare == "c":
            told = self._cell
            kind = told.get("t", "n")
            self._row.append((told.get("r", ""), kind, told.get("s", ""), self._words if kind == "inlineStr" else self._value))
        elif bare in ("v", "t"):
            self._into = ""
        elif bare == "row":
            self._rows.append((self._number, self._row))
        elif bare == "rPh":
            self._spoken = False
        elif bare == "sheetData":
            self.over = True
