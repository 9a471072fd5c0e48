"""Is the estimate any good? A response log is replayed, every answer is predicted from the past only, and the errors are counted.

Nothing of the database is used: a log is a file. With folds, difficulties are learned on the other folds' people and
frozen; without, they are learned on the way, each answer predicted before it is learned from.
"""

import csv
import gzip
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from math import exp, log, sqrt
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final, NamedTuple, TextIO, cast

from trainee.evidence import sources
from trainee.profile.filter import PRODUCT, Ability, Constants, Facet, Memory, Normal, step
from trainee.profile.fold import Line, day_of
from trainee.profile.policy import Rule, rule

COLUMNS: Final = ("person", "skill", "item", "score", "occurred_at", "source")
# May be there too: what names the sitting an answer belongs to, where several were given in one go and one form.
SITTING: Final = "sitting"
BINS: Final = 20
_SURE: Final = 1e-6
# How many of a person's newest answers a moving average looks at, and how many answers of the average person it starts with.
_WINDOW: Final = 10
_START: Final = 2.0


class BadLog(Exception):
    """The file is not a response log; the message says where and why."""


class Answer(NamedTuple):
    """One answered item of a log; `order` is its place in the file, and breaks ties of time."""

    person: str
    skills: tuple[str, ...]
    item: str
    score: float
    day: float
    rule: Rule
    order: int
    sitting: str = ""


class Bin(NamedTuple):
    """Predictions that lie close together: how many, what was expected on average, and what came."""

    n: int
    expected: float
    got: float


@dataclass(frozen=True, slots=True)
class Errors:
    """How well one way of predicting did. AUC and log-loss take a partial score as that share of a right answer."""

    name: str
    auc: float
    log_loss: float
    rmse: float
    calibration_error: float
    table: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The model's errors on one log, and those of the simple ways beside it."""

    answers: int
    persons: int
    items: int
    skills: int
    folds: int
    model: Errors
    baselines: tuple[Errors, ...]


@dataclass(slots=True)
class Log:
    """A response log in the order in which things happened."""

    answers: list[Answer]
    not_counted: int = 0

    @property
    def persons(self) -> list[str]:
        """Everybody in it, sorted."""
        return sorted({answer.person for answer in self.answers})


# Reading ------------------------------------------------------------------------------------------------------------


def read_log(path: Path) -> Log:
    """Read a CSV file, plain or gzipped; BadLog names the line that cannot be used."""
    try:
        with _opened(path) as file:
            found = Log([])
            for answer in _answers(csv.DictReader(file)):
                if answer is None:
                    found.not_counted += 1
                else:
                    found.answers.append(answer)
    except (OSError, EOFError) as error:
        raise BadLog(f"{path} cannot be read: {error}.") from None
    except UnicodeDecodeError:
        raise BadLog(f"{path} is not UTF-8 text.") from None
    except csv.Error as error:
        raise BadLog(f"{path} is not a CSV file: {error}.") from None
    if not found.answers:
        raise BadLog(f"{path} holds no answers that count.")
    found.answers.sort(key=attrgetter("day", "order"))
    return found


def _opened(path: Path) -> TextIO:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    if zipped:
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def _answers(rows: "csv.DictReader[str]") -> Iterator[Answer | None]:
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing and ";" in (rows.fieldnames or [""])[0]:
        raise BadLog("line 1: the columns are separated by semicolons; a log is separated by commas.")
    if missing:
        raise BadLog(f"line 1: the columns {', '.join(missing)} are missing; a log has {', '.join(COLUMNS)}.")
    for row in rows:
        try:
            yield _answer(row, rows.line_num)
        except ValueError as error:
            raise BadLog(f"line {rows.line_num}: {error}") from None


def _answer(row: dict[str, str | None], order: int) -> Answer | None:
    person, skill, item, source = (row[name] or "" for name in ("person", "skill", "item", "source"))
    tags = [tag.strip() for tag in skill.split("|")]
    if not (person and item and all(tags)):
        raise ValueError("person, skill or item is empty.")
    if source not in sources:
        raise ValueError(f"there is no source {source!r}; there are {', '.join(sources.keys())}.")
    score = _score(row["score"])
    day = _day(row["occurred_at"])
    found = rule(source, 0)
    if found is None:
        return None
    return Answer(person, tuple(dict.fromkeys(tags)), item, score, day, found, order, row.get(SITTING) or "")


