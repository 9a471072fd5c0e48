"""Between the fold's numbers and the tables: locking people, loading what an event touches, saving what it moved."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Integer, String, Table, bindparam, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite

from trainee.kit.db import db
from trainee.kit.straight import Straight, send
from trainee.profile.falls import Fall
from trainee.profile.filter import Ability, Facet, Memory, Normal
from trainee.profile.fold import Difficulties, Line, Person, end_of_month, month_of
from trainee.profile.models import CALIBRATION, FIGURES, STANDING

_CACHE = "trainee.profile.difficulties"
_KEPT = 3


class Locked(NamedTuple):
    """One person's figures under the calibration they belong to, held until the transaction ends."""

    person_id: int
    calibration_id: int
    person: Person


def _saving(table: Table, mark: str, rows: int = 1) -> str:
    """Insert so many rows, or overwrite what the keys hold.

    The words are written out, like the others here: SQLAlchemy compiles its own ON CONFLICT anew each time, which takes
    longer than the database needs for the whole statement.
    """
    names = [column.name for column in table.c]
    keys = [column.name for column in table.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    values = ", ".join([f"({', '.join(mark.format(name) for name in names)})"] * rows)
    # Put together from the table's own column names.
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {values} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"  # noqa: S608


_SAVE_STANDING = Straight(text(_saving(STANDING, ":{}")).bindparams(*[bindparam(column.name, type_=column.type) for column in STANDING.c]))
# Figures are plain numbers and texts, and a refold writes very many: they go straight to the driver.
_MARK = {"sqlite": "?", "postgresql": "%s"}
# A statement of many rows is half the work of as many statements; 60 rows of ten columns stay far below what either database takes.
_TOGETHER = 60
_SAVE = {dialect: {table: _saving(table, mark) for table in FIGURES} for dialect, mark in _MARK.items()}
_SAVE_TOGETHER = {dialect: {table: _saving(table, mark, _TOGETHER) for table in FIGURES} for dialect, mark in _MARK.items()}

# One statement finds the current calibration, makes the standing when there is none, and locks it. On PostgreSQL the share lock on the
# calibration makes a switch to a new one wait for us; when the switch was first, no row comes back and we ask again.
_LOCKING = """
    INSERT INTO standing (person_id, calibration_id, rows, newest_id, abilities)
    SELECT person.id, calibration.id, 0, 0, '{}'
    FROM person CROSS JOIN calibration
    WHERE calibration.state = 'current' AND person.id %s
    ORDER BY person.id %s
    ON CONFLICT (person_id, calibration_id) DO UPDATE SET rows = standing.rows
    RETURNING person_id, calibration_id, rows, newest_at, newest_id, abilities
"""
_SHARE = {"sqlite": "", "postgresql": "FOR SHARE OF calibration"}
_LOCK = {
    dialect: text(_LOCKING % ("IN :people", share)).bindparams(bindparam("people", expanding=True)).columns(*STANDING.c)
    for dialect, share in _SHARE.items()
}
# One answer of one person is what comes most often.
_LOCK_ONE = {dialect: Straight(text(_LOCKING % ("= :person", share)), *(column.type for column in STANDING.c)) for dialect, share in _SHARE.items()}
# An empty list is compared too, and PostgreSQL wants to know of what.
_LISTS: dict[str, Any] = {"people": Integer(), "closing": Integer(), "skills": String(), "items": String()}
_LOADING = """
    SELECT person_id, NULL AS item, line, skill_key, al, be, c, 0.0 AS d, n, day
    FROM mastery
    WHERE calibration_id = :calibration AND person_id %s AND %s
    UNION ALL
    SELECT person_id, item, line, '', m, v, m_all, v_all, n, day
    FROM item_memory
    WHERE calibration_id = :calibration AND person_id %s AND item %s
"""
_LOAD = text(_LOADING % ("IN :people", "(skill_key IN :skills OR person_id IN :closing)", "IN :people", "IN :items")).bindparams(
    *[bindparam(name, expanding=True, type_=kind) for name, kind in _LISTS.items()]
)
_LOAD_ONE = Straight(text(_LOADING % ("= :person", "skill_key = :skill", "= :person", "= :item")))


def lock(person_ids: Iterable[int]) -> list[Locked]:
    """Hold these people's standings under the current calibration, making those that are missing; none when no calibration is current."""
    ids, dialect = sorted(set(person_ids)), db.engine.dialect.name
    found: Iterable[Any] = _LOCK_ONE[dialect]({"person": ids[0]}) if len(ids) == 1 else db.session.execute(_LOCK[dialect], {"people": ids})
    return [Locked(person_id, calibration_id, _person(*rest)) for person_id, calibration_id, *rest in found]


def _person(rows: int, newest_at: datetime | None, newest_id: int, abilities: Mapping[str, list[Any]]) -> Person:
    person = Person(newest_at=newest_at, newest_id=newest_id, rows=rows)
    for name, (m, v, *form) in abilities.items():
        line = person.line(name)
        line.who = Ability(m, v)
        if form:
            line.sitting, line.form = form[0], Facet(*form[1:])
    if newest_at is not None:
        person.month_ends = end_of_month(month_of(newest_at))
    return person


def load(locked: Mapping[int, Person], calibration_id: int, skills: Sequence[str], items: Sequence[str], closing: Sequence[int]) -> None:
    """Fill in what events on these skills and items touch; every skill of those people whose month is `closing`."""
    rows: Iterable[Any]
    if len(locked) == len(skills) == len(items) == 1 and not closing:
        rows = _LOAD_ONE({"calibration": calibration_id, "person": next(iter(locked)), "skill": skills[0], "item": items[0]})
    else:
        wanted = {"calibration": calibration_id, "people": list(locked), "skills": skills, "items": items, "closing": closing}
        rows = db.session.execute(_LOAD, wanted)
    for person_id, item, name, skill, first, second, third, fourth, n, day in rows:
        line = locked[person_id].line(name)
        if item is None:
            line.loaded[skill] = Facet(first, second, third, n, day)
        else:
            line.recalled[item] = (Memory(first, second, n, day), Memory(third, fourth, n, day))


def save(calibration_id: int, people: Mapping[int, Person]) -> None:
    """Write what was touched since the people were loaded, their closed months and their standings."""
    for person_id, person in people.items():
        _SAVE_STANDING(_standing(person_id, calibration_id, person))
    for table, rows in zip(FIGURES, _figures(calibration_id, people), strict=True):
        _save(table, rows)


def _save(table: Table, rows: list[tuple[Any, ...]]) -> None:
    connection = db.session.connection()
    dialect = connection.dialect.name
    together = len(rows) // _TOGETHER * _TOGETHER
    if together:
        words = _SAVE_TOGETHER[dialect][table]
        for start in range(0, together, _TOGETHER):
            send(connection, words, tuple(chain.from_iterable(rows[start : start + _TOGETHER])))
    if together < len(rows):
        send(connection, _SAVE[dialect][table], rows[together:])


def _standing(person_id: int, calibration_id: int, person: Person) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "calibration_id": calibration_id,
        "rows": person.rows,
        "newest_at": person.newest_at,
        "newest_id": person.newest_id,
        "abilities": {name: _ability(line) for name, line in person.every_line()},
    }


