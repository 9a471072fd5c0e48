"""What a file of people would do, row by row: arithmetic over its rows and over who is here. Nothing is written and nothing is asked here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from trainee.kit.tables import Record
from trainee.people.importing import values
from trainee.people.importing.fields import KEYS, key_of
from trainee.people.importing.lines import Everybody, circle, fall, lead, look_up
from trainee.people.importing.matching import clash, close, double, leave, match, name, tell_taken
from trainee.people.importing.present import Present
from trainee.people.importing.rows import Plan, Row, Rules, fold, folds
from trainee.people.importing.values import WrongError

# More accounts closed at once than these ask for a number that is typed.
FEW, SHARE = 5, 0.05
# What is compared with who is here, as it stands on the person.
_PLAIN = ("username", "name", "email", "employee_no", "job", "language", "hired_on")
_PARSE: dict[str, Callable[[str], Any]] = {
    "username": values.username,
    "email": values.email,
    "hired_on": values.day,
    "left_on": values.day,
    "status": values.has_left,
    "language": values.language,
    "roles": values.roles,
}
_PROGRESS = 2_000


def plan(
    records: Iterable[Record], rules: Rules, present: Present, today: date, step: Callable[[str, int], object] = lambda _step, _done: None
) -> Plan:
    """What these rows would do to who is here. `step` is told how far it is."""
    made = Plan()
    try:
        _work_out(made, records, rules, present, today, step)
    finally:
        folds.clear()
    return made


def _work_out(made: Plan, records: Iterable[Record], rules: Rules, present: Present, today: date, step: Callable[[str, int], object]) -> None:
    _read(made, records, rules, today, step)
    step("checking", 0)
    double(made.rows, rules.fields)
    match(made.rows, present, rules.fields)
    name(made.rows, present, rules)
    leave(made.rows, rules)
    people = Everybody(made.rows, present)
    for row in made.rows:
        look_up(row, people, rules)
    _need_teams(made.rows, present, rules)
    step("checking", len(made.rows) // 2)
    # Also of rows with another mistake, so that nobody hears of a loop only when that one is mended.
    circle(made.rows, present, rules, written=True)
    while clash(made.rows, present, rules) or fall(made.rows, present, rules) or circle(made.rows, present, rules):
        # What is refused frees names and lines again, so that everything is looked at once more.
        pass
    tell_taken(made.rows, present, rules)
    lead(made, present)
    _place(made, present, rules)
    leading = {who.supervisor_id for who in present.people.values() if not who.closed} | {above for _person, above in present.dotted}
    for row in made.rows:
        if row.taken:
            row.still_leads = row.who is not None and row.who.id in leading
            _compare(row, made, present)
    _look_for_missing(made, present, rules)
    step("checking", len(made.rows))


# Reading ------------------------------------------------------------------------------------------------------------------


def _read(made: Plan, records: Iterable[Record], rules: Rules, today: date, step: Callable[[str, int], object]) -> None:
    width = len(rules.fields)
    parse = _PARSE | (dict.fromkeys(("hired_on", "left_on"), values.day_since_1904) if rules.since_1904 else {})
    empty = []
    for record in records:
        if record.empty:
            empty.append(record.number)
            continue
        row = Row(record.number)
        made.rows.append(row)
        for code, column in record.wrong:
            if column < 0 or column >= width or rules.fields[column] or code in ("open_quote", "stray_quote"):
                row.refuse(code, max(column, 0))
                row.settled = row.settled or code in ("open_quote", "stray_quote")
        if not row.refused and rules.ragged and len(record.cells) < width:
            row.refuse("half_row", len(record.cells) - 1)
            row.settled = True
        elif not row.refused and any(record.cells[width:]):
            row.refuse("too_many_cells", width)
            row.settled = True
        _parse(row, record.cells, rules.fields, parse)
        _whole(row, rules, today)
        if len(made.rows) % _PROGRESS == 0:
            step("reading", len(made.rows))
    if empty:
        made.findings.append({"code": "empty_rows", "count": len(empty), "rows": empty[:20]})


def _parse(row: Row, cells: Sequence[str], fields: Sequence[str], parse: Mapping[str, Callable[[str], Any]]) -> None:
    for column, field_ in enumerate(fields):
        written = cells[column] if column < len(cells) else ""
        if not field_ or not written or row.complains_of((column,)):
            continue
        try:
            made = parse.get(field_)
            value = made(written) if made else values.words("name" if field_.endswith("_name") else field_, written)
        except WrongError as wrong:
            row.refuse(wrong.code, column, words=written[:60])
            continue
        if value != "":
            row.given[field_] = value


def _whole(row: Row, rules: Rules, today: date) -> None:
    """The parts of a name together, and what must stand in every row."""
    given = row.given
    first, last = given.pop("first_name", ""), given.pop("last_name", "")
    if first or last:
        given.setdefault("name", f"{first} {last}".strip())
    if row.settled:
        return
    columns = [column for column, field_ in enumerate(rules.fields) if field_ in KEYS]
    if not any(key in given for key in KEYS) and not row.complains_of(columns):
        row.refuse("no_key", columns[0] if columns else None)
    left_on = given.pop("left_on", None)
    if left_on is not None:
        if left_on > today:
            row.told.append({"code": "leaves_later", "column": None, "day": left_on.isoformat()})
        else:
            given["status"] = True


# Where it goes ------------------------------------------------------------------------------------------------------------


def _need_teams(rows: Sequence[Row], present: Present, rules: Rules) -> None:
    """Where no teams are to be made, refuse who would be in one that is not here."""
    for row in rows if not rules.make_places else ():
        team = row.given.get("team") if row.looked_at and not row.closes else None
        if team is not None and fold(team) not in present.teams:
            row.refuse("no_team", rules.fields.index("team"), words=team)


def _place(made: Plan, present: Present, rules: Rules) -> None:
    """The teams that are not here yet, in their units, each led by whom most of it report to."""
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for row in made.rows:
        team = row.given.get("team") if row.taken and not row.closes else None
        if team is None:
            continue
        key = fold(team)
        if key in present.teams:
            row.given["team"] = present.teams[key][1]
            unit = row.given.get("unit")
            number = present.teams[key][2]
            if unit and present.units.get(fold(unit), (number,))[0] != number:
                here = next(name for other, name in present.units.values() if other == number)
                row.told.append({"code": "other_unit", "column": None, "words": unit, "here": here})
            continue
        name, unit, _leader = made.teams.setdefault(key, (team, row.given.get("unit") or rules.unit, None))
        row.given["team"] = name
        if row.above is not None and row.above[0] == "row":
            votes[key][row.above[1]] += 1
    for key, counted in votes.items():
        name, unit, _leader = made.teams[key]
        made.teams[key] = (name, unit, counted.most_common(1)[0][0])
    for _name, unit, _leader in made.teams.values():
        if fold(unit) not in present.units:
            made.units.setdefault(fold(unit), unit)


def _compare(row: Row, made: Plan, present: Present) -> None:
    """From what to what."""
    who, given = row.who, row.given
    changes = row.changes
    for key in _PLAIN:
        after = given.get(key)
        before = getattr(who, key) if who is not None else None
        if after is not None and after != before and not row.closes:
            changes[key] = [_written(before), _written(after)]
    if row.closes:
        changes["account"] = ["open", "closed"]
        return
    if row.opens:
        changes["account"] = ["closed", "open"]
    before_team = present.team_names.get(who.team_id or 0) if who is not None else None
    if given.get("team") is not None and given["team"] != before_team:
        changes["team"] = [before_team, given["team"]]
    if row.above is not None and (who is None or row.above != ("person", who.supervisor_id)):
        above = who.supervisor_id if who is not None else None
        before = present.people[above].name if above is not None else None
        changes["supervisor"] = [[before, above], [row.above_name, list(row.above)]]
    beside = present.beside.get(who.id, []) if who is not None else []
    if row.beside is not None and [row.beside] != [("person", one) for one in beside]:
        named = ", ".join(present.people[one].name for one in beside)
        changes["dotted"] = [[named or None, beside], [row.beside_name, list(row.beside)]]
    _compare_roles(row, given)


def _compare_roles(row: Row, given: Mapping[str, Any]) -> None:
    """Everybody works here; whoever supervises somebody is a supervisor; and an administrator is made and unmade by hand alone."""
    before = row.who.roles if row.who is not None else frozenset()
    wanted = given.get("roles")
    after = set(before) if wanted is None else {"employee", *wanted, *(before & {"admin"})}
    if row.leads or (wanted is not None and row.still_leads):
        after.add("supervisor")
    if after != before and (row.who is not None or wanted is not None):
        row.changes["roles"] = [sorted(before), sorted(after)]


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _look_for_missing(made: Plan, present: Present, rules: Rules) -> None:
    """Whoever the file does not name, if these are to be closed; and what is left behind by whoever is."""
    if rules.close_missing:
        named = {row.who.id for row in made.rows if row.who is not None}
        named |= {row.above[1] for row in made.rows if row.above is not None and row.above[0] == "person"}
        numbered = "employee_no" in rules.fields
        for who in present.people.values():
            # Accounts without a number were made by hand where people are known by their numbers, and no personnel system knows them.
            if who.closed or who.id in named or (numbered and not who.employee_no):
                continue
            row = Row(None, who=who)
            close(row, rules)
            if row.closes:
                row.changes["account"] = ["open", "closed"]
                row.told.append({"code": "missing", "column": None})
                made.missing.append(row)
    closed = {row.who.id: row for row in made.all if row.who is not None and row.closes and row.taken}
    if closed:
        moved = {row.who.id for row in made.rows if row.who is not None and row.taken and "supervisor" in row.changes}
        left = Counter(who.supervisor_id for who in present.people.values() if not who.closed and who.id not in closed and who.id not in moved)
        for person_id, row in closed.items():
            if left[person_id]:
                row.told.append({"code": "leaves_people", "column": None, "count": left[person_id]})


def asks_to_type(counts: Mapping[str, int], open_accounts: int) -> int:
    """How many accounts would be closed, when these are so many that the number has to be typed; else 0."""
    many = counts.get("closed", 0)
    return many if many > max(FEW, SHARE * open_accounts) else 0


def heading_keys(headings: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """What is remembered of a table: each heading with what it was."""
    return {key: field_ for heading, field_ in zip(headings, fields, strict=True) if (key := key_of(heading))}