def _score(text: str | None) -> float:
    try:
        score = float(text or "")
    except ValueError:
        raise ValueError(f"the score {text!r} is not a number.") from None
    if not 0.0 <= score <= 1.0:
        raise ValueError(f"the score {text} is not between 0 and 1.")
    return score


def _day(text: str | None) -> float:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        raise ValueError(f"{text!r} is not a moment such as 2026-03-31T09:30:00+03:00.") from None
    return day_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


# Predicting ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Replay:
    """The skill model over a log: difficulties that it learns or only reads, and everybody's figures so far."""

    constants: Constants = PRODUCT
    items: dict[str, Normal] = field(default_factory=dict)
    skills: dict[str, Normal] = field(default_factory=dict)

    def run(self, answers: Iterable[Answer], learning: bool) -> list[float]:
        """Everybody begins at the prior; the score expected of each answer before it was seen."""
        k = self.constants
        people: dict[str, Ability] = {}
        facets: dict[tuple[str, str], Facet] = {}
        memories: dict[tuple[str, str], Memory] = {}
        items, skills = self.items, self.skills
        sitters: dict[str, Line] = {}
        expected = []
        for person, tags, item, score, day, found, _order, sitting in answers:
            who = people.get(person)
            if who is None:
                who = people[person] = Ability(0.0, k.vg)
            mine = []
            for tag in tags:
                place = (person, tag)
                facet = facets.get(place)
                if facet is None:
                    facet = facets[place] = Facet(0.0, 0.0, k.vu, 0, day)
                mine.append(facet)
            hard = [skills.get(tag) or skills.setdefault(tag, Normal(0.0, k.vb)) for tag in tags]
            d = items.get(item)
            if d is None:
                d = items[item] = Normal(*(found.source.anchor or (0.0, k.vd)))
            memory = None
            if found.source.remembered:
                memo = (person, item)
                memory = memories.get(memo)
                if memory is None:
                    memory = memories[memo] = Memory(0.0, k.vr, 0, day)
            form = None
            if sitting and k.vf:
                line = sitters.get(person)
                if line is None:
                    line = sitters[person] = Line()
                form = line.in_form(sitting, day, k)
            expected.append(step(who, mine, hard, memory, d, score, day, found.task, k, learning, form))
        return expected


class _Mean:
    """A mean that begins at `start` as if `weight` values had been seen."""

    __slots__ = ("n", "total")

    def __init__(self, start: float, weight: float) -> None:
        self.total = start * weight
        self.n = weight

    def add(self, value: float) -> None:
        self.total += value
        self.n += 1.0

    @property
    def value(self) -> float:
        return self.total / self.n


def _global_mean(before: Sequence[Answer], answers: Sequence[Answer]) -> list[float]:
    """The average score of everybody, so far."""
    mean = _Mean(0.5, _START)
    for answer in before:
        mean.add(answer.score)
    return _running(answers, lambda _answer: mean, frozen=bool(before))


def _item_mean(before: Sequence[Answer], answers: Sequence[Answer]) -> list[float]:
    """The average score on this item, so far; the average of all where there is none."""
    overall = sum(answer.score for answer in before) / len(before) if before else 0.5
    means: dict[str, _Mean] = {}

    def of(answer: Answer) -> _Mean:
        return means.get(answer.item) or means.setdefault(answer.item, _Mean(overall, _START))

    for answer in before:
        of(answer).add(answer.score)
    return _running(answers, of, frozen=bool(before))


def _running(answers: Sequence[Answer], of: Callable[[Answer], _Mean], frozen: bool) -> list[float]:
    expected = []
    for answer in answers:
        mean = of(answer)
        expected.append(mean.value)
        if not frozen:
            mean.add(answer.score)
    return expected


def _moving_average(before: Sequence[Answer], answers: Sequence[Answer]) -> list[float]:
    """The average of this person's ten newest answers, leaning on everybody's average while there are few."""
    overall = sum(answer.score for answer in before) / len(before) if before else 0.5
    newest: dict[str, list[float]] = {}
    expected = []
    for answer in answers:
        mine = newest.setdefault(answer.person, [])
        expected.append((sum(mine) + overall * _START) / (len(mine) + _START))
        mine.append(answer.score)
        if len(mine) > _WINDOW:
            mine.pop(0)
    return expected


