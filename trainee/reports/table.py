"""A table of one's own: the rows of a report with the columns, conditions and groups that somebody picks.

Everything that can be picked is a column of a report that is open to her, by its key; nothing of what she writes comes near a statement, and the
rows are those that the report gives to whoever looks.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l, date_words, number
from trainee.people import Viewer
from trainee.reports.column import Adds, Cell, Column, Kind, Row
from trainee.reports.figures import Figure
from trainee.reports.filters import Asked, read_day
from trainee.reports.kinds import kinds
from trainee.reports.report import Report

KEY: Final = "table"
"""What stands where a report's key does, in an address and in the log of who took what."""
GROUPS: Final = 2
LONGEST: Final = 80
"""So many characters has the name of a kept table at most."""
CONDITIONS: Final = 3
# A table of more groups is no summary any more, and would be held in memory as a whole.
_MOST_GROUPS: Final = 20_000
_DAYS = ("date", "month", "moment")
# Between 0 and 1, or -1 and 1, and read as so many of a hundred.
_HUNDREDTHS = ("share", "difference")
COMPARISONS = {
    "is": _l("is"),
    "is_not": _l("is not"),
    "contains": _l("contains"),
    "at_least": _l("is at least"),
    "at_most": _l("is at most"),
    "empty": _l("is empty"),
    "filled": _l("is filled in"),
}
Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as it was written: the column's key, how it is compared, and with what."""

    column: str
    how: str
    value: str


@dataclass(frozen=True, slots=True)
class Picked:
    """What somebody picked: the report whose rows these are, its columns, by what they are put together, and conditions."""

    rows: str
    columns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def address(self) -> dict[str, Any]:
        """As it stands in an address."""
        told: dict[str, Any] = {"rows": self.rows}
        if self.columns:
            told["columns"] = list(self.columns)
        if self.groups:
            told["group"] = list(self.groups)
        for place, one in enumerate(self.conditions, start=1):
            told |= {f"c{place}": one.column, f"o{place}": one.how, f"v{place}": one.value}
        return told


def listed(given: Mapping[str, Any]) -> Given:
    """What an address, a form or a kept table says, each name with all its values."""
    return {name: [str(one) for one in value] if isinstance(value, list) else [str(value)] for name, value in given.items()}


def single(given: Given) -> dict[str, str]:
    """The first value of each name, as filters are read."""
    return {name: values[0] for name, values in given.items() if values}


def called_in(given: Given) -> str:
    """The name that a kept table has; empty for one that is not kept."""
    return single(given).get("called", "").strip()[:LONGEST]


def read_picked(given: Given) -> Picked | None:
    """What was picked; None where it does not say of which report. What no report has is told when the table is made."""
    first = single(given)
    if kinds.get(first.get("rows", "")) is None:
        return None
    numbered = [(first.get(f"c{place}", ""), first.get(f"o{place}", ""), first.get(f"v{place}", "").strip()) for place in range(1, CONDITIONS + 1)]
    conditions = tuple(Condition(*one) for one in numbered if one[0] and one[1])
    columns, groups = (tuple(dict.fromkeys(one for one in given.get(name, ()) if one)) for name in ("columns", "group"))
    return Picked(first["rows"], columns, groups[:GROUPS], conditions)


@dataclass(frozen=True, slots=True)
class Together:
    """The rows of one group: how many there are, and of each column that adds up what stands above and below the line and on either side."""

    cells: Row
    n: int
    sums: tuple[tuple[float, float, float], ...]


class _Seen:
    """Which things were met; those of one owner come together, so no more than hers are held."""

    def __init__(self) -> None:
        self._owner: Any = None
        self._hers: set[Any] = set()

    def new(self, thing: tuple[Any, Any]) -> bool:
        """Whether it is met for the first time."""
        owner, which = thing
        if owner != self._owner:
            self._owner, self._hers = owner, set()
        if which in self._hers:
            return False
        self._hers.add(which)
        return True


