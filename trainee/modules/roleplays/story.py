"""Reads a role-play from its file; what is wrong with it is told all at once."""

from collections.abc import Collection

from trainee.kit.findings import Findings
from trainee.kit.words import Text
from trainee.kit.yamltree import Tree
from trainee.modules.roleplays.checks import check
from trainee.modules.roleplays.plot import CHANNELS, STEPS, Agent, Customer, Ending, Story
from trainee.modules.roleplays.reading import CRITICALS, Book, Cursor
from trainee.modules.roleplays.scene import ASKS, Scene
from trainee.modules.roleplays.scenes import kinds
from trainee.modules.roleplays.shows import words

__all__ = ["Story", "read_story"]


def read_story(tree: Tree, findings: Findings, skills: Collection[str] | None = None, searched: bool = True) -> Story | None:
    """The role-play in a file, or None after noting every error in it. With `skills` the ids of skills are checked too.

    Playing it every way there is takes most of the time; a version that was published has been `searched` then and need not be again.
    """
    mine = Findings()
    book = Book(tree, mine, skills)
    at = Cursor(book)
    story = _read(at)
    if searched:
        check(at, story)
    findings.extend(mine)
    return story if mine.ok else None


def _read(at: Cursor) -> Story:
    at.knows("id", "channel", "minutes", "difficulty", "clock", "skills", "title", "brief", "customer", "agent", "agent_card", "mood", "start")
    at.knows("routes", "scenes", "endings")
    at.only()
    mood = at.under("mood")
    mood.knows("start", "min", "max")
    mood.only()
    low, high = mood.integer("min", -20, 20), mood.integer("max", -20, 20)
    if low >= high:
        mood.error("max", "`max` must be more than `min`", "Write for example `{start: 0, min: -5, max: 5}`.")
    _read_routes(at)
    return Story(
        id=at.word("id"),
        channel=at.one_of("channel", CHANNELS),
        minutes=at.integer("minutes", 1, 60),
        difficulty=at.integer("difficulty", 1, 3),
        clock=at.flag("clock"),
        skills=at.skills("skills"),
        title=at.text("title"),
        brief=at.text("brief"),
        customer=_read_customer(at.under("customer")),
        agent=_read_agent(at.under("agent")) if "agent" in at else None,
        card=at.texts("agent_card"),
        mood_start=mood.integer("start", min(low, high), max(low, high)),
        mood_min=low,
        mood_max=high,
        start=at.word("start"),
        scenes=_read_scenes(at),
        endings=_read_endings(at),
    )


def _read_customer(at: Cursor) -> Customer:
    at.knows("name", "age", "about")
    at.only()
    return Customer(at.name("name"), at.integer("age", 1, 120) if "age" in at else None, at.text("about"))


def _read_agent(at: Cursor) -> Agent:
    at.knows("name", "role")
    at.only()
    return Agent(at.name("name"), at.text("role"))


def _read_routes(at: Cursor) -> None:
    if "routes" not in at:
        return
    routes = at.under("routes")
    for name in routes.value:
        at.book.routes[name] = routes.branches(name)


def _read_scenes(at: Cursor) -> dict[str, Scene]:
    items = at.items("scenes")
    at.unique("scenes", items)
    scenes = (_read_scene(item) for item in items)
    return {scene.id: scene for scene in scenes if scene is not None}


def _read_scene(at: Cursor) -> Scene | None:
    at.knows("id", "kind", "step", "customer_when", "inner", "speaker", "channel", "asks")
    common = {
        "id": at.word("id"),
        "step": at.one_of("step", STEPS),
        "customer": words(at, "customer"),
        "customer_when": at.conditions_to_say("customer_when", words),
        "inner": at.text("inner") if "inner" in at else None,
        "speaker": at.text("speaker") if "speaker" in at else None,
        "channel": at.one_of("channel", CHANNELS) if "channel" in at else None,
        "asks": at.one_of("asks", ASKS) if "asks" in at else None,
    }
    kind = kinds.get(str(at.value.get("kind")))
    if kind is None:
        at.error("kind" if "kind" in at else None, "`kind` must be the kind of the scene", f"Write one of {', '.join(kinds.keys())}.")
        return None
    scene = kind.read(at, common)
    at.only()
    return scene


def _read_endings(at: Cursor) -> dict[str, Ending]:
    items = at.items("endings")
    at.unique("endings", items)
    endings = [_read_ending(item) for item in items]
    return {ending.id: ending for ending in endings}


def _read_ending(at: Cursor) -> Ending:
    at.knows("id", "rank", "title", "text", "variants", "next_step", "next_step_for")
    at.only()
    variants, onward = (_by_critical(at, key) for key in ("variants", "next_step_for"))
    for name in onward.keys() - variants.keys():
        at.error("next_step_for", f"`{name}` has a next step of its own and has no variant", f"Tell under `variants` how it ends after `{name}`.")
    return Ending(
        id=at.word("id"),
        rank=at.integer("rank", 1, 3),
        title=at.text("title"),
        text=at.text("text"),
        variants=variants,
        next_step=at.text("next_step"),
        next_step_for=onward,
    )


def _by_critical(at: Cursor, key: str) -> dict[str, Text]:
    """Texts by critical error; empty when nothing is written."""
    if key not in at:
        return {}
    texts = at.under(key)
    texts.knows(*CRITICALS)
    texts.only()
    return {name: texts.text(name) for name in texts.value if name in CRITICALS}