def _elo(before: Sequence[Answer], answers: Sequence[Answer]) -> list[float]:
    """Elo of persons and items, with the step 1 / (1 + 0.05 n) after n answers (Pelánek 2016)."""
    hard: dict[str, list[float]] = {}
    _elo_run(before, hard, learning=True)
    return _elo_run(answers, hard, learning=not before)


def _elo_run(answers: Sequence[Answer], hard: dict[str, list[float]], learning: bool) -> list[float]:
    people: dict[str, list[float]] = {}
    expected = []
    for answer in answers:
        who = people.setdefault(answer.person, [0.0, 0.0])
        item = hard.get(answer.item)
        if item is None:
            item = hard[answer.item] = [0.0, 0.0]
        z = 1.0 / (1.0 + exp(item[0] - who[0]))
        expected.append(z)
        surprise = answer.score - z
        who[0] += surprise / (1.0 + 0.05 * who[1])
        who[1] += 1.0
        if learning:
            item[0] -= surprise / (1.0 + 0.05 * item[1])
            item[1] += 1.0
    return expected


_BASELINES: Final[dict[str, Callable[[Sequence[Answer], Sequence[Answer]], list[float]]]] = {
    "global mean": _global_mean,
    "item mean": _item_mean,
    "moving average": _moving_average,
    "Elo": _elo,
}


def _model(before: Sequence[Answer], answers: Sequence[Answer], constants: Constants) -> list[float]:
    replay = Replay(constants)
    if before:
        replay.run(before, learning=True)
    return replay.run(answers, learning=not before)


# Judging ------------------------------------------------------------------------------------------------------------


