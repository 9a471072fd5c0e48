"""Entries of the handbook as a table: given out with a column for each input, and taken in again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import yaml

from trainee.kit.errors import Refusal
from trainee.service.fields import read
from trainee.service.handbook.actions import add, change
from trainee.service.handbook.kind import Kind
from trainee.service.handbook.queries import Entry, entries
from trainee.service.tables import Taken, broken_row, rows

# What most companies meet their customers with, one line for each stage at least.
_JOURNEY = Path(__file__).with_name("journey.yaml")


def heading(kind: Kind) -> list[str]:
    """The columns: the entry's key, then each input."""
    return ["key", *(name for field in kind.fields for name, _lang in field.parts)]


def lines(kind: Kind, found: Sequence[Entry]) -> Iterator[list[object]]:
    """Each entry as a line of the file."""
    for one in found:
        cells: list[object] = [one.key]
        for field in kind.fields:
            value = one.values.get(field.key)
            cells += [(value or {}).get(lang, "") if field.both else value for _name, lang in field.parts]
        yield cells


def take(kind: Kind, data: bytes, *, at: datetime, by_id: int | None) -> Taken:
    """Take the rows of a file: one with a key that stands here changes it, any other is new. A row with a fault is told and left out."""
    taken = Taken()
    standing = {one.key: one for one in entries(kind.key)}
    wanted = [name for field in kind.fields if field.required for name, _lang in field.parts]
    for number, row in rows(data, wanted):
        if row is None:
            taken.wrong.append((number, broken_row()))
            continue
        values, wrong = read(kind.fields, row)
        wrong = wrong or kind.wrong(values)
        if wrong:
            taken.wrong.append((number, "; ".join(f"{name}: {words}" for name, words in wrong.items())))
            continue
        # Without a key of its own a row is known by its name, so that the same file changes nothing the second time.
        entry = standing.get(row.get("key") or kind.key_of(values))
        try:
            if entry is None:
                add(kind.key, values, at=at, by_id=by_id)
            else:
                change(entry, values, number=entry.number, at=at, by_id=by_id)
        except Refusal as refusal:
            taken.wrong.append((number, refusal.message))
            continue
        same = entry is not None and entry.values == values
        taken.known += same
        taken.new += not same
    return taken


def begin_journey(*, at: datetime, by_id: int | None, scores: Mapping[str, int] | None = None) -> None:
    """Write the touchpoints of the template, with how each stands (1 to 5) by its English name where that is known."""
    for one in yaml.safe_load(_JOURNEY.read_text(encoding="utf-8")):
        add("touchpoint", {"score": (scores or {}).get(one["name"]["en"]), **one}, at=at, by_id=by_id)
