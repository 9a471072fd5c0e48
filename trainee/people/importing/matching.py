"""Whom each row of a file of people is about, who comes, who goes, and that no two people end with one name."""

from collections.abc import Mapping, Sequence
from typing import Any

from trainee.kit import trtext
from trainee.people.importing.fields import KEYS
from trainee.people.importing.present import Present, Somebody
from trainee.people.importing.rows import Row, Rules, fold

_NAMES = ("name", "first_name", "last_name")


def double(rows: Sequence[Row], fields: Sequence[str]) -> None:
    """Rows of one person: the same again is passed over; where they differ nobody can say which is right."""
    for key in KEYS:
        seen: dict[str, Row] = {}
        for row in rows:
            if key not in row.given or row.passed:
                continue
            first = seen.setdefault(fold(row.given[key]), row)
            if first is row:
                continue
            if first.given == row.given and not row.refused and not first.refused:
                row.passed = True
                row.told.append({"code": "same_again", "column": None, "row": first.number})
                continue
            column = fields.index(key)
            row.refuse("doubled", column, row=first.number, words=row.given[key])
            if not any(told["code"] == "doubled" for told in first.told):
                first.refuse("doubled", column, row=row.number, words=first.given[key])


def _index(present: Present) -> dict[str, dict[str, Somebody]]:
    found: dict[str, dict[str, Somebody]] = {key: {} for key in KEYS}
    for who in present.people.values():
        for key in KEYS:
            value = getattr(who, key)
            if value:
                found[key][fold(value)] = who
    return found


def match(rows: Sequence[Row], present: Present, fields: Sequence[str]) -> None:
    """Whom each row is about. The number says it before the user name, and that before the address."""
    index = _index(present)
    owners: dict[int, Row] = {}
    for row in rows:
        found = {key: index[key].get(fold(row.given[key])) for key in KEYS if key in row.given}
        known = [(key, who) for key, who in found.items() if who is not None]
        if not known or row.passed:
            continue
        key, who = known[0]
        row.who = who
        number = row.given.get("employee_no")
        if key != "employee_no" and number and who.employee_no and fold(who.employee_no) != fold(number):
            row.refuse("other_number", fields.index(key), words=row.given[key], name=who.name, number=who.employee_no)
        # A name or an address of somebody else is looked at when it is known whether she keeps it.
        first = owners.setdefault(who.id, row)
        if first is not row:
            for one, another in ((row, first), (first, row)):
                if not any(told["code"] == "same_person" for told in one.told):
                    one.refuse("same_person", None, row=another.number, name=who.name)


def name(rows: Sequence[Row], present: Present, rules: Rules) -> None:
    """A user name for each new person without one, of her address or her name; and what a new person must have."""
    taken = {fold(who.username) for who in present.people.values()}
    taken |= {fold(row.given["username"]) for row in rows if "username" in row.given}
    names = [column for column, field in enumerate(rules.fields) if field in (*KEYS, *_NAMES)]
    for row in rows:
        if row.who is not None or not row.looked_at:
            continue
        if row.given.pop("status", False):
            row.settled = row.refused
            if not row.refused:
                row.passed = True
                row.told.append({"code": "left_already", "column": None})
            continue
        # Where a name cannot be read, or that by which she would be known, nobody can say that she is new and has none.
        if "name" not in row.given and not row.complains_of(names):
            row.refuse("no_name")
        if row.refused:
            continue
        row.given.setdefault("language", rules.language)
        row.given.setdefault("job", rules.job)
        if "username" not in row.given:
            row.given["username"] = _free(row.given, taken)


def _free(given: Mapping[str, Any], taken: set[str]) -> str:
    local = str(given.get("email", "")).split("@")[0].replace("+", ".").replace("%", ".")
    plain = local if local and all(sign.isalnum() or sign in "._-" for sign in local) else trtext.slug(given["name"]).replace("-", ".")
    plain = (plain or "user")[:100]
    found, number = plain, 1
    while fold(found) in taken:
        number += 1
        found = f"{plain}{number}"
    taken.add(fold(found))
    return found


def leave(rows: Sequence[Row], rules: Rules) -> None:
    """Who is closed and who is opened again, as far as the rows say so."""
    said = "status" in rules.fields
    for row in rows:
        if row.who is None or not row.looked_at:
            continue
        left = row.given.pop("status", None)
        if left and not row.who.closed:
            close(row, rules)
        elif row.who.closed and not left and row.taken:
            row.opens = said and left is False
            if not row.opens:
                row.told.append({"code": "stays_closed", "column": None})


def close(row: Row, rules: Rules) -> None:
    assert row.who is not None
    if row.who.id == rules.by_id:
        row.refuse("yourself")
    elif "admin" in row.who.roles and not rules.over_admins:
        row.refuse("an_administrator")
    else:
        row.closes = True
        # Of whoever leaves nothing else is changed.
        row.given = {}


def clash(rows: Sequence[Row], present: Present, rules: Rules) -> bool:
    """Refuse what would give two people one number, user name or address when everything is done; whether there was one."""
    found = False
    mine = {row.who.id: row for row in rows if row.who is not None and row.taken}
    for key in KEYS:
        if key not in rules.fields and key != "username":
            continue
        owners = _kept(key, mine, present)
        for row in rows:
            value = row.given.get(key) if row.taken else None
            if value is None or (row.who is not None and fold(getattr(row.who, key) or "") == fold(value)):
                continue
            folded = fold(value)
            if folded in owners:
                column = rules.fields.index(key) if key in rules.fields else None
                row.refuse("taken", column, words=value, name=owners[folded])
                found = True
            else:
                owners[folded] = row.name
    return found


def _kept(key: str, mine: Mapping[int, Row], present: Present) -> dict[str, str]:
    """Whose each number, user name or address stays, when the rows in `mine` are done."""
    owners: dict[str, str] = {}
    for who in present.people.values():
        row = mine.get(who.id)
        kept = getattr(who, key)
        if kept and (row is None or key not in row.given or fold(row.given[key]) == fold(kept)):
            owners[fold(kept)] = who.name
    return owners


def tell_taken(rows: Sequence[Row], present: Present, rules: Rules) -> None:
    """Say it of rows too that are refused for something else, so that everything can be mended at once."""
    mine = {row.who.id: row for row in rows if row.who is not None and row.taken}
    refused = [row for row in rows if row.refused and row.looked_at]
    for key in KEYS:
        if key not in rules.fields or not refused:
            continue
        column, owners = rules.fields.index(key), _kept(key, mine, present)
        owners |= {fold(row.given[key]): row.name for row in rows if row.taken and key in row.given}
        for row in refused:
            value = row.given.get(key)
            hers = row.who is not None and value is not None and fold(getattr(row.who, key) or "") == fold(value)
            if value is not None and not hers and fold(value) in owners and not row.complains_of((column,)):
                row.refuse("taken", column, words=value, name=owners[fold(value)])