def evaluate(
    found: Log, folds: int = 0, seed: int = 1, constants: Constants = PRODUCT, progress: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Replay the log and count the errors of the model and of the baselines; with `folds`, by person; deterministic for a seed."""
    ways: dict[str, Callable[[Sequence[Answer], Sequence[Answer]], list[float]]] = {
        "model": lambda one, two: _model(one, two, constants),
        **_BASELINES,
    }
    scores: list[float] = []
    expected: dict[str, list[float]] = {name: [] for name in ways}
    parts = list(split(found, folds, seed))
    for number, (before, answers) in enumerate(parts, 1):
        scores += [answer.score for answer in answers]
        for name, way in ways.items():
            expected[name] += way(before, answers)
        if progress is not None:
            progress(number, len(parts))
    told = {name: errors(name, scores, predictions) for name, predictions in expected.items()}
    return Evaluation(
        answers=len(found.answers),
        persons=len(found.persons),
        items=len({answer.item for answer in found.answers}),
        skills=len({skill for answer in found.answers for skill in answer.skills}),
        folds=folds,
        model=told.pop("model"),
        baselines=tuple(told.values()),
    )


def split(found: Log, folds: int, seed: int) -> Iterator[tuple[list[Answer], list[Answer]]]:
    """For each fold what is learned from and what is predicted; without folds everything is predicted and nothing learned before."""
    if folds < 2:
        yield [], found.answers
        return
    persons = found.persons
    if len(persons) < folds:
        raise BadLog(f"{folds} folds need at least {folds} persons; the log has {len(persons)}.")
    random.Random(seed).shuffle(persons)
    fold_of = {person: number % folds for number, person in enumerate(persons)}
    for fold in range(folds):
        before = [answer for answer in found.answers if fold_of[answer.person] != fold]
        yield before, [answer for answer in found.answers if fold_of[answer.person] == fold]


def errors(name: str, scores: Sequence[float], expected: Sequence[float]) -> Errors:
    """Count the errors of predictions."""
    n = len(scores)
    bounded = [min(max(q, _SURE), 1.0 - _SURE) for q in expected]
    loss = -sum(y * log(q) + (1.0 - y) * log(1.0 - q) for y, q in zip(scores, bounded, strict=True)) / n
    squares = sum((y - q) ** 2 for y, q in zip(scores, expected, strict=True))
    table = calibration_table(scores, expected)
    miss = sum(one.n * abs(one.expected - one.got) for one in table) / n
    return Errors(name, auc(scores, expected), loss, sqrt(squares / n), miss, table)


def calibration_table(scores: Sequence[float], expected: Sequence[float]) -> tuple[Bin, ...]:
    """Predictions in twenty bins of equal width; empty bins are left out."""
    bins = [[0.0, 0.0, 0.0] for _ in range(BINS)]
    for y, q in zip(scores, expected, strict=True):
        one = bins[min(int(q * BINS), BINS - 1)]
        one[0] += 1.0
        one[1] += q
        one[2] += y
    return tuple(Bin(int(n), q / n, y / n) for n, q, y in bins if n)


def auc(scores: Sequence[float], expected: Sequence[float]) -> float:
    """The probability that a right answer was expected more than a wrong one, ties counting half; 0.5 when all went alike."""
    right = wrong = area = 0.0
    for _q, tied in groupby(sorted(zip(expected, scores, strict=True)), key=itemgetter(0)):
        ys = [y for _, y in tied]
        up = sum(ys)
        down = len(ys) - up
        area += up * (wrong + 0.5 * down)
        right += up
        wrong += down
    return area / (right * wrong) if right and wrong else 0.5


# Telling ------------------------------------------------------------------------------------------------------------


def as_text(found: Evaluation) -> str:
    """The figures, one a line; the model's own first, the baselines' under their names, then the calibration table."""
    lines = [f"{name} {count}" for name, count in _counts(found)]
    lines += _figures("", found.model)
    for baseline in found.baselines:
        lines += _figures(f"{baseline.name} ", baseline)
    lines.append("calibration table: answers, expected, got")
    lines += [f"{one.n:>9} {one.expected:.3f} {one.got:.3f}" for one in found.model.table]
    return "\n".join(lines)


def _counts(found: Evaluation) -> list[tuple[str, int]]:
    return [("answers", found.answers), ("persons", found.persons), ("items", found.items), ("skills", found.skills), ("folds", found.folds)]


def _figures(name: str, told: Errors) -> list[str]:
    return [
        f"{name}AUC {told.auc:.3f}",
        f"{name}log-loss {told.log_loss:.3f}",
        f"{name}RMSE {told.rmse:.3f}",
        f"{name}calibration error {told.calibration_error:.3f}",
    ]


def as_svg(found: Evaluation) -> str:
    """A picture of the calibration table: what was expected against what came; on the diagonal both are one."""
    size, edge = 400, 48

    def x(value: float) -> float:
        return round(edge + value * size, 1)

    def y(value: float) -> float:
        return round(edge + (1.0 - value) * size, 1)

    most = max(one.n for one in found.model.table)
    path = " ".join(f"{x(one.expected)},{y(one.got)}" for one in found.model.table)
    dots = "\n".join(
        f'<circle cx="{x(one.expected)}" cy="{y(one.got)}" r="{3 + 9 * sqrt(one.n / most):.1f}" fill="#2f6f6a" fill-opacity="0.55">'
        f"<title>{one.n} answers: expected {one.expected:.3f}, got {one.got:.3f}</title></circle>"
        for one in found.model.table
    )
    ticks = "\n".join(
        f'<text x="{x(value)}" y="{edge + size + 18}" text-anchor="middle">{value:.1f}</text>'
        f'<text x="{edge - 8}" y="{y(value) + 4}" text-anchor="end">{value:.1f}</text>'
        for value in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    model = found.model
    told = f"AUC {model.auc:.3f}, log-loss {model.log_loss:.3f}, RMSE {model.rmse:.3f}, calibration error {model.calibration_error:.3f}"
    whole = size + 2 * edge
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole + 24}" font-family="sans-serif" font-size="12" role="img">
<title>Expected and real scores</title>
<desc>{found.answers} answers of {found.persons} persons. {told}.</desc>
<rect width="{whole}" height="{whole + 24}" fill="#ffffff"/>
<rect x="{edge}" y="{edge}" width="{size}" height="{size}" fill="none" stroke="#b9c2c0"/>
<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#b9c2c0" stroke-dasharray="4 4"/>
<polyline points="{path}" fill="none" stroke="#2f6f6a" stroke-width="1.5"/>
{dots}
{ticks}
<text x="{edge + size / 2}" y="{edge + size + 38}" text-anchor="middle">expected score</text>
<text x="14" y="{edge + size / 2}" text-anchor="middle" transform="rotate(-90 14 {edge + size / 2})">real score</text>
<text x="{whole / 2}" y="28" text-anchor="middle">{told}</text>
</svg>
"""
