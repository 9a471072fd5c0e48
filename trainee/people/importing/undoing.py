"""Taking back what an import did: everything that stands as the import left it. What somebody changed since stays hers, and is told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update

from trainee.kit import trtext
from trainee.kit.db import Base, db
from trainee.kit.guards import open_door
from trainee.people.importing.applying import AUDIT, HELD, LINE, LOOK, PERSON, ROW, SIGN_IN, STAY, TEAM, UNIT, close, in_parts, send, write_people
from trainee.people.importing.models import PeopleImport
from trainee.people.importing.present import Present, Somebody, present

_PLAIN = ("username", "name", "email", "employee_no", "job", "language", "hired_on")


@dataclass(slots=True)
class _Undo:
    """What is to be put back, by person."""

    at: datetime
    applied_at: datetime
    plain: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    # With the team or the supervisor before.
    moved: list[dict[str, Any]] = field(default_factory=list)
    lined: list[dict[str, Any]] = field(default_factory=list)
    dotted: list[int] = field(default_factory=list)
    unled: list[int] = field(default_factory=list)
    # Roles other than a supervisor's that came, and all that went: (person, role).
    came: list[tuple[int, str]] = field(default_factory=list)
    went: list[tuple[int, str]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    # Who has a name now, by kind of name; and whose names are put back with the rest.
    owners: dict[str, dict[str, int]] = field(default_factory=dict)
    giving: set[tuple[int, str]] = field(default_factory=set)
    # By row: what became of it.
    told: list[tuple[int, str, list[str]]] = field(default_factory=list)


def undo(one: PeopleImport, at: datetime) -> dict[str, int]:
    """Put everything back; how many rows were put back, stayed as somebody changed them since, were removed or closed instead."""
    assert one.applied_at is not None
    here, made = present(), _Undo(at, one.applied_at)
    rows = db.session.execute(select(ROW).where(ROW.c.import_id == one.id, ROW.c.outcome.in_(("created", "changed", "moved", "closed")))).all()
    ids = {row.number: row.person_id for row in rows if row.number is not None}
    order = db.session.scalars(select(ROW.c.number).where(ROW.c.import_id == one.id, ROW.c.number.is_not(None)).order_by(ROW.c.number)).all()
    people = {"row": [ids.get(number) for number in order]}
    new = [row for row in rows if row.outcome == "created"]
    _know_names(made, [row for row in rows if row.outcome != "created"], here, people)
    _look_at_new(made, new, here, people, one)
    made.giving |= {(number, key) for number in made.gone for key in made.owners}
    for row in rows:
        who = here.people.get(row.person_id)
        if who is not None and row.outcome != "created":
            _look_back(made, row, who, here, people)
    _remove_new(made, one)
    _put_back(made, here)
    _remove_rest(made, one)
    counts = dict(Counter(outcome for _row, outcome, _fields in made.told))
    _tell(made, one)
    return counts


def _above(value: Any, people: dict[str, list[int | None]]) -> int | None:
    """The id of a supervisor as a change holds her: of somebody who was here, or of a row."""
    where = value[1]
    if isinstance(where, list):
        kind, number = where
        return number if kind == "person" else people["row"][number]
    found: int | None = where
    return found


def _stands(key: str, after: Any, who: Somebody, here: Present, people: dict[str, list[int | None]]) -> bool:
    """Whether a field is as the import left it."""
    if key == "account":
        return bool(after == ("closed" if who.closed else "open"))
    if key == "team":
        return bool(after == here.team_names.get(who.team_id or 0))
    if key == "supervisor":
        return _above(after, people) == who.supervisor_id
    if key == "dotted":
        return here.beside.get(who.id, []) == [_above(after, people)]
    if key == "roles":
        return set(after) == who.roles
    value = getattr(who, key)
    return bool(after == (value.isoformat() if key == "hired_on" and value else value))


def _look_back(made: _Undo, row: Any, who: Somebody, here: Present, people: dict[str, list[int | None]]) -> None:
    stays = [key for key, (_before, after) in row.changes.items() if not _stands(key, after, who, here, people)]
    back = {key: before for key, (before, _after) in row.changes.items() if key not in stays}
    plain = {key: before for key, before in back.items() if key in _PLAIN}
    taken = _taken(plain, who, made)
    stays += taken
    plain = {key: before for key, before in plain.items() if key not in taken}
    if "team" in back:
        plain["team"] = back["team"]
        before = next((number for number, name in here.team_names.items() if name == back["team"]), None)
        made.moved.append({"_id": who.id, "_before": before})
    if plain:
        made.plain.append((who.id, plain))
    if "account" in back:
        (made.opened if back["account"] == "open" else made.closed).append(who.id)
    if "supervisor" in back:
        made.lined.append({"_id": who.id, "_before": back["supervisor"][1]})
    if "dotted" in back:
        made.dotted.append(who.id)
    if "roles" in back:
        before, after = row.changes["roles"]
        made.came += [(who.id, role) for role in after if role not in before and role != "supervisor"]
        made.went += [(who.id, role) for role in before if role not in after]
        if "supervisor" in set(after) - set(before):
            made.unled.append(who.id)
    made.told.append((row.id, "stayed" if stays else "put_back", stays))


def _taken(plain: dict[str, Any], who: Somebody, made: _Undo) -> list[str]:
    """Which of the names she would get back somebody else has by now who does not give them back herself."""
    found = []
    for key in made.owners:
        owner = made.owners[key].get(trtext.fold(plain.get(key) or ""), who.id)
        if owner != who.id and (owner, key) not in made.giving:
            found.append(key)
    return found


def _know_names(made: _Undo, rows: Sequence[Any], here: Present, people: dict[str, list[int | None]]) -> None:
    """Who has which name now, and who is about to give hers back."""
    for key in ("username", "email", "employee_no"):
        made.owners[key] = {trtext.fold(value): who.id for who in here.people.values() if (value := getattr(who, key))}
    for row in rows:
        who = here.people.get(row.person_id)
        for key in made.owners if who is not None else ():
            if who is not None and key in row.changes and _stands(key, row.changes[key][1], who, here, people):
                made.giving.add((who.id, key))


def _look_at_new(made: _Undo, new: Sequence[Any], here: Present, people: dict[str, list[int | None]], one: PeopleImport) -> None:
    """Whoever was entered: removed where nothing was noted of her since, closed where something was, left alone where somebody looked after her."""
    came_in = _found(SIGN_IN.c.person_id, one.id)
    noted = _noted(one)
    for row in new:
        who = here.people.get(row.person_id)
        if who is None:
            continue
        changed = [key for key, (_before, after) in row.changes.items() if not _stands(key, after, who, here, people)]
        if who.closed or changed or who.id in came_in:
            made.told.append((row.id, "stayed", changed or ["account"]))
        elif who.id in noted:
            made.closed.append(who.id)
            made.told.append((row.id, "closed_instead", []))
        else:
            made.gone.append(who.id)
            made.told.append((row.id, "removed", []))


def _new_people(import_id: int) -> Any:
    return select(ROW.c.person_id).where(ROW.c.import_id == import_id, ROW.c.outcome == "created", ROW.c.person_id.is_not(None))


def _found(column: Any, import_id: int) -> set[int]:
    return set(db.session.scalars(select(column).where(column.in_(_new_people(import_id))).distinct()))


def _noted(one: PeopleImport) -> set[int]:
    """Which of the new people anything points at that the import did not write itself."""
    found: set[int] = set()
    for table, column in _pointing_at(PERSON):
        # That somebody looked at her is no reason to keep her.
        if table in (HELD, ROW, LOOK):
            continue
        ours = _new_people(one.id)
        statement = select(column).where(column.in_(ours)).distinct()
        if table is STAY or table is LINE:
            statement = statement.where(table.c.since != one.applied_at)
        elif table is TEAM:
            statement = statement.where(TEAM.c.id.not_in(one.made["teams"]))
        found |= set(db.session.scalars(statement))
    return found


def _pointing_at(target: Table) -> Iterable[tuple[Table, Any]]:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if any(key.column.table is target for key in column.foreign_keys):
                yield table, column


def _put_back(made: _Undo, here: Present) -> None:
    by_team = {name: number for number, name in here.team_names.items()}
    write_people(made.plain, by_team)
    send(update(PERSON).where(PERSON.c.id == bindparam("_id")).values(disabled_at=None), [{"_id": number} for number in made.opened])
    close(made.closed, made.at)
    for table, rows, place in ((STAY, made.moved, STAY.c.team_id), (LINE, made.lined, LINE.c.supervisor_id)):
        # As if it had not been: figures are by the team people were in, and nobody was in this one.
        hers: Any = table.c.person_id == bindparam("_id")
        if table is LINE:
            hers &= LINE.c.kind == "direct"
        send(delete(table).where(hers, table.c.since == made.applied_at, table.c.until.is_(None)), [{"_id": row["_id"]} for row in rows])
        ended = hers & (place == bindparam("_before")) & (table.c.until == made.applied_at)
        send(update(table).where(ended).values(until=None), [row for row in rows if row["_before"] is not None])

    beside: Any = (LINE.c.person_id == bindparam("_id")) & (LINE.c.kind == "dotted")
    rows = [{"_id": number} for number in made.dotted]
    send(delete(LINE).where(beside, LINE.c.since == made.applied_at, LINE.c.until.is_(None)), rows)
    send(update(LINE).where(beside, LINE.c.until == made.applied_at).values(until=None), rows)
    taken = delete(HELD).where(HELD.c.person_id == bindparam("_id"), HELD.c.role == bindparam("_role"))
    send(taken, [{"_id": number, "_role": role} for number, role in made.came])
    send(insert(HELD), [{"person_id": number, "role": role} for number, role in made.went])


def _remove_new(made: _Undo, one: PeopleImport) -> None:
    """Those of whom nothing was noted, with what the import wrote of them; first of all, so that their names are free."""
    rows, gone = [{"_id": number} for number in made.gone], set(made.gone)
    made_teams = select(TEAM.c.id, TEAM.c.supervisor_id).where(TEAM.c.id.in_(one.made["teams"]))
    led = [row.id for row in db.session.execute(made_teams) if row.supervisor_id in gone]
    send(update(TEAM).where(TEAM.c.id == bindparam("_id")).values(supervisor_id=None), [{"_id": number} for number in led])
    # Lines to them are the import's own: whoever stands under one of them by another was noted.
    send(delete(LINE).where(LINE.c.supervisor_id == bindparam("_id"), LINE.c.since == made.applied_at), rows)
    for table in (STAY, LINE, HELD):
        send(delete(table).where(table.c.person_id == bindparam("_id")), rows)
    send(
        update(ROW).where(ROW.c.id == bindparam("_row")).values(person_id=None),
        [{"_row": row} for row, told, _fields in made.told if told == "removed"],
    )
    if rows:
        with open_door():
            send(delete(LOOK).where(LOOK.c.person_id == bindparam("_id")), rows)
    send(delete(PERSON).where(PERSON.c.id == bindparam("_id")), rows)


def _remove_rest(made: _Undo, one: PeopleImport) -> None:
    """The role of a supervisor where nobody is supervised, and teams and units in which nothing is."""
    still = set(db.session.scalars(select(LINE.c.supervisor_id).where(LINE.c.until.is_(None)).distinct()))
    unled = [{"_id": number} for number in made.unled if number not in still]
    send(delete(HELD).where(HELD.c.person_id == bindparam("_id"), HELD.c.role == "supervisor"), unled)
    _empty(TEAM, one.made["teams"])
    _empty(UNIT, one.made["units"])


def _empty(table: Table, numbers: Sequence[int]) -> None:
    """Delete those of these teams or units that nothing points at any more."""
    left = set(numbers)
    for _other, column in _pointing_at(table):
        for part in in_parts(sorted(left)):
            left -= set(db.session.scalars(select(column).where(column.in_(part)).distinct()))
    send(delete(table).where(table.c.id == bindparam("_id")), [{"_id": number} for number in sorted(left)])


def _tell(made: _Undo, one: PeopleImport) -> None:
    rows = [{"_row": row, "_told": [{"code": f"undo_{outcome}", "column": None, "fields": fields}]} for row, outcome, fields in made.told]
    send(update(ROW).where(ROW.c.id == bindparam("_row")).values(told=bindparam("_told")), rows)
    everybody = [*((number, "import_removed") for number in made.gone), *((number, "import_closed") for number in made.closed)]
    everybody += [(number, "import_undone") for number, _values in made.plain]
    same = {"at": made.at, "actor_id": one.by_id, "detail": {"import": one.id}}
    send(insert(AUDIT), [{**same, "deed": deed, "subject": f"person/{number}"} for number, deed in everybody])
