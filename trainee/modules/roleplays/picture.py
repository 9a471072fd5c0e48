"""A scenario as a graph: scenes in layers from its beginning down to its endings, drawn as SVG."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from trainee.kit.i18n import percent
from trainee.kit.words import Text
from trainee.modules.roleplays.graph import Graph, Passage
from trainee.modules.roleplays.plot import Story

WIDE, HIGH = 196, 82
ACROSS, DOWN = 220, 158
EDGE = 12
SIDE = 64
"""Room left and right, for the ways that lead past scenes."""

LINE = 25
"""How many letters of a scene's words fit into one line of its box."""

KINDS = {"choice": "#e6eef7", "typed": "#f3e9f6", "observe": "#e4f3ea"}
RANKS = {3: "#cfe9d4", 2: "#f7ebc6", 1: "#f4d3cf"}
_INK, _LINE, _BAD = "#1e2430", "#5b6678", "#a3241b"


Box = tuple[float, float, float, float]
"""Left, top, right and bottom of something that was drawn."""


@dataclass(slots=True)
class Arrow:
    """All ways from one scene to one place: what is done, the moods they bring, whether one is a critical error."""

    start: str
    end: str
    labels: list[str] = field(default_factory=list)
    critical: bool = False


def arrows(whole: Graph, words: Mapping[str, str]) -> list[Arrow]:
    """What leads where, each pair of places once, in the order of the story. `words`: the kinds of scene as the reader calls them."""
    found: dict[tuple[str, str], Arrow] = {}
    for number in sorted(whole.passages):
        passage = whole.passages[number]
        arrow = found.setdefault((passage.scene.id, passage.to), Arrow(passage.scene.id, passage.to))
        label = _label(passage, words)
        if label not in arrow.labels:
            arrow.labels.append(label)
        arrow.critical = arrow.critical or passage.way.outcome.critical is not None
    order = {key: place for place, key in enumerate([*whole.story.scenes, *whole.story.endings])}
    return sorted(found.values(), key=lambda arrow: (order[arrow.start], order[arrow.end]))


def _label(passage: Passage, words: Mapping[str, str]) -> str:
    """What was done, in short, and what it does to the mood: `a +1`; a critical error has a sign before it."""
    outcome = passage.way.outcome
    answer = next(iter(passage.way.answers[-1].values()))
    name = answer if isinstance(answer, str) else words.get(passage.scene.kind, passage.scene.kind)
    mood = f" {outcome.mood:+d}" if outcome.mood else ""
    return f"{'!' if outcome.critical else ''}{name}{mood}"


def layers(story: Story, drawn: list[Arrow]) -> list[list[str]]:
    """The scenes by how late they can come; a way back does not count. The endings stand in the last layer."""
    ahead: dict[str, list[str]] = {}
    for arrow in drawn:
        if arrow.end in story.scenes:
            ahead.setdefault(arrow.start, []).append(arrow.end)
    depth = {story.start: 0}
    _sink(story.start, ahead, depth, ())
    found: list[list[str]] = [[] for _layer in range(max(depth.values()) + 2)]
    for scene in story.scenes:
        if scene in depth:
            found[depth[scene]].append(scene)
    found[-1] = sorted(story.endings, key=lambda ending: -story.endings[ending].rank)
    return found


def _sink(scene: str, ahead: Mapping[str, list[str]], depth: dict[str, int], above: tuple[str, ...]) -> None:
    for after in ahead.get(scene, ()):
        if after not in above and depth.get(after, -1) <= depth[scene]:
            depth[after] = depth[scene] + 1
            _sink(after, ahead, depth, (*above, scene))