class _Sum:
    """What the rows of one group add up to in one column."""

    def __init__(self, adds: Adds) -> None:
        self._adds = adds
        self._met, self._below = _Seen(), _Seen()
        self._people: set[int | None] = set()
        self._sums = (0.0, 0.0, 0.0)

    @property
    def sums(self) -> tuple[float, float, float]:
        """Above the line, below it and on either side; nothing where that would tell of one person what is told of several only."""
        alone = len(self._people) == 1 and None not in self._people and self._sums[1] < self._adds.least_of_one
        return (0.0, 0.0, 0.0) if alone else self._sums

    def add(self, fact: Any, cell: Cell) -> None:
        """One row more; a value that was counted already is not counted again."""
        adds = self._adds
        weight = adds.weigh(fact) if adds.weigh is not None else _plain_weight(cell)
        if weight is None or (adds.once is not None and not self._met.new(adds.once(fact))):
            return
        lower = weight[1] if adds.each is None or self._below.new(adds.each(fact)) else 0.0
        # Two are several already.
        if adds.about is not None and len(self._people) < 2:
            self._people.update(adds.about(fact))
        above, below, sides = self._sums
        self._sums = above + weight[0], below + lower, sides + (weight[2] if len(weight) > 2 else 0.0)


class Table(Report):
    """The rows of a report as somebody picked them. Where they are put together, a row is a group."""

    key = KEY
    place = 0

    def __init__(self, picked: Picked, called: str = "") -> None:
        self.base, self.picked, self.called = kinds[picked.rows], picked, called
        self.title = called or _("Your table: %(report)s", report=self.base.title)
        self.says, self.takes, self.period = self.base.says, self.base.takes, self.base.period
        self.roles, self.whole = self.base.roles, self.base.whole
        if not picked.groups:
            # What is picked are whole rows, so the figures of the report are counted of them as of its own.
            self.figures = self.base.figures

    def address(self, asked: Asked) -> dict[str, Any]:
        """Filters, what was picked, and the name of a kept one, so that a file and a schedule bear it."""
        return {**super().address(asked), **self.picked.address(), **({"called": self.called} if self.called else {})}

    def in_words(self, asked: Asked) -> list[str]:
        """The conditions too, a sentence each."""
        columns = {one.key: one for one in self.base.columns(asked)}
        told = [
            f"{columns[one.column].title} {COMPARISONS[one.how]} {value_words(columns[one.column], one.value)}".strip()
            for one in self.picked.conditions
            if one.column in columns and one.how in COMPARISONS
        ]
        return [*super().in_words(asked), *told]

    def wrong(self, asked: Asked) -> list[str]:
        """What cannot be understood of it, a sentence each."""
        columns = {one.key: one for one in self.base.columns(asked)}
        told = [
            _("This report has no column “%(column)s”.", column=one[:40])
            for one in (*self.picked.columns, *self.picked.groups, *(one.column for one in self.picked.conditions))
            if one not in columns
        ]
        known = [(columns[one.column], one) for one in self.picked.conditions if one.column in columns]
        return told + [_wrong(column, one) for column, one in known if fits_of(column, one, asked) is None]

    def left_out(self, asked: Asked) -> Collection[Figure]:
        """As the report it is made of says, and what is judged by a column on which there is a condition."""
        conditions = {one.column for one in self.picked.conditions}
        return (*self.base.left_out(asked), *(one for one in self.figures if conditions.intersection(one.by)))

    def columns(self, asked: Asked) -> Sequence[Column]:
        """Those picked, in the report's order; of groups what they are put together by, how many rows there are, and sums and means."""
        shown = [column for _place, column in self._shown(asked)]
        if not self.picked.groups:
            return shown
        groups = [_as_group(column) for _place, column in self._groups(asked)]
        return [*groups, Column("rows", _("Rows"), "whole"), *(column for one in shown if one.adds is not None for column in _summed(one, one.adds))]

    def alone(self, asked: Asked) -> list[str]:
        """The titles of the numbers that were picked and cannot be put together: versions, tries, ends of intervals."""
        if not self.picked.groups:
            return []
        return [str(one.title) for _place, one in self._shown(asked) if one.is_number and one.adds is None and one.key in self.picked.columns]

    def facts(self, asked: Asked) -> Iterator[Any]:
        """The report's facts whose rows fit, or the groups made of them."""
        fits = self._conditions(asked)
        facts = self.base.facts(asked)
        fitting = self._first_again(fact for fact in facts if self._fitting(self.base.row(fact, asked), fits)) if fits else facts
        return self._together(fitting, asked) if self.picked.groups else fitting

    def _first_again(self, facts: Iterator[Any]) -> Iterator[Any]:
        """Where the conditions leave out the first of the rows of one thing, the first that they leave counts it."""
        last: Any = None
        for fact in facts:
            thing = self.base.thing(fact)
            if thing is None:
                yield fact
            else:
                yield replace(fact, **{thing[0]: thing != last})
                last = thing

    def row(self, fact: Any, asked: Asked) -> Row:
        """The cells that were picked."""
        if isinstance(fact, Together):
            numbers = zip(self._adding(asked), fact.sums, strict=True)
            return (*fact.cells, fact.n, *(cell for (_place, column, adds), sums in numbers for cell in _told(column.kind, adds, *sums)))
        row = self.base.row(fact, asked)
        return tuple(row[place] for place, _column in self._shown(asked))

    def rows(self, asked: Asked) -> Iterator[Row]:
        """The rows, cut out of the report's own."""
        if self.picked.groups:
            yield from super().rows(asked)
            return
        fits, places = self._conditions(asked), [place for place, _column in self._shown(asked)]
        for row in self.base.rows(asked):
            if self._fitting(row, fits):
                yield tuple(row[place] for place in places)

    def require(self, who: Viewer) -> None:
        """What holds for the report holds for every table of it."""
        self.base.require(who)

    def _shown(self, asked: Asked) -> list[tuple[int, Column]]:
        numbered = list(enumerate(self.base.columns(asked)))
        picked = [(place, column) for place, column in numbered if column.key in self.picked.columns]
        # Whoever picks nothing gets what the report shows on its page.
        return [(place, _on_page(column)) for place, column in picked] or [(place, column) for place, column in numbered if column.on_page]

    def _adding(self, asked: Asked) -> list[tuple[int, Column, Adds]]:
        return [(place, column, column.adds) for place, column in self._shown(asked) if column.adds is not None]

    def _groups(self, asked: Asked) -> list[tuple[int, Column]]:
        columns = {column.key: (place, column) for place, column in enumerate(self.base.columns(asked))}
        return [columns[key] for key in self.picked.groups if key in columns]

    def _conditions(self, asked: Asked) -> list[tuple[int, Callable[[Cell], bool]]]:
        places = {column.key: (place, column) for place, column in enumerate(self.base.columns(asked))}
        found = []
        for one in self.picked.conditions:
            fits = fits_of(places[one.column][1], one, asked) if one.column in places else None
            if fits is None:
                # A condition that is not understood selects nothing: without it there would be more rows than were asked for.
                return [(0, lambda _cell: False)]
            found.append((places[one.column][0], fits))
        return found

    def _fitting(self, row: Row, fits: Sequence[tuple[int, Callable[[Cell], bool]]]) -> bool:
        return all(fit(row[place]) for place, fit in fits)

    def _together(self, facts: Iterator[Any], asked: Asked) -> Iterator[Together]:
        groups = self._groups(asked)
        adding = self._adding(asked)
        many: dict[Row, int] = {}
        found: dict[Row, list[_Sum]] = {}
        for fact in facts:
            row = self.base.row(fact, asked)
            cells = tuple(_group_of(row[place], column, asked) for place, column in groups)
            if cells not in found:
                found[cells], many[cells] = [_Sum(adds) for _place, _column, adds in adding], 0
            many[cells] += 1
            for one, (place, _column, _adds) in zip(found[cells], adding, strict=True):
                one.add(fact, row[place])
            if len(found) > _MOST_GROUPS:
                most = number(_MOST_GROUPS)
                raise Refusal(_("These are more than %(most)s groups. Please put the rows together by something else.", most=most), 422)
        for cells in sorted(found, key=lambda one: [_order(cell, column) for cell, (_place, column) in zip(one, groups, strict=True)]):
            yield Together(cells, many[cells], tuple(one.sums for one in found[cells]))


