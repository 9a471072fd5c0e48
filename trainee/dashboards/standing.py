"""How a level is shown: in words, as a place on the meter with its band, and with what would help where nothing can be said yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trainee import skills
from trainee.evidence import LINES
from trainee.expectations import Target
from trainee.kit.i18n import _, _l, _n, date_words, language
from trainee.profile import Figure, Level, below_words
from trainee.profile.policy import CUTS, ENOUGH_PIECES, HIGHEST_WITHOUT_WORK, highest, level_of
from trainee.voice.queries import LEAST

_EDGES: Final = (0.0, *CUTS, 1.0)
_ARROW: Final = {"rising": "up", "falling": "down", "steady": "level"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One skill of one person, ready for the meter macro: `at`, `low`, `high` and `target` run from 0 to 4, four equal levels."""

    skill: str
    name: str
    words: str
    certainty: str
    note: str
    # How many pieces of evidence it rests on.
    pieces: int = 0
    at: float | None = None
    low: float | None = None
    high: float | None = None
    trend: str | None = None
    target: int | None = None
    target_words: str | None = None


def place(expected: float) -> float:
    """An expected score on the meter, where each of the four levels is as wide as the others: 0..4."""
    for step in range(4):
        if expected < _EDGES[step + 1] or step == 3:
            return step + (expected - _EDGES[step]) / (_EDGES[step + 1] - _EDGES[step])
    raise ValueError(expected)


def level_name(level: int) -> str:
    """The level's word in the reader's language."""
    return skills.framework().levels[level].name.of(language())


def level_names() -> list[str]:
    """The four words, lowest first."""
    return [term.name.of(language()) for _level, term in sorted(skills.framework().levels.items())]


def skill_name(key: str) -> str:
    """The skill's name in the reader's language."""
    return skills.framework().skill(key).name.of(language())


def standing(level: Level, target: Target | None) -> Standing:
    """One skill as it is shown."""
    wanted = target.level if target is not None and target.level > 1 else None
    goal = str(_("Expected: %(level)s", level=level_name(wanted))) if wanted else None
    tick, name, figure = (wanted - 1 if wanted else None), skill_name(level.skill), level.figure
    if not figure.enough:
        words = str(_("Not enough evidence yet"))
        return Standing(level.skill, name, words, "none", what_would_help(figure), figure.n, target=tick, target_words=goal)
    # Worked out once here: each is a few logarithms away, and Today is the page most often opened.
    scores, most = (figure.expected, figure.low, figure.high), (4 if level.seen_at_work else HIGHEST_WITHOUT_WORK)
    lowest, top = (min(level_of(score), most) for score in scores[1:])
    at, low, high = (_placed(score, most) for score in scores)
    certainty = "stale" if level.stale else ("first" if figure.certainty == "first" else "plain")
    words = _level_words(figure, most)
    trend = _ARROW[level.trend] if level.trend else None
    return Standing(level.skill, name, words, certainty, _how_sure(level, lowest, top), figure.n, at, low, high, trend, tick, goal)


def _placed(score: float, most: int) -> float:
    """An expected score on the meter, short of a level that cannot be told."""
    return min(place(score), 4.0 if most == 4 else most - 0.02)


def _level_words(figure: Figure, most: int) -> str:
    words = level_name(min(figure.level, most))
    if figure.at_least:
        return str(_("At least %(level)s", level=words))
    return str(_("First guess: %(level)s", level=words)) if figure.certainty == "first" else words


def _how_sure(level: Level, lowest: int, highest: int) -> str:
    if level.stale and level.figure.last_at is not None:
        return str(_("No evidence since %(date)s, so it may have changed.", date=day_words(level.figure.last_at)))
    if level.held_back:
        return str(_("More is possible once it has been seen at work."))
    if lowest == highest:
        return str(_("A few more pieces of evidence would make it clear.") if level.certainty == "first" else _("Well supported by evidence."))
    return str(_("Between %(low)s and %(high)s.", low=level_name(lowest), high=level_name(highest)))


def what_would_help(figure: Figure) -> str:
    """What would have to come before a level can be told."""
    missing = ENOUGH_PIECES - figure.n
    if missing >= ENOUGH_PIECES:
        return str(_("A quiz, a role-play or an observation would be a beginning."))
    if missing > 0:
        return str(_n("%(num)d more piece of evidence is needed.", "%(num)d more pieces of evidence are needed.", missing))
    return str(_("A few more pieces of evidence would make it clear."))


LINE_NAMES: Final = {"knowledge": _l("Knowledge"), "practice": _l("Practice"), "observed": _l("Seen at work"), "customers": _l("Customers")}
LINE_SOURCES: Final = {
    "knowledge": _l("quizzes and lessons"),
    "practice": _l("role-plays"),
    "observed": _l("observations"),
    "customers": _l("customers' answers"),
}


def day_words(moment: datetime) -> str:
    """The day of a moment, in the reader's language and zone."""
    return date_words(moment)


@dataclass(frozen=True, slots=True)
class Line:
    """One of the four lines of a skill."""

    key: str
    name: str
    source: str
    words: str
    certainty: str
    count: str
    last: str | None
    trend: str | None
    at: float | None
    low: float | None
    high: float | None


def lines(level: Level, held: bool = False) -> list[Line]:
    """The four lines: how it stands on each, how much it rests on, how sure, where it goes, and when it was last seen.

    Where that of customers is `held`, no more of it than how many answered.
    """
    return [_line(line, level.lines[line], held and line == "customers") for line in LINES]


def _line(key: str, figure: Figure, held: bool) -> Line:
    count = str(_n("%(num)d piece of evidence", "%(num)d pieces of evidence", figure.n)) if figure.n else str(_("nothing yet"))
    if held:
        words = str(_("Told from %(least)s answers on.", least=LEAST))
        return Line(key, str(LINE_NAMES[key]), str(LINE_SOURCES[key]), words, "none", count, None, None, None, None, None)
    last = day_words(figure.last_at) if figure.last_at else None
    if not figure.enough:
        words = below_words(figure) or str(_("Not enough evidence yet") if figure.n < ENOUGH_PIECES else _("Not enough for a level yet"))
        return Line(key, str(LINE_NAMES[key]), str(LINE_SOURCES[key]), words, "none", count, last, None, None, None, None)
    most = highest(key)
    trend = _ARROW[figure.trend] if figure.trend else None
    at, low, high = (_placed(score, most) for score in (figure.expected, figure.low, figure.high))
    certainty = "first" if figure.certainty == "first" else "plain"
    return Line(key, str(LINE_NAMES[key]), str(LINE_SOURCES[key]), _level_words(figure, most), certainty, count, last, trend, at, low, high)
