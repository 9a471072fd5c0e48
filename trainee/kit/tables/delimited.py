"""Rows of a text whose cells are parted by a sign: read as spreadsheets write them, and honest about what they do not."""

import re
from collections.abc import Iterator

from trainee.kit.tables.record import Record

SEPARATORS = {";": ";", ",": ",", "\t": "Tab", "|": "|"}
_ENDS = re.compile(r"\r\n|\n|\r|\x85")
# A quoted cell may hold line breaks; one that goes on for longer was never closed.
_LONGEST = 20


def separator_of(text: str) -> str:
    """The sign that parts the cells: the one that most of the first lines hold equally often."""
    lines = [line for line in _ENDS.split(text[:20_000])[:30] if line.strip()]
    first = lines[0] if lines else ""
    if re.fullmatch(r"sep=.", first):
        # Excel's own way to say so.
        return first[4]

    def fits(sign: str) -> tuple[int, int]:
        counts = [_bare(line).count(sign) for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        return (sum(count == usual for count in counts) if usual else 0, usual)

    return max(SEPARATORS, key=fits)


def _bare(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def records(text: str, separator: str) -> Iterator[Record]:
    """Every row with the number of the line it begins on, the empty ones as well.

    A quotation mark that is never closed spoils its own line and no other; codes: open_quote, stray_quote, unreadable_sign.
    """
    lines = _ENDS.split(text)
    if lines and not lines[-1]:
        lines.pop()
    place = 1 if lines and re.fullmatch(r"sep=.", lines[0]) else 0
    while place < len(lines):
        line = lines[place]
        if '"' not in line:
            record, used = Record(place + 1, [cell.strip() for cell in line.split(separator)]), 1
        else:
            record, used = _quoted(lines, place, separator)
        if "\ufffd" in line:
            record.wrong += [("unreadable_sign", column) for column, cell in enumerate(record.cells) if "\ufffd" in cell]
        yield record
        place += used


def _quoted(lines: list[str], place: int, separator: str) -> tuple[Record, int]:
    """A row with quotation marks in it, and how many lines it takes."""
    for used in range(1, min(_LONGEST, len(lines) - place) + 1):
        cells, stray, is_open = _cells("\n".join(lines[place : place + used]), separator)
        if stray and used > 1:
            # It was closed by a quotation mark of another row.
            break
        if not is_open:
            return Record(place + 1, cells, [("stray_quote", column) for column in stray]), used
    cells, _stray, _open = _cells(lines[place], separator)
    return Record(place + 1, cells, [("open_quote", len(cells) - 1)]), 1


def _cells(text: str, separator: str) -> tuple[list[str], list[int], bool]:
    """The cells, the places of those with a quotation mark that means nothing, and whether one is still open at the end."""
    cells: list[str] = []
    stray: list[int] = []
    place = 0
    while True:
        begin = place
        while begin < len(text) and text[begin] == " ":
            begin += 1
        if begin < len(text) and text[begin] == '"':
            end = _closing(text, begin + 1)
            if end < 0:
                cells.append(text[begin + 1 :].strip())
                return cells, stray, True
            rest = text.find(separator, end + 1)
            rest = len(text) if rest < 0 else rest
            if text[end + 1 : rest].strip():
                stray.append(len(cells))
                cells.append(text[begin:rest].strip())
            else:
                cells.append(text[begin + 1 : end].replace('""', '"').strip())
        else:
            rest = text.find(separator, place)
            rest = len(text) if rest < 0 else rest
            cells.append(text[place:rest].strip())
        if rest >= len(text):
            return cells, stray, False
        place = rest + 1


def _closing(text: str, place: int) -> int:
    """Where the quotation mark stands that closes the cell; -1: nowhere. Two in a row are one that belongs to the words."""
    while True:
        found = text.find('"', place)
        if found < 0 or text[found + 1 : found + 2] != '"':
            return found
        place = found + 2
