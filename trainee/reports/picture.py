"""Pictures of reports: drawn on the server from the same facts as the rows and the figures, each told in figures as well."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import hypot
from typing import Any, Final

from trainee.kit import trtext
from trainee.kit.clock import local_date, months_after
from trainee.kit.i18n import _, date_words, number, percent
from trainee.kit.intervals import wilson
from trainee.reports.column import in_points, month_words
from trainee.reports.filters import Asked, counted_to

# A line through fewer months says nothing of where it goes.
_POINTS: Final = 3
_MONTHS: Final = 24
# So many rows and columns of a heat map can be read; what comes after them stands in the rows of the report.
_LINES: Final = 40
_COLUMNS: Final = 16
_SHADES: Final = 5
# The place of a picture's line, in its own units.
WIDTH, HEIGHT, EDGE = 600, 160, 14
_DOT: Final = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with everything in it worked out: `kind` names how it is drawn, `rows` the same figures as words."""

    kind: str
    title: str
    note: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    # Paths and places, as the kind of picture needs them.
    more: Mapping[str, Any]


class Drawing(ABC):
    """A picture being made: it is shown every fact once."""

    @abstractmethod
    def take(self, fact: Any) -> None:
        """One more fact."""

    @abstractmethod
    def drawn(self) -> Drawn | None:
        """What became of it; None where there is nothing to draw."""


class Picture(ABC):
    """One kind of picture of one report: what it shows and how it is begun."""

    title: Any

    @abstractmethod
    def begin(self, asked: Asked) -> Drawing:
        """Begin to draw for what is asked."""


def seen_by(drawings: Sequence[Drawing], facts: Iterable[Any]) -> Iterator[Any]:
    """The facts, which on their way are shown to every drawing."""
    for fact in facts:
        for one in drawings:
            one.take(fact)
        yield fact


# How many of each ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bars(Picture):
    """How many facts there are of each kind. `of` tells the kinds of a fact with how much each counts; `words` are told in their order."""

    title: Any
    of: Callable[[Any], Iterable[tuple[Any, float]]]
    words: Callable[[], Mapping[Any, Any]]
    head: Any

    def begin(self, asked: Asked) -> Drawing:
        """Nothing counted yet."""
        return _Bars(self)


class _Bars(Drawing):
    def __init__(self, what: Bars) -> None:
        self._what = what
        self._counted: dict[Any, float] = {}

    def take(self, fact: Any) -> None:
        for key, weight in self._what.of(fact):
            self._counted[key] = self._counted.get(key, 0.0) + weight

    def drawn(self) -> Drawn | None:
        whole, most = sum(self._counted.values()), max(self._counted.values(), default=0.0)
        if not most:
            return None
        words = self._what.words()
        rows = [
            (
                str(name),
                number(self._counted.get(key, 0)),
                percent(self._counted.get(key, 0) / whole),
                round(100 * self._counted.get(key, 0) / most, 1),
            )
            for key, name in words.items()
        ]
        return Drawn("bars", str(self._what.title), "", [str(self._what.head), str(_("How many")), str(_("Share"))], rows, {})


# Month by month ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trend(Picture):
    """A share, or how many, month by month. `of` tells the moment of a fact and what it adds above and below the line; None leaves it out."""

    title: Any
    of: Callable[[Any], tuple[datetime | date, float, float] | None]
    share: bool = True
    # A month with fewer is not told.
    least: int = 5
    # From which share on the company calls it good, 0..1, where it says so.
    good: Callable[[], float | None] | None = None

    def begin(self, asked: Asked) -> Drawing:
        """Nothing counted yet."""
        return _Trend(self, asked.who.time_zone, counted_to(asked))