def draw(whole: Graph, lang: str, words: Mapping[str, str], shares: Mapping[tuple[str, str], float]) -> Markup:
    """The picture as SVG. `words`: title, start and the kinds of scene as the reader calls them; `shares` 0..1 by pair of places, where known."""
    drawn = arrows(whole, words)
    rows = layers(whole.story, drawn)
    # Rows begin at the left, so that a phone shows the beginning of the talk without moving the picture sideways.
    width = max(len(row) for row in rows) * ACROSS + 2 * SIDE
    places = {}
    for layer, row in enumerate(rows):
        for number, key in enumerate(row):
            places[key] = (SIDE + WIDE / 2 + number * ACROSS, EDGE + 20 + layer * DOWN)
    deep = EDGE + 20 + len(rows) * DOWN
    parts = ['<svg class="talk-graph" xmlns="http://www.w3.org/2000/svg" role="img"']
    parts.append(f' viewBox="0 0 {width:.0f} {deep}" width="{width:.0f}" height="{deep}"')
    parts.append(f' aria-label="{escape(words["title"])}" font-family="sans-serif" font-size="14" fill="{_INK}">')
    parts.append(f'<rect class="ground" width="{width:.0f}" height="{deep}" fill="#ffffff"/>{_heads()}')
    level = {key: layer for layer, row in enumerate(rows) for key in row}
    labels: list[str] = []
    # The boxes are where no label may lie; each label placed is one more such box.
    taken: list[Box] = [(x - WIDE / 2, y, x + WIDE / 2, y + HIGH) for x, y in places.values()]
    for number, arrow in enumerate(drawn):
        past = level[arrow.end] - level[arrow.start]
        line, label = _arrow(arrow, places, past, width, number, shares.get((arrow.start, arrow.end)), taken)
        parts.append(line)
        labels.append(label)
    for key, place in places.items():
        parts.append(_ending(whole, key, place, lang) if key in whole.story.endings else _scene(whole, key, place, lang, words))
    return Markup("".join([*parts, *labels]) + "</svg>")  # noqa: S704  # Every text in it was escaped where it was put in.


def _heads() -> str:
    made = "".join(
        f'<marker id="head-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto">'
        f'<path class="head-{name}" d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
        for name, colour in (("plain", _LINE), ("bad", _BAD))
    )
    return f"<defs>{made}</defs>"


def _arrow(
    arrow: Arrow, places: Mapping[str, tuple[float, float]], past: int, width: float, number: int, share: float | None, taken: list[Box]
) -> tuple[str, str]:
    """The line of an arrow, and its label, which is put where nothing of `taken` lies and is added to it."""
    (x, y), (to_x, to_y) = places[arrow.start], places[arrow.end]
    y += HIGH
    side = -1 if x + to_x < width else 1
    if past == 1:
        path = f"M{x:.0f} {y:.0f}C{x:.0f} {y + 40:.0f} {to_x:.0f} {to_y - 40:.0f} {to_x:.0f} {to_y:.0f}"
        spots = [_on_curve(x, y, to_x, to_y, part / 20) for part in (6, 8, 10, 12, 14, 4, 16)]
    else:
        # Past scenes or back: out of the side of the box, along a lane of its own, and into the side of the other.
        lane = EDGE + 6 * (number % 8)
        out, turn = (lane if side < 0 else width - lane), 24 if past > 0 else -24
        leave, enter, from_y, end_y = x + side * WIDE / 2, to_x + side * WIDE / 2, y - HIGH / 2, to_y + HIGH / 2
        path = f"M{leave:.0f} {from_y:.0f}Q{out:.0f} {from_y:.0f} {out:.0f} {from_y + turn:.0f}V{end_y - turn:.0f}"
        path += f"Q{out:.0f} {end_y:.0f} {enter:.0f} {end_y:.0f}"
        # Below the box it comes from, or above it, in the lane.
        spots = [(out, y + off) for off in (13, 33, 53, -HIGH - 14, 73, -HIGH - 34)]
    colour, head = (_BAD, "bad") if arrow.critical else (_LINE, "plain")
    thick = 1.2 + 4 * (share or 0)
    line = f'<path class="way-{head}" d="{path}" fill="none" stroke="{colour}" stroke-width="{thick:.1f}" marker-end="url(#head-{head})"/>'
    words = " · ".join(arrow.labels if len(arrow.labels) <= 4 else [*arrow.labels[:3], "…"])
    told = f"{words} ({percent(share)})" if share is not None else words
    half = 3.6 * len(told) + 4
    # What stands beside the picture would be cut off.
    spots = [(max(half + 2, min(width - half - 2, across)), down) for across, down in spots]
    at = next((spot for spot in spots if not _overlaps(_around(spot, half), taken)), spots[0])
    taken.append(_around(at, half))
    # A rim around the letters, and no box: a box would cut the lines behind it.
    rim = 'stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    label = f'<text class="label-{head}" x="{at[0]:.0f}" y="{at[1] + 4:.0f}" text-anchor="middle" font-size="12.5" fill="{colour}" {rim}>'
    return line, f"{label}{escape(told)}</text>"