def _plain_weight(cell: Cell) -> tuple[float, float] | None:
    return (float(cell), 1.0) if isinstance(cell, int | float) else None


def _on_page(column: Column) -> Column:
    return column if column.on_page and column.below is None else replace(column, on_page=True, below=None)


def _as_group(column: Column) -> Column:
    """A day is put together by its month, everything else by itself."""
    return Column(column.key, column.title, "month" if column.kind in _DAYS else column.kind, column.words, so_far=column.so_far)


def _group_of(cell: Cell, column: Column, asked: Asked) -> Cell:
    if isinstance(cell, datetime):
        cell = local_date(cell, asked.who.time_zone)
    return cell.replace(day=1) if isinstance(cell, date) and column.kind in _DAYS else cell


def _order(cell: Cell, column: Column) -> tuple[bool, Any]:
    """By the alphabet, the calendar, size or the order of its choices, and what is empty last."""
    if column.kind == "choice" and column.words is not None:
        return cell is None, list(column.words).index(str(cell)) if cell in column.words else len(column.words)
    return cell is None, trtext.sort_key(cell) if isinstance(cell, str) else cell if cell is not None else 0


def _summed(column: Column, adds: Adds) -> list[Column]:
    share = adds.weigh is not None and not adds.sums
    # What is divided anew is the share or the mean of all, and no mean of means.
    mean = column.title if share else _("%(column)s, mean", column=column.title)
    kind: Kind = column.kind if column.kind in _HUNDREDTHS else "number"
    found = [Column(f"{column.key}_sum", _("%(column)s, in all", column=column.title), column.kind)] if adds.sums else []
    found.append(Column(f"{column.key}_mean", mean, kind))
    if adds.ends is not None:
        found.append(Column(f"{column.key}_low", _("%(column)s, at least", column=column.title), kind))
        found.append(Column(f"{column.key}_high", _("%(column)s, at most", column=column.title), kind))
    return found


