"""Blanking free words where they stand."""

from typing import Any, Final, cast

from sqlalchemy import JSON, ColumnElement, Table, Text, update
from sqlalchemy import cast as sql_cast

from trainee.kit.db import db

# Where the database wants a word: a dash is none.
NEEDED: Final = frozenset({("path_opening", "why"), ("expectation_answer", "note"), ("observer_licence", "why")})


def blank(table: Table, column: str, where: ColumnElement[bool]) -> int:
    """Blank one column of words; how many rows had some."""
    place = table.c[column]
    some: ColumnElement[bool]
    empty: Any
    if isinstance(place.type, JSON):
        some, empty = sql_cast(place, Text) != "{}", {}
    else:
        some, empty = place.not_in(("", "—")), "—" if (table.name, column) in NEEDED else ""
    return int(cast(Any, db.session.execute(update(table).where(where, place.is_not(None), some).values({column: empty}))).rowcount)