def _on_curve(x: float, y: float, to_x: float, to_y: float, part: float) -> tuple[float, float]:
    """A place on the way straight down, `part` 0..1 from its start."""
    rest = 1 - part
    across = (rest**3 + 3 * rest**2 * part) * x + (3 * rest * part**2 + part**3) * to_x
    return across, rest**3 * y + 3 * rest**2 * part * (y + 40) + 3 * rest * part**2 * (to_y - 40) + part**3 * to_y


def _around(at: tuple[float, float], half: float) -> Box:
    return at[0] - half, at[1] - 10, at[0] + half, at[1] + 9


def _overlaps(one: Box, others: list[Box]) -> bool:
    return any(one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3] for other in others)


def _scene(whole: Graph, key: str, place: tuple[float, float], lang: str, words: Mapping[str, str]) -> str:
    scene = whole.story.scenes[key]
    head = " · ".join(filter(None, (key, words.get(scene.kind, scene.kind), words["start"] if key == whole.story.start else "")))
    return _box(place, scene.kind, KINDS.get(scene.kind, "#eeeeee"), head, scene.customer, lang, _LINE)


def _ending(whole: Graph, key: str, place: tuple[float, float], lang: str) -> str:
    ending = whole.story.endings[key]
    return _box(
        place, f"rank-{ending.rank}", RANKS[ending.rank], f"{key} · {'★' * ending.rank}", ending.title, lang, _BAD if ending.variants else _INK
    )


def short_title(told: Text, lang: str, most: int = 2 * LINE) -> str:
    """The first words of what a scene begins with: by them an author knows it again, and not by its id."""
    words = told.of(lang).split()
    title = ""
    for number, word in enumerate(words):
        longer = f"{title} {word}".strip()
        if len(longer) + (number < len(words) - 1) > most:
            return f"{title or word[: most - 1]}…"
        title = longer
    return title


def _lines(title: str) -> tuple[str, str]:
    """A short title in two lines."""
    first = ""
    for word in title.split():
        if len(f"{first} {word}".strip()) > LINE:
            break
        first = f"{first} {word}".strip()
    first = first or title[:LINE]
    return first, title[len(first) :].strip()


def _box(place: tuple[float, float], name: str, fill: str, head: str, told: Text, lang: str, line: str) -> str:
    x, y = place
    shape = f'<rect class="box-{name}" x="{x - WIDE / 2:.0f}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="8" fill="{fill}" stroke="{line}"/>'
    first, second = _lines(short_title(told, lang, 2 * LINE - 4))
    return (
        f"<g><title>{escape(told.of(lang))}</title>{shape}"
        f'<text x="{x:.0f}" y="{y + 24:.0f}" text-anchor="middle" font-weight="bold">{escape(head[:LINE])}</text>'
        f'<text x="{x:.0f}" y="{y + 46:.0f}" text-anchor="middle" font-size="13">{escape(first)}</text>'
        f'<text x="{x:.0f}" y="{y + 65:.0f}" text-anchor="middle" font-size="13">{escape(second)}</text></g>'
    )
