"""Blanking free words where they stand."""

import re
from typing import Any, cast

from sqlalchemy import JSON, CheckConstraint, ColumnElement, Table, Text, update
from sqlalchemy import cast as sql_cast

from trainee.kit.db import db


def needed(table: Table, column: str) -> bool:
    """Whether the database wants a word there, by any of the table's rules: a dash is none."""
    checks = [str(rule.sqltext) for rule in table.constraints if isinstance(rule, CheckConstraint)]
    return any(re.search(rf"\b{column} (<>|=) ''", check) for check in checks)


def blank(table: Table, column: str, where: ColumnElement[bool]) -> int:
    """Blank one column of words; how many rows had some."""
    place = table.c[column]
    some: ColumnElement[bool]
    empty: Any
    if isinstance(place.type, JSON):
        some, empty = sql_cast(place, Text) != "{}", {}
    else:
        some, empty = place.not_in(("", "—")), "—" if needed(table, column) else ""
    return int(cast(Any, db.session.execute(update(table).where(where, place.is_not(None), some).values({column: empty}))).rowcount)
