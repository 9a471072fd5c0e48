"""What the search finds: people as far as the viewer may see them, modules with their lessons and role-plays, skills, cards and the handbook.

People are read from the database at every search, one statement for whom one may see. Everything else is content: its folded words are kept
by this process, each under the version it was made of, so that a search goes through memory.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, bindparam, case, select

from trainee import plans, service, skills
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.kept import Kept
from trainee.kit.seeking import Sought, marked, snippet, sought
from trainee.kit.straight import Straight
from trainee.modules import library
from trainee.modules.library.content import Dialogue, Module, Prose, TryIt
from trainee.modules.progress import parts_of
from trainee.people import Person, Team, Viewer, below
from trainee.service import handbook
from trainee.service.card import TOKEN, Card
from trainee.service.fields import facts_of

# They look after the content and its use, so the whole catalogue is theirs to see.
_SEE_ALL = ("trainer", "hr", "admin")


@dataclass(frozen=True, slots=True)
class Thing:
    """One piece of content as it can be found: where it leads (an endpoint and its values), and what is shown of it."""

    kind: str
    endpoint: str
    values: tuple[tuple[str, str], ...]
    title: str
    text: str
    within: str
    # Its title in the other language: who met it by that alone is told so.
    other: str
    found_by: Sought


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, with the place where its words were met as safe HTML."""

    thing: Thing
    title: Markup
    snippet: Markup
    other: Markup | None


_MODULES: Kept[tuple[int, str], tuple[Thing, ...]] = Kept("searching.modules", 500)
_CARDS: Kept[tuple[str, str], Thing] = Kept("searching.cards", 1000)
_ENTRIES: Kept[tuple[str, str, str], Thing] = Kept("searching.entries", 2000)
_SKILLS: Kept[str, tuple[Thing, ...]] = Kept("searching.skills", 4)


def _other(lang: str) -> str:
    return "tr" if lang == "en" else "en"


def _plain(html: str) -> str:
    # A figure of a card is filled in where it is read; here it is left out rather than told as it was once.
    return str(Markup(TOKEN.sub("…", html)).striptags())  # noqa: S704


def _thing(kind: str, at: tuple[str, dict[str, str]], title: Any, text: str, lang: str, within: str = "", more: str = "") -> Thing:
    shown, other = title.of(lang), title.of(_other(lang))
    return Thing(kind, at[0], tuple(at[1].items()), shown, text, within, other, sought(shown, f"{text} {more}", other))


def best(things: Iterable[Thing], words: tuple[str, ...]) -> list[Thing]:
    """Those that hold every word, the best first; of equals the one that stood first."""
    scored = ((one.found_by.score(words), place, one) for place, one in enumerate(things))
    return [one for score, _place, one in sorted((row for row in scored if row[0]), key=lambda row: (-row[0], row[1]))]


def shown(things: Iterable[Thing], words: tuple[str, ...]) -> list[Hit]:
    """What is written of them on the page."""
    hits = []
    for one in things:
        title, text, other = marked(one.title, words), snippet(one.text, words), marked(one.other, words)
        hits.append(Hit(one, title, text, other if "<mark>" in other and "<mark>" not in title + text else None))
    return hits


def learning(who: Viewer, lang: str) -> list[Thing]:
    """Modules meant for this viewer, with the lessons and role-plays of those that no path keeps locked. Quizzes are never searched."""
    parts = {**parts_of(who.id)}
    todo = plans.open_assignments(who.id, parts)
    asked = {one.module.key for one in todo if one.module is not None}
    locked = plans.locks(todo, parts)
    versions = library.current_versions()
    found: list[Thing] = []
    stamps = {(number, lang): number for number in versions.values()}
    made = _MODULES.many(stamps, lambda missing: {key: tuple(_of_module(library.module(key[0]), lang)) for key in missing})
    for key, number in versions.items():
        if not who.holds(*library.module(number).audience, *_SEE_ALL) and key not in asked:
            continue
        found += made[number, lang][:1] if key in locked else made[number, lang]
    return found


def _of_module(module: Module, lang: str) -> Iterable[Thing]:
    frame = skills.framework()
    names = " ".join(frame.skill(key).name.of(lang) for key in module.skills if key in frame)
    goals = " ".join(one.of(lang) for one in module.objectives)
    title = module.title.of(lang)
    here = ("library.module_page", {"module_key": module.key})
    yield _thing("module", here, module.title, module.summary.of(lang), lang, more=f"{module.code} {goals} {names}")
    for lesson in module.lessons:
        text = " ".join(_words_of(block) for block in lesson.blocks(lang))
        yield _thing("lesson", ("lessons.lesson", {"module_key": module.key, "lesson_key": lesson.key}), lesson.title, text, lang, title)
    for story in module.stories:
        yield _thing("roleplay", ("roleplays.brief", {"story": story.id}), story.title, story.brief.of(lang), lang, title, story.customer.name)


def _words_of(block: Any) -> str:
    if isinstance(block, Prose | TryIt):
        return _plain(block.html)
    return " ".join(_plain(line[1]) for line in block.lines) if isinstance(block, Dialogue) else ""


def abilities(lang: str) -> tuple[Thing, ...]:
    """The skills in use."""
    frame = skills.framework()
    families = {one.key: one.name.of(lang) for one in frame.families}

    def make() -> tuple[Thing, ...]:
        return tuple(
            _thing("skill", ("dashboards.why", {"skill": one.key}), one.name, one.definition.of(lang), lang, families[one.family])
            for one in frame.skills
        )

    # Another framework lets go of everything that is kept.
    return _SKILLS.one(lang, len(frame.skills), make)