def _ability(line: Line) -> list[float | str]:
    who, form = line.who, line.form
    return [who.m, who.v] if form is None else [who.m, who.v, line.sitting, form.al, form.be, form.c, form.n, form.at]


def _figures(calibration_id: int, people: Mapping[int, Person]) -> tuple[list[tuple[Any, ...]], ...]:
    """Rows for each table of FIGURES, in the order of its columns."""
    mastery: list[tuple[Any, ...]] = []
    memory: list[tuple[Any, ...]] = []
    months: list[tuple[Any, ...]] = []
    for person_id, person in people.items():
        for name, line in person.every_line():
            for skill, facet in line.facets.items():
                mastery.append((person_id, calibration_id, name, skill, facet.al, facet.be, facet.c, facet.n, facet.at))
            for item, (own, shared) in line.memories.items():
                memory.append((person_id, calibration_id, name, item, own.m, own.v, shared.m, shared.v, own.n, own.at))
        # In the order of the table's key, in which SQLite writes them in two thirds of the time.
        months += [(person_id, calibration_id, *closed) for closed in sorted(person.closed)]
    return mastery, memory, months


def wipe(calibration_id: int, person_ids: Sequence[int]) -> None:
    """Delete these people's figures under one calibration, so that a refold can write them anew."""
    for table in FIGURES:
        db.session.execute(delete(table).where(table.c.calibration_id == calibration_id, table.c.person_id.in_(person_ids)))


def difficulties(calibration_id: int) -> Difficulties:
    """What one calibration says, read once per process: a calibration is never changed."""
    cache: dict[int, Difficulties] = current_app.extensions.setdefault(_CACHE, {})
    found = cache.get(calibration_id)
    if found is None:
        found = read(calibration_id)
        while len(cache) >= _KEPT:
            cache.pop(next(iter(cache)))
        cache[calibration_id] = found
    return found


def read(calibration_id: int) -> Difficulties:
    """What one calibration says, past the cache: one that is not committed yet may be taken back, and its number used again."""
    columns = (CALIBRATION.c.item_difficulties, CALIBRATION.c.skill_difficulties, CALIBRATION.c.widths, CALIBRATION.c.falls)
    items, skills, widths, falls = db.session.execute(select(*columns).where(CALIBRATION.c.id == calibration_id)).one()
    held = {line: (width, n) for line, (width, n) in (widths or {}).items()}
    return Difficulties(_unpack(items), _unpack(skills), held, tuple(_fall(one) for one in falls or ()))


def _fall(told: Sequence[Any]) -> Fall:
    teams, skill, line, since, *figures = told
    return Fall(None if teams is None else tuple(teams), skill, line, datetime.fromisoformat(since), *figures)


def _unpack(beliefs: Mapping[str, list[float]]) -> dict[str, Normal]:
    return {key: Normal(m, v) for key, (m, v) in beliefs.items()}


def begin_calibration(values: Mapping[str, Any]) -> None:
    """Insert a calibration unless there is one in its state."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(insert(CALIBRATION).values(**values).on_conflict_do_nothing())


def pack(beliefs: Mapping[str, Normal]) -> dict[str, list[float]]:
    """Difficulties as lists to store."""
    return {key: [belief.m, belief.v] for key, belief in beliefs.items()}