class _Trend(Drawing):
    def __init__(self, what: Trend, time_zone: str, so_far: date | None) -> None:
        self._what, self._zone, self._so_far = what, time_zone, so_far
        self._months: dict[date, list[float]] = {}

    def take(self, fact: Any) -> None:
        found = self._what.of(fact)
        if found is None:
            return
        moment, up, low = found
        month = (local_date(moment, self._zone) if isinstance(moment, datetime) else moment).replace(day=1)
        counted = self._months.setdefault(month, [0.0, 0.0])
        counted[0] += up
        counted[1] += low

    def drawn(self) -> Drawn | None:
        if not self._months:
            return None
        last = max(self._months)
        first = max(min(self._months), months_after(last, 1 - _MONTHS))
        months = [first]
        while months[-1] < last:
            months.append(months_after(months[-1], 1))
        return self._of_shares(months) if self._what.share else self._of_numbers(months)

    def _of_shares(self, months: Sequence[date]) -> Drawn:
        points: list[tuple[float, float, float] | None] = []
        rows = []
        for month in months:
            up, low = self._months.get(month, (0.0, 0.0))
            told = low >= self._what.least
            share = up / low if told else 0.0
            points.append((share, *wilson(share, round(low))) if told else None)
            between = _("%(low)s to %(high)s", low=percent(points[-1][1]), high=percent(points[-1][2])) if points[-1] else "—"
            rows.append((month_words(month, self._so_far), percent(share) if told else _("too few to tell"), str(between), number(low)))
        heads = [str(_("Month")), str(_("Share")), str(_("Very likely between")), str(_("How many"))]
        return self._drawn(heads, rows, points, 1.0, (percent(0), percent(1)), months)

    def _of_numbers(self, months: Sequence[date]) -> Drawn:
        values = [self._months.get(month, (0.0, 0.0))[0] for month in months]
        most = max(values) or 1.0
        rows = [
            (month_words(month, self._so_far), number(value, 0 if value == round(value) else 1)) for month, value in zip(months, values, strict=True)
        ]
        points = [(value, value, value) for value in values]
        return self._drawn([str(_("Month")), str(_("How many"))], rows, points, most, (number(0), number(most)), months)

    def _drawn(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], points: Sequence[Any], most: float, ends: tuple[str, str], months: Sequence[date]
    ) -> Drawn:
        told = sum(point is not None for point in points)
        note = "" if told >= _POINTS else str(_("For a line three months are needed in which there is enough to tell."))
        if not note and self._what.share:
            note = str(_("The band is where each share very likely lies: two months whose bands overlap need not differ."))
        good = self._what.good() if self._what.good is not None else None
        if good is not None:
            says = _("Good from %(good)s on, as “How we serve” says.", good=percent(good))
            note = f"{says} {note}".strip()
        runs = self._so_far is not None and months[-1] == self._so_far.replace(day=1) and points[-1] is not None
        if runs and self._so_far is not None and told >= _POINTS:
            day = {"month": date_words(months[-1], "MMMM y"), "day": date_words(self._so_far, "d MMMM")}
            note += " " + str(_("%(month)s still runs: its dashed point holds only what came up to %(day)s, which is no fall.", **day))
        more: dict[str, Any] = {
            "ends": ends,
            "first": month_words(months[0], self._so_far),
            "last": month_words(months[-1], self._so_far),
            "axis": [(date_words(one, "MMM"), str(one.year) if one == months[0] or one.month == 1 else "") for one in months],
            "good": _height(good, most),
        }
        if told >= _POINTS:
            more |= _paths(points, most, runs=runs)
        return Drawn("trend", str(self._what.title), note.strip(), heads, rows, more)


def _height(value: float | None, most: float) -> float | None:
    """How far down a value lies in the picture."""
    return None if value is None else round(HEIGHT - EDGE - value / most * (HEIGHT - 2 * EDGE), 1)


def _paths(points: Sequence[tuple[float, float, float] | None], most: float, *, runs: bool) -> dict[str, Any]:
    """The line, the band around it and the dots, as paths; where a month is not told the line is broken.

    The last month, where it still `runs`, is apart from them: its dot, and the way to it. `marks` are the places of all: across, and down of the
    value and of both ends.
    """
    step = (WIDTH - 2 * EDGE) / max(len(points) - 1, 1)

    def place(number_: int, value: float) -> tuple[float, float]:
        return round(EDGE + number_ * step, 1), round(HEIGHT - EDGE - value / most * (HEIGHT - 2 * EDGE), 1)

    line, bands, dots, running = [], [], [], None
    for run in _runs(points):
        here = [place(at, point[0]) for at, point in run]
        if runs and run[-1][0] == len(points) - 1:
            running = {"dot": here[-1], "line": _way(here[-2], here[-1]) if len(here) > 1 else ""}
            here.pop()
        line.append("M" + "L".join(f"{x} {y}" for x, y in here) if here else "")
        dots += here
        edge = [place(at, point[2]) for at, point in run] + [place(at, point[1]) for at, point in reversed(run)]
        bands.append("M" + "L".join(f"{x} {y}" for x, y in edge) + "z")
    marks = [None if point is None else (*place(at, point[0]), *(place(at, end)[1] for end in point[1:])) for at, point in enumerate(points)]
    return {"line": "".join(line), "band": "".join(bands), "dots": dots, "running": running, "marks": marks}


