"""Who supervises whom when a file of people is done: by the direct line and by the one beside it, and that no line leads in a circle."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from trainee.people.importing.fields import KEYS
from trainee.people.importing.loops import loops
from trainee.people.importing.present import Present
from trainee.people.importing.rows import Plan, Row, Rules, Where, fold


class Everybody:
    """Everybody there will be, by everything a supervisor can be written as."""

    def __init__(self, rows: Sequence[Row], present: Present) -> None:
        self.present, self.rows = present, rows
        self.by_key: dict[str, Where] = {}
        self.by_name: dict[str, list[Where]] = defaultdict(list)
        new = {row.who.id: row for row in rows if row.who is not None and row.taken}
        for who in present.people.values():
            self._add(("person", who.id), (who.employee_no, who.username, who.email), new[who.id].name if who.id in new else who.name)
        for place, row in enumerate(rows):
            if row.who is not None:
                # An address that is new today leads to her as the old one does.
                self._add(("person", row.who.id), [row.given.get(key) for key in KEYS], None)
            elif not row.passed and "name" in row.given:
                self._add(("row", place), [row.given.get(key) for key in KEYS], row.given["name"])

    def _add(self, where: Where, keys: Iterable[str | None], name: str | None) -> None:
        for key in keys:
            if key:
                self.by_key.setdefault(fold(key), where)
        if name:
            self.by_name[fold(" ".join(name.split()))].append(where)

    def find(self, written: str) -> list[Where]:
        """Everybody it may mean: a number, a user name, an address, a name, or a name with its number."""
        key = fold(" ".join(written.split()))
        if key in self.by_key:
            return [self.by_key[key]]
        if key in self.by_name:
            return self.by_name[key]
        for part in _parts(key):
            if part in self.by_key:
                return [self.by_key[part]]
        return []


def _parts(key: str) -> list[str]:
    if key.endswith(")") and "(" in key:
        return [key[key.rindex("(") + 1 : -1].strip()]
    before, dash, after = key.partition(" - ")
    return [before.strip(), after.strip()] if dash else []


def look_up(row: Row, people: Everybody, rules: Rules) -> None:
    """Who the file says supervises her, directly and beside that."""
    for field in ("supervisor", "dotted"):
        written = row.given.pop(field, None)
        if written is None or not row.looked_at or row.closes:
            continue
        column = rules.fields.index(field)
        found = people.find(written)
        if not found:
            row.refuse("no_supervisor", column, words=written)
        elif len(found) > 1:
            row.refuse("many_supervisors", column, words=written, count=len(found))
        elif _is_oneself(row, found[0], people):
            row.refuse("own_supervisor", column)
        elif field == "dotted" and found[0] == row.above:
            row.refuse("direct_already", column, words=written)
        else:
            _put_under(row, field, found[0], people)


def _is_oneself(row: Row, where: Where, people: Everybody) -> bool:
    kind, number = where
    return (row.who is not None and where == ("person", row.who.id)) or (kind == "row" and people.rows[number] is row)


def _put_under(row: Row, field: str, where: Where, people: Everybody) -> None:
    kind, number = where
    name = people.present.people[number].name if kind == "person" else people.rows[number].name
    if field == "dotted":
        row.beside, row.beside_name = where, name
    else:
        row.above, row.above_name = where, name


def lines_of(row: Row) -> Iterator[tuple[str, Where, str]]:
    """The lines that a row draws: the field that says so, to whom, and what she is called."""
    if row.above is not None:
        yield "supervisor", row.above, row.above_name
    if row.beside is not None:
        yield "dotted", row.beside, row.beside_name


def fall(rows: Sequence[Row], present: Present, rules: Rules) -> bool:
    """Refuse whoever would stand under somebody who is not to come, or is not here any more; whether there was one."""
    closed = {row.who.id: row for row in rows if row.who is not None and row.taken and (row.closes or (row.who.closed and not row.opens))}
    opened = {row.who.id for row in rows if row.who is not None and row.taken and row.opens}
    found = False
    for row in rows:
        taken = row.taken
        for field, (kind, number), name in lines_of(row):
            column = rules.fields.index(field)
            if taken and kind == "row" and not rows[number].taken:
                row.refuse("supervisor_refused", column, row=rows[number].number, words=rows[number].name)
            elif kind == "person" and number not in opened and (number in closed or present.people[number].closed):
                row.refuse("supervisor_closed", column, words=name)
        found = found or (row.refused and row.above is not None) or (row.refused and row.beside is not None)
        if row.refused:
            row.above = row.beside = None
    return found


def circle(rows: Sequence[Row], present: Present, rules: Rules, *, written: bool = False) -> bool:
    """Refuse the rows that close a loop of lines, each with the loop's names; whether there was one.

    With `written` also by what stands in rows that are refused for something else, which will be mended and brought again.
    """
    nodes: dict[Where, list[Row]] = defaultdict(list)
    edges: dict[Where, list[Where]] = defaultdict(list)
    drawn: dict[str, set[Where]] = {"supervisor": set(), "dotted": set()}
    for place, row in enumerate(rows):
        for field, where, _name in lines_of(row) if row.taken or (written and row.looked_at) else ():
            here = ("person", row.who.id) if row.who is not None else ("row", place)
            if not any(one is row for one in nodes[here]):
                nodes[here].append(row)
            edges[here].append(where)
            drawn[field].add(here)
    for who in present.people.values():
        if who.supervisor_id is not None and ("person", who.id) not in drawn["supervisor"]:
            edges["person", who.id].append(("person", who.supervisor_id))
    for person_id, supervisor_id in present.dotted:
        if ("person", person_id) not in drawn["dotted"]:
            edges["person", person_id].append(("person", supervisor_id))
    found = False
    for loop in loops(edges):
        names = [_called(one, rows, present) if one not in nodes else nodes[one][0].name for one in loop]
        for place, one in enumerate(loop):
            # Only what the file itself says can be refused; a line that stood before stays.
            after = loop[(place + 1) % len(loop)]
            shown = names[place:] + names[:place]
            for row in nodes.get(one, ()):
                says = next((name for name, where, _called in lines_of(row) if where == after), None)
                if says is not None and not any(told["code"] == "loop" for told in row.told):
                    row.refuse("loop", rules.fields.index(says), loop=" → ".join([*_short(shown), shown[0]]))
                    found = True
    return found


def _called(where: Where, rows: Sequence[Row], present: Present) -> str:
    kind, number = where
    return present.people[number].name if kind == "person" else rows[number].name


def _short(names: list[str]) -> list[str]:
    return names if len(names) <= 8 else [*names[:4], "…", *names[-3:]]


def lead(made: Plan, present: Present) -> None:
    """Whoever is given somebody to supervise becomes a supervisor, if she is none; also one whom the file does not name otherwise."""
    mine = {row.who.id: row for row in made.rows if row.who is not None and row.taken}
    for row in made.rows:
        for _field, (kind, number), _name in lines_of(row) if row.taken else ():
            above = made.rows[number] if kind == "row" else mine.get(number)
            if above is None and "supervisor" not in present.people[number].roles:
                who = present.people[number]
                above = mine[number] = Row(None, who=who, told=[{"code": "leads_now", "column": None}])
                above.changes["roles"] = [sorted(who.roles), sorted({*who.roles, "supervisor"})]
                made.missing.append(above)
            elif above is not None:
                above.leads = True