def _told(kind: str, adds: Adds, above: float, below: float, sides: float) -> tuple[Cell, ...]:
    told: list[Cell] = []
    if adds.sums:
        told.append((round(above) if kind == "whole" else round(above, 4)) if below else None)
    enough = bool(below) and below >= adds.least
    told.append(above / below if enough else None)
    if adds.ends is not None:
        told += adds.ends(above, below, sides) if enough else (None, None)
    return tuple(told)


# Conditions -----------------------------------------------------------------------------------------------------------------


def comparisons_for(column: Column) -> tuple[str, ...]:
    """How cells of a column may be compared."""
    if column.kind == "text":
        return ("is", "is_not", "contains", "empty", "filled")
    if column.kind == "choice":
        return ("is", "is_not", "empty", "filled")
    return tuple(one for one in COMPARISONS if one != "contains")


def _wrong(column: Column, one: Condition) -> str:
    if one.how not in comparisons_for(column):
        return _("“%(column)s” cannot be compared in that way.", column=column.title)
    return _("%(column)s: “%(words)s” is nothing we can compare it with.", column=column.title, words=one.value[:40])


def fits_of(column: Column, one: Condition, asked: Asked) -> Callable[[Cell], bool] | None:
    """Says whether a cell of that column fits; None where that cannot be said."""
    if one.how not in comparisons_for(column):
        return None
    if one.how in ("empty", "filled"):
        return lambda cell: (cell is None or cell == "") == (one.how == "empty")
    wanted = _value(column, one.value)
    if wanted is None:
        return None
    if one.how == "contains":
        return lambda cell: isinstance(cell, str) and wanted in trtext.fold(cell)
    plain = _plain(column, asked)
    if one.how == "is":
        return lambda cell: plain(cell) == wanted
    if one.how == "is_not":
        return lambda cell: plain(cell) != wanted
    if one.how == "at_least":
        return lambda cell: cell is not None and plain(cell) >= wanted
    return lambda cell: cell is not None and plain(cell) <= wanted


def _value(column: Column, words: str) -> Any:
    """What is compared with: folded words, the key of a choice, a number (of a share its percentage, of a difference its points), or a day."""
    if column.kind == "text":
        return trtext.fold(words) or None
    if column.kind == "choice":
        told = {trtext.fold(str(name)): key for key, name in (column.words or {}).items()}
        return words if words in (column.words or {}) else told.get(trtext.fold(words))
    if column.kind in _DAYS:
        return read_day(words)
    try:
        found = float(words.strip("% ").replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return round(found, 2) if abs(found) < 1e12 else None


def _plain(column: Column, asked: Asked) -> Callable[[Cell], Any]:
    """A cell as it is compared: as a page reads it, so that what looks alike is alike."""

    def told(cell: Cell) -> Any:
        if isinstance(cell, datetime):
            return local_date(cell, asked.who.time_zone)
        if isinstance(cell, str):
            return trtext.fold(cell) if column.kind == "text" else cell
        if isinstance(cell, int | float):
            return round(100 * cell, 0) if column.kind in _HUNDREDTHS else round(float(cell), 2)
        return cell

    return told


def value_words(column: Column, words: str) -> str:
    """What a condition compares with, as a page says it."""
    found = _value(column, words)
    if isinstance(found, date):
        return date_words(found)
    return str(column.told(found)) if column.kind == "choice" and found is not None else words


def report_of(key: str, given: Mapping[str, Any]) -> Report | None:
    """The report of that key; of a table of one's own the one that these values describe. None where there is none."""
    if key != KEY:
        return kinds.get(key)
    picked = read_picked(listed(given))
    return Table(picked, called_in(listed(given))) if picked is not None else None