def cards(lang: str) -> list[Thing]:
    """The policy cards in use, by name."""
    found = {(key, lang): card for key, card in service.cards().items() if not card.retired}
    stamps = {key: (card.number, card.origin, card.title.of(lang), card.source) for key, card in found.items()}

    def make(missing: list[tuple[str, str]]) -> dict[tuple[str, str], Thing]:
        return {key: one(key[0], found[key]) for key in missing}

    def one(key: str, card: Card) -> Thing:
        # Laws are looked for by their names and numbers, which stand where the card says what it comes from.
        text = f"{_plain(card.body.of(lang))} · {card.source_in(lang)}"
        return _thing("card", ("service.card", {"key": key}), card.title, text, lang, more=f"{card.source} {card.owner.of(lang)}")

    return sorted(_CARDS.many(stamps, make).values(), key=lambda one: trtext.sort_key(one.title))


def entries(lang: str) -> list[Thing]:
    """What stands in the service handbook."""
    kinds = [one.key for one in handbook.kinds]
    found = {(one.kind.key, one.key, lang): one for group in handbook.standing(*kinds).values() for one in group}

    def one(key: tuple[str, str, str]) -> Thing:
        entry = found[key]
        text = " · ".join(words for _label, words in facts_of(entry.kind.fields, entry.values, lang) if words != entry.title(lang))
        place = ("handbook.entry", tuple({"kind_key": key[0], "entry_key": key[1]}.items()))
        return Thing(
            "entry",
            *place,
            entry.title(lang),
            text,
            str(entry.kind.title),
            entry.title(_other(lang)),
            sought(entry.title(lang), text, entry.title(_other(lang))),
        )

    stamps = {key: (entry.number, entry.saved_at) for key, entry in found.items()}
    made = _ENTRIES.many(stamps, lambda missing: {key: one(key) for key in missing})
    return sorted(made.values(), key=lambda thing: trtext.sort_key(thing.title))


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was found. `led`: she is in the viewer's own line; `observable`: the viewer may observe her; `whole`: may see her page."""

    id: int
    name: str
    job: str
    team: str | None
    closed: bool
    led: bool
    observable: bool
    whole: bool


# Closed accounts are found by HR alone; they come last.
_CLOSED = case((Person.disabled_at.is_(None), 0), else_=1)
_NAMES: Select[Any] = (
    select(Person.id, _CLOSED, Person.name, Person.job, Team.name, Person.username_key, Person.employee_no)
    .outerjoin(Team, Team.id == Person.team_id)
    .order_by(Person.name_sort, Person.id)
)
_OPEN, _ONESELF = Person.disabled_at.is_(None), Person.id == bindparam("who")
# Whose names one may find, as `visible_to` and `observable_by` say: made once, as it is fifty thousand rows in a large organisation.
_SEEN = {
    "everybody": Straight(_NAMES),
    "open": Straight(_NAMES.where(_OPEN)),
    "line": Straight(_NAMES.where(_OPEN, _ONESELF | Person.id.in_(below(bindparam("who"))))),
    "herself": Straight(_NAMES.where(_OPEN, _ONESELF)),
}


def _sight(who: Viewer) -> str:
    if who.holds("hr", "admin"):
        return "everybody"
    if who.holds("trainer"):
        return "open"
    return "line" if who.holds("supervisor") else "herself"


def people(who: Viewer, words: tuple[str, ...]) -> list[int]:
    """The ids of those who fit, the best first: all words begin words of the name, or of job, team, user name and number besides. One statement."""
    begins, fit = [f" {word}" for word in words], []
    for place, (number, closed, name, *more) in enumerate(_SEEN[_sight(who)]({"who": who.id})):
        by_name = _spaced(name)
        inside = sum(word in by_name for word in begins)
        if inside < len(begins):
            whole = by_name + "".join(_spaced(one) for one in more if one)
            if not all(word in whole for word in begins):
                continue
        exact = sum(f"{word} " in f"{by_name} " for word in begins)
        fit.append((closed, -inside, -exact, place, number))
    return [row[-1] for row in sorted(fit)]


def is_named(name: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words begins a part of this name."""
    return any(f" {word}" in _spaced(name) for word in words)


_PARTS = str.maketrans("-./@_'", "      ")


# Of a large organisation it is asked fifty thousand times at each search.
@lru_cache(maxsize=1 << 17)
def _spaced(text: str) -> str:
    return " " + trtext.fold(text).translate(_PARTS)


def people_shown(who: Viewer, ids: list[int]) -> list[Found]:
    """Those people, in that order, with what the viewer may do. One statement."""
    led: Any = Person.id.in_(below(who.id)) if who.holds("supervisor") else Person.id.is_(None)
    statement = select(Person.id, Person.name, Person.job, Team.name.label("team"), Person.disabled_at, led.label("led"))
    rows = {row.id: row for row in db.session.execute(statement.outerjoin(Team, Team.id == Person.team_id).where(Person.id.in_(ids)))}
    found = []
    for row in (rows[number] for number in ids):
        herself, closed = row.id == who.id, row.disabled_at is not None
        observable = (bool(row.led) or who.holds("trainer")) and not herself and not closed
        whole = herself or bool(row.led) or who.holds("hr", "admin")
        found.append(Found(row.id, row.name, row.job, row.team, closed, bool(row.led), observable, whole))
    return found


Finder = Callable[[Viewer, str], Iterable[Thing]]
CONTENT: dict[str, Finder] = {
    "learning": learning,
    "skills": lambda _who, lang: abilities(lang),
    "cards": lambda _who, lang: cards(lang),
    "handbook": lambda _who, lang: entries(lang),
}