def _way(start: tuple[float, float], end: tuple[float, float]) -> str:
    """The way from a dot to the hollow one, as far as its edge."""
    (x, y), (to_x, to_y) = start, end
    kept = 1 - _DOT / hypot(to_x - x, to_y - y)
    return f"M{x} {y}L{x + (to_x - x) * kept:.1f} {y + (to_y - y) * kept:.1f}"


def _runs(points: Sequence[tuple[float, float, float] | None]) -> Iterator[list[tuple[int, tuple[float, float, float]]]]:
    run: list[tuple[int, tuple[float, float, float]]] = []
    for at, point in enumerate(points):
        if point is not None:
            run.append((at, point))
        elif run:
            yield run
            run = []
    if run:
        yield run


# This beside that ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heat(Picture):
    """A share for each row and column. `of` tells (row, column, what is added above and below the line) of a fact, in words the reader knows.

    `columns` gives the columns in their order, by the keys that `of` uses. It is a table with figures in it, and the shade only repeats them.
    """

    title: Any
    head: Any
    of: Callable[[Any], Iterable[tuple[str, Any, float, float]]]
    columns: Callable[[Asked], Mapping[Any, Any]]
    least: int = 3

    def begin(self, asked: Asked) -> Drawing:
        """Nothing counted yet."""
        return _Heat(self, asked)


class _Heat(Drawing):
    def __init__(self, what: Heat, asked: Asked) -> None:
        self._what, self._asked = what, asked
        self._cells: dict[str, dict[Any, list[float]]] = {}

    def take(self, fact: Any) -> None:
        for row, column, up, low in self._what.of(fact):
            counted = self._cells.setdefault(row, {}).setdefault(column, [0.0, 0.0])
            counted[0] += up
            counted[1] += low

    def drawn(self) -> Drawn | None:
        columns = dict(list(self._what.columns(self._asked).items())[:_COLUMNS])
        if not self._cells or not columns:
            return None
        names = sorted(self._cells, key=trtext.sort_key)[:_LINES]
        rows = [(name, [self._cell(self._cells[name].get(column)) for column in columns]) for name in names]
        left = len(self._cells) - len(rows)
        note = str(_("The darker, the larger the share; the figures say it too. A dash is fewer than %(least)s.", least=number(self._what.least)))
        if left:
            note += " " + str(_("The first %(many)s of %(all)s are shown.", many=number(len(rows)), all=number(len(self._cells))))
        return Drawn("heat", str(self._what.title), note, [str(self._what.head), *map(str, columns.values())], rows, {})

    def _cell(self, counted: Sequence[float] | None) -> tuple[str, int, str]:
        if counted is None or counted[1] < self._what.least:
            return "—", 0, ""
        share = counted[0] / counted[1]
        return percent(share), min(int(share * _SHADES) + 1, _SHADES), str(_("of %(n)s", n=number(counted[1])))


# From where to where -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Range:
    """One line of a picture of ranges: `name`, what of it (“before”), the value with its ends, and how many it rests on. Shares or differences."""

    name: str
    of: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Ranges(Picture):
    """Values with their intervals below each other, on one scale. `ends` makes them of what was gathered of all facts."""

    title: Any
    note: Any
    gather: Callable[[dict[Any, Any], Any], None]
    ends: Callable[[dict[Any, Any]], list[Range]]
    # Differences lie on both sides of zero, which is drawn in.
    differences: bool = False

    def begin(self, asked: Asked) -> Drawing:
        """Nothing gathered yet."""
        return _Ranges(self)


class _Ranges(Drawing):
    def __init__(self, what: Ranges) -> None:
        self._what = what
        self._gathered: dict[Any, Any] = {}

    def take(self, fact: Any) -> None:
        self._what.gather(self._gathered, fact)

    def drawn(self) -> Drawn | None:
        found = self._what.ends(self._gathered)[:_LINES]
        if not found:
            return None
        least, most = (-1.0, 1.0) if self._what.differences else (0.0, 1.0)
        if self._what.differences:
            most = max(0.1, *(abs(one.low) for one in found), *(abs(one.high) for one in found))
            least = -most

        def place(value: float) -> float:
            return round(100 * (value - least) / (most - least), 1)

        rows = [
            (
                one.name,
                one.of,
                in_points(one.value) if self._what.differences else percent(one.value),
                in_points(one.low, one.high)
                if self._what.differences
                else str(_("%(low)s to %(high)s", low=percent(one.low), high=percent(one.high))),
                number(one.n),
                (place(one.low), place(one.value), place(one.high)),
            )
            for one in found
        ]
        heads = ["", "", str(_("Value")), str(_("Very likely between")), str(_("How many"))]
        return Drawn("ranges", str(self._what.title), str(self._what.note), heads, rows, {"zero": place(0.0) if self._what.differences else None})
