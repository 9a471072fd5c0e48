"""Writing what a plan says, in one transaction and with statements for many rows at once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, text, update

from trainee.kit import trtext
from trainee.kit.audit import AuditEntry
from trainee.kit.db import db
from trainee.people.importing.models import PeopleImportRow
from trainee.people.importing.present import Present
from trainee.people.importing.rows import Plan, Row, Where
from trainee.people.models import Person, RecordLook, ReportingLine, RoleHeld, SignIn, Stay, Team, Unit

PERSON, STAY, LINE, HELD, SIGN_IN, TEAM, UNIT, LOOK, AUDIT, ROW = (
    cast(Table, model.__table__) for model in (Person, Stay, ReportingLine, RoleHeld, SignIn, Team, Unit, RecordLook, AuditEntry, PeopleImportRow)
)
_LOCKED = "person, stay, reporting_line, role_held, team, unit"
_MANY = 5_000


def lock() -> None:
    """Nobody else changes people until this transaction ends; SQLite locks everything anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"LOCK TABLE {_LOCKED} IN SHARE ROW EXCLUSIVE MODE"))


def in_parts(rows: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """So many at a time as one statement takes without growing large."""
    return [rows[first : first + _MANY] for first in range(0, len(rows), _MANY)]


def send(statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """One statement for many rows; nothing for none."""
    for part in in_parts(rows):
        db.session.execute(statement, part)


def write(made: Plan, present: Present, import_id: int, by_id: int | None, time_zone: str, at: datetime) -> dict[str, list[int]]:
    """Do all of it. The ids of the teams and units it made."""
    units = _make_units(made)
    everything = units | {key: number for key, (number, _name) in present.units.items()}
    new_teams = _make_teams(made, everything)
    teams = {number: name for name, number in new_teams.items()}
    by_team = {name: number for number, name in present.team_names.items()} | {name: number for number, name in teams.items()}
    # Whoever is here lets go of names first, which somebody new may have.
    _change(made.all, by_team, at)
    ids = _create(made.rows, by_team, time_zone, at)
    _move([(ids[id(row)], row) for row in made.all if "team" in row.changes], by_team, at)
    _line_up(made, ids, at)
    _give_roles(made.all, ids)
    _lead_teams(made, new_teams, ids)
    _note(made.all, ids, import_id, by_id, at)
    return {"teams": list(teams), "units": list(units.values())}


def _make_units(made: Plan) -> dict[str, int]:
    send(insert(UNIT), [{"name": name, "parent_id": None} for name in made.units.values()])
    if not made.units:
        return {}
    rows = db.session.execute(select(UNIT.c.id, UNIT.c.name).where(UNIT.c.name.in_(list(made.units.values()))))
    return {trtext.fold(row.name): row.id for row in rows}


def _make_teams(made: Plan, units: dict[str, int]) -> dict[str, int]:
    rows = [{"name": name, "unit_id": units[trtext.fold(unit)], "supervisor_id": None} for name, unit, _leader in made.teams.values()]
    send(insert(TEAM), rows)
    names = [row["name"] for row in rows]
    return {row.name: row.id for part in in_parts(names) for row in db.session.execute(select(TEAM.c.id, TEAM.c.name).where(TEAM.c.name.in_(part)))}


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a person that follow from what was given."""
    found: dict[str, Any] = {}
    for key in ("username", "name", "email", "employee_no", "job", "language", "hired_on"):
        if key in given:
            found[key] = given[key]
    if "username" in found:
        found["username_key"] = trtext.fold(found["username"])
    if "email" in found:
        found["email_key"] = trtext.fold(found["email"]) if found["email"] else None
    if "name" in found:
        found["name_sort"] = trtext.sort_key(found["name"])[:400]
    return found


def _create(rows: Sequence[Row], by_team: dict[str, int], time_zone: str, at: datetime) -> dict[int, int]:
    """Everybody new; the id of each person by her row."""
    new = [row for row in rows if row.outcome == "created"]
    empty = {
        "email": None,
        "email_key": None,
        "employee_no": None,
        "hired_on": None,
        "password_hash": None,
        "disabled_at": None,
        "photo_digest": None,
    }
    same = empty | {"time_zone": time_zone, "created_at": at}
    send(insert(PERSON), [{**same, "team_id": by_team.get(row.given.get("team", "")), **_columns(row.given)} for row in new])
    found: dict[str, int] = {}
    if new:
        found = {row.username_key: row.id for row in db.session.execute(select(PERSON.c.id, PERSON.c.username_key).where(PERSON.c.created_at >= at))}
    return {id(row): row.who.id for row in rows if row.who is not None} | {id(row): found[trtext.fold(row.given["username"])] for row in new}


_FREED = update(PERSON).where(PERSON.c.id == bindparam("_id"))


def _change(rows: Sequence[Row], by_team: dict[str, int], at: datetime) -> None:
    """Everybody who is here already. Two people may exchange an address or a number, so what goes is let go before anything comes."""
    changed = [row for row in rows if row.who is not None and row.taken and row.changes]
    write_people([(row.who.id, {key: after for key, (_before, after) in row.changes.items()}) for row in changed if row.who is not None], by_team)
    closed = [row.who.id for row in changed if row.who is not None and row.changes.get("account", [None, None])[1] == "closed"]
    opened = [row.who.id for row in changed if row.who is not None and row.changes.get("account", [None, None])[1] == "open"]
    close(closed, at)
    send(_FREED.values(disabled_at=None), [{"_id": number} for number in opened])


def write_people(changes: Sequence[tuple[int, dict[str, Any]]], by_team: dict[str, int]) -> None:
    """Set what these changes say of people's own columns and of the team they are in now."""
    by_names: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    free: dict[str, list[dict[str, Any]]] = {"username_key": [], "email_key": [], "employee_no": []}
    for number, after in changes:
        if "hired_on" in after and isinstance(after["hired_on"], str):
            after = after | {"hired_on": date.fromisoformat(after["hired_on"])}
        values = _columns(after)
        if "team" in after:
            values["team_id"] = by_team.get(after["team"] or "")
        for key, rows in free.items():
            if key in values:
                rows.append({"_id": number, "_free": f"~{number}" if key == "username_key" else None})
        if values:
            by_names.setdefault(tuple(sorted(values)), []).append({"_id": number, **{f"_{key}": value for key, value in values.items()}})
    for key, rows in free.items():
        send(_FREED.values({key: bindparam("_free"), **({"username": bindparam("_free")} if key == "username_key" else {})}), rows)
    for names, rows in by_names.items():
        send(_FREED.values({name: bindparam(f"_{name}") for name in names}), rows)


def close(numbers: Sequence[int], at: datetime) -> None:
    """Close these accounts: out at once on every device."""
    rows = [{"_id": number} for number in numbers]
    send(_FREED.values(disabled_at=at), rows)
    send(update(SIGN_IN).where(SIGN_IN.c.person_id == bindparam("_id"), SIGN_IN.c.ended_at.is_(None)).values(ended_at=at), rows)


def _move(moved: Sequence[tuple[int, Row]], by_team: dict[str, int], at: datetime) -> None:
    ended = update(STAY).where(STAY.c.person_id == bindparam("_id"), STAY.c.until.is_(None)).values(until=at)
    send(ended, [{"_id": number} for number, row in moved if row.who is not None])
    send(insert(STAY), [{"person_id": number, "team_id": by_team[row.changes["team"][1]], "since": at, "until": None} for number, row in moved])


def _line_up(made: Plan, ids: dict[int, int], at: datetime) -> None:
    _draw(made, [(row, row.above) for row in made.rows if "supervisor" in row.changes and row.above is not None], "direct", ids, at)
    _draw(made, [(row, row.beside) for row in made.rows if "dotted" in row.changes and row.beside is not None], "dotted", ids, at)


def _draw(made: Plan, drawn: Sequence[tuple[Row, Where]], line: str, ids: dict[int, int], at: datetime) -> None:
    """End the lines of this kind that stand, and begin the new ones."""
    open_line = (LINE.c.kind == line) & LINE.c.until.is_(None)
    ended = update(LINE).where(LINE.c.person_id == bindparam("_id"), open_line).values(until=at)
    send(ended, [{"_id": ids[id(row)]} for row, _where in drawn if row.who is not None])
    new = []
    for row, (kind, number) in drawn:
        above = number if kind == "person" else ids[id(made.rows[number])]
        new.append({"person_id": ids[id(row)], "supervisor_id": above, "kind": line, "since": at, "until": None})
    send(insert(LINE), new)


def _give_roles(rows: Sequence[Row], ids: dict[int, int]) -> None:
    held, gone = [], []
    for row in rows:
        if not row.taken or not (row.outcome == "created" or "roles" in row.changes):
            continue
        before, after = row.changes.get("roles", [[], ["employee", "supervisor"] if row.leads else ["employee"]])
        number = ids.get(id(row)) or (row.who.id if row.who else 0)
        held += [{"person_id": number, "role": role} for role in after if role not in before]
        gone += [{"_id": number, "_role": role} for role in before if role not in after]
    send(insert(HELD), held)
    send(delete(HELD).where(HELD.c.person_id == bindparam("_id"), HELD.c.role == bindparam("_role")), gone)


def _lead_teams(made: Plan, teams: dict[str, int], ids: dict[int, int]) -> None:
    led = []
    for name, _unit, leader in made.teams.values():
        if leader is not None and id(made.rows[leader]) in ids:
            led.append({"_id": teams[name], "_leader": ids[id(made.rows[leader])]})
    send(update(TEAM).where(TEAM.c.id == bindparam("_id")).values(supervisor_id=bindparam("_leader")), led)


def _note(rows: Sequence[Row], ids: dict[int, int], import_id: int, by_id: int | None, at: datetime) -> None:
    """Who was entered, and what was done to whom, in the log of deeds: which fields, never what stands in them."""
    done = [(ids.get(id(row)) or (row.who.id if row.who else 0), row) for row in rows if row.taken and row.outcome != "same"]
    entries = [
        {
            "at": at,
            "actor_id": by_id,
            "deed": f"import_{row.outcome}",
            "subject": f"person/{number}",
            "detail": {"import": import_id, "fields": sorted(row.changes)},
        }
        for number, row in done
    ]
    send(insert(AUDIT), entries)
    # By the columns of the index, the outcome among them.
    known = (
        update(ROW)
        .where(ROW.c.import_id == import_id, ROW.c.outcome == "created", ROW.c.number == bindparam("_number"))
        .values(person_id=bindparam("_person"))
    )
    send(known, [{"_number": row.number, "_person": number} for number, row in done if row.who is None])


def keep_rows(made: Plan, import_id: int) -> None:
    """The rows as they are shown, in place of those of a look before."""
    db.session.execute(delete(ROW).where(ROW.c.import_id == import_id))
    send(
        insert(ROW),
        [
            {
                "import_id": import_id,
                "number": row.number,
                "outcome": row.outcome,
                "person_id": row.who.id if row.who is not None else None,
                "name": row.name[:120],
                "changes": row.changes if row.taken else {},
                "told": row.told,
            }
            for row in made.all
        ],
    )
