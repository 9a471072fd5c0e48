"""Between the fold's numbers and the tables: locking people, loading what an event touches, saving what it moved."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Table, and_, bindparam, delete, literal, or_, select, true, union_all
from sqlalchemy.dialects import postgresql, sqlite

from trainee.kit.db import db
from trainee.people.models import Person as Somebody
from trainee.profile.filter import Ability, Facet, Memory, Normal
from trainee.profile.fold import Difficulties, Person, end_of_month, month_of
from trainee.profile.models import CALIBRATION, FIGURES, ITEM_MEMORY, MASTERY, MASTERY_MONTH, STANDING

_CACHE = "trainee.profile.difficulties"
_KEPT = 3
_SKILL, _ITEM = "skill", "item"


class Locked(NamedTuple):
    """One person's figures under the calibration they belong to, held until the transaction ends."""

    person_id: int
    calibration_id: int
    person: Person


def _on_both(make: Callable[[Any], Any]) -> dict[str, Any]:
    return {"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)}


def _here(statements: Mapping[str, Any]) -> Any:
    return statements[db.engine.dialect.name]


def _locking(insert: Any) -> Any:
    # One statement finds the current calibration, makes the standing when there is none, and locks it. On PostgreSQL the share lock on
    # the calibration makes a switch to a new one wait for us; when the switch was first, no row comes back and we ask again.
    empty = literal({}, STANDING.c.abilities.type)
    people = (
        select(Somebody.id, CALIBRATION.c.id, literal(0), literal(0), empty)
        .join_from(Somebody, CALIBRATION, true())
        .where(CALIBRATION.c.state == "current", Somebody.id.in_(bindparam("people", expanding=True)))
        .order_by(Somebody.id)
        .with_for_update(read=True, of=CALIBRATION)
    )
    made = insert(STANDING).from_select(["person_id", "calibration_id", "rows", "newest_id", "abilities"], people)
    kept = made.on_conflict_do_update(index_elements=["person_id", "calibration_id"], set_={"rows": STANDING.c.rows})
    return kept.returning(STANDING)


def _saving(table: Table) -> dict[str, Any]:
    def make(insert: Any) -> Any:
        statement = insert(table)
        changes = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
        return statement.on_conflict_do_update(index_elements=[column.name for column in table.primary_key], set_=changes)

    return _on_both(make)


_BEGIN = _on_both(lambda insert: insert(CALIBRATION).on_conflict_do_nothing())
_LOCK = _on_both(_locking)
_SAVE = {table: _saving(table) for table in (STANDING, *FIGURES)}


def lock(person_ids: Iterable[int]) -> list[Locked]:
    """Hold these people's standings under the current calibration, making those that are missing; none when no calibration is current."""
    rows = db.session.execute(_here(_LOCK), {"people": sorted(set(person_ids))})
    return [Locked(row.person_id, row.calibration_id, _person(row)) for row in rows]


def _person(row: Any) -> Person:
    person = Person(newest_at=row.newest_at, newest_id=row.newest_id, rows=row.rows)
    person.abilities = {line: Ability(m, v) for line, (m, v) in row.abilities.items()}
    if row.newest_at is not None:
        person.month_ends = end_of_month(month_of(row.newest_at))
    return person


def _touched(skills: Sequence[str], items: Sequence[str], closing: Sequence[int]) -> Any:
    # A month that closes takes every skill of the person with it; otherwise the event's own skills and items are enough.
    these = MASTERY.c.skill_key.in_(skills)
    facets = select(
        MASTERY.c.person_id, literal(_SKILL), MASTERY.c.line, MASTERY.c.skill_key, MASTERY.c.al, MASTERY.c.be, MASTERY.c.c, MASTERY.c.n, MASTERY.c.day
    ).where(
        MASTERY.c.calibration_id == bindparam("calibration"),
        MASTERY.c.person_id.in_(bindparam("people", expanding=True)),
        or_(these, MASTERY.c.person_id.in_(closing)) if closing else these,
    )
    if not items:
        return facets
    known = ITEM_MEMORY.c
    memories = select(known.person_id, literal(_ITEM), known.line, known.item, known.m, known.v, literal(0.0), known.n, known.day).where(
        and_(known.calibration_id == bindparam("calibration"), known.person_id.in_(bindparam("people", expanding=True)), known.item.in_(items))
    )
    return union_all(facets, memories)


def load(locked: Mapping[int, Person], calibration_id: int, skills: Sequence[str], items: Sequence[str], closing: Sequence[int]) -> None:
    """Fill in what events on these skills and items touch; the whole profile of those whose month is `closing`."""
    query = _touched(skills, items, closing)
    rows = db.session.execute(query, {"calibration": calibration_id, "people": list(locked)})
    for person_id, kind, line, key, first, second, third, n, day in rows:
        person = locked[person_id]
        if kind == _SKILL:
            person.facets[line, key] = Facet(first, second, third, n, day)
        else:
            person.memories[line, key] = Memory(first, second, n, day)


def save(calibration_id: int, people: Mapping[int, Person]) -> None:
    """Write what was touched since the people were loaded, their closed months and their standings."""
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in (STANDING, *FIGURES)}
    for person_id, person in people.items():
        of = {"person_id": person_id, "calibration_id": calibration_id}
        for table, found in _rows(person):
            rows[table].append(of | found)
    for table, found_rows in rows.items():
        if found_rows:
            db.session.execute(_here(_SAVE[table]), found_rows)


def _rows(person: Person) -> Iterable[tuple[Table, dict[str, Any]]]:
    abilities = {line: [who.m, who.v] for line, who in person.abilities.items()}
    yield STANDING, {"rows": person.rows, "newest_at": person.newest_at, "newest_id": person.newest_id, "abilities": abilities}
    for place in person.touched:
        facet = person.facets[place]
        yield MASTERY, {"line": place[0], "skill_key": place[1], "al": facet.al, "be": facet.be, "c": facet.c, "n": facet.n, "day": facet.at}
    for place in person.recalled:
        memory = person.memories[place]
        yield ITEM_MEMORY, {"line": place[0], "item": place[1], "m": memory.m, "v": memory.v, "n": memory.n, "day": memory.at}
    for closed in person.closed:
        yield (
            MASTERY_MONTH,
            {"line": closed.line, "skill_key": closed.skill, "month": closed.month, "mean": closed.mean, "var": closed.var, "n": closed.n},
        )


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
    columns = (CALIBRATION.c.item_difficulties, CALIBRATION.c.skill_difficulties)
    items, skills = db.session.execute(select(*columns).where(CALIBRATION.c.id == calibration_id)).one()
    return Difficulties({key: Normal(m, v) for key, (m, v) in items.items()}, {key: Normal(m, v) for key, (m, v) in skills.items()})


def begin_calibration(values: Mapping[str, Any]) -> None:
    """Insert a calibration unless there is one in its state."""
    db.session.execute(_here(_BEGIN), dict(values))


def forget() -> None:
    """Let calibrations be read anew: a transaction that made one was taken back, or the database was replaced."""
    current_app.extensions.pop(_CACHE, None)


def pack(beliefs: Mapping[str, Normal]) -> dict[str, list[float]]:
    """Difficulties as lists to store."""
    return {key: [belief.m, belief.v] for key, belief in beliefs.items()}
