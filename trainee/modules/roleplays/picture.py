"""A scenario as a graph: scenes in layers from its beginning down to its endings, drawn as SVG."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from trainee.kit.i18n import percent
from trainee.kit.words import Text
from trainee.modules.roleplays.graph import Graph, Passage
from trainee.modules.roleplays.plot import Story

WIDE, HIGH = 196, 76
ACROSS, DOWN, STACK = 230, 124, 90
"""From one box to the next: beside each other, one scene below another, one ending below another."""

EDGE, LANE = 16, 14
BESIDE = 150
"""Room right of the boxes, for what is written on the ways that lead past scenes; the lanes of these ways lie behind it."""

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
    plan = _plan(whole.story, drawn)
    parts = ['<svg class="talk-graph" xmlns="http://www.w3.org/2000/svg" role="img"']
    parts.append(f' viewBox="0 0 {plan.width:.0f} {plan.deep:.0f}" width="{plan.width:.0f}" height="{plan.deep:.0f}"')
    parts.append(f' aria-label="{escape(words["title"])}" font-family="sans-serif" font-size="14" fill="{_INK}">')
    parts.append(f'<rect class="ground" width="{plan.width:.0f}" height="{plan.deep:.0f}" fill="#ffffff"/>{_heads()}')
    labels: list[str] = []
    # The boxes are where no label may lie; each label placed is one more such box.
    taken: list[Box] = [(x - WIDE / 2, y, x + WIDE / 2, y + HIGH) for x, y in plan.places.values()]
    for arrow in drawn:
        line, label = _arrow(arrow, plan, shares.get((arrow.start, arrow.end)), taken)
        parts.append(line)
        labels.append(label)
    for key, place in plan.places.items():
        parts.append(_ending(whole, key, place, lang) if key in whole.story.endings else _scene(whole, key, place, lang, words))
    return Markup("".join([*parts, *labels]) + "</svg>")  # noqa: S704  # Every text in it was escaped where it was put in.


@dataclass(slots=True)
class Plan:
    """Where everything stands: the middle of each box's upper side, its row, and for each way past scenes its lane and where it leaves the box."""

    width: float
    deep: float
    places: dict[str, tuple[float, float]]
    level: dict[str, int]
    last: frozenset[str]
    """The boxes with nothing to the right of them."""
    lanes: dict[tuple[str, str], float] = field(default_factory=dict)
    leaves: dict[tuple[str, str], float] = field(default_factory=dict)


def _plan(story: Story, drawn: list[Arrow]) -> Plan:
    """Scenes in rows from the top, endings below each other at the end, so that every way to one of them comes in from the right."""
    rows = [row for row in layers(story, drawn)[:-1] if row] + [[ending] for ending in layers(story, drawn)[-1]]
    places: dict[str, tuple[float, float]] = {}
    top = float(EDGE)
    for row in rows:
        # Rows begin at the left, so that a phone shows the beginning of the talk without moving the picture sideways.
        places.update({key: (EDGE + WIDE / 2 + number * ACROSS, top) for number, key in enumerate(row)})
        top += STACK if row[0] in story.endings else DOWN
    level = {key: number for number, row in enumerate(rows) for key in row}
    plan = Plan(0, top + EDGE, places, level, frozenset(row[-1] for row in rows))
    past = [arrow for arrow in drawn if _is_past(arrow, plan, story)]
    right = max(x for x, _y in places.values()) + WIDE / 2 + BESIDE
    # Short ways lie inside, long ones outside; two share a lane where they do not meet.
    lanes: list[list[tuple[int, int]]] = []
    for arrow in sorted(past, key=lambda one: abs(level[one.end] - level[one.start])):
        span = (min(level[arrow.start], level[arrow.end]), max(level[arrow.start], level[arrow.end]))
        number = next((n for n, lane in enumerate(lanes) if all(span[1] < low or span[0] > high for low, high in lane)), len(lanes))
        if number == len(lanes):
            lanes.append([])
        lanes[number].append(span)
        plan.lanes[arrow.start, arrow.end] = right + LANE * (number + 1)
    for start in {arrow.start for arrow in past}:
        own = sorted((arrow for arrow in past if arrow.start == start), key=lambda one: level[one.end])
        for number, arrow in enumerate(own):
            plan.leaves[start, arrow.end] = places[start][1] + HIGH - 6 - 17 * (len(own) - 1 - number)
    plan.width = right + LANE * (len(lanes) + 1) + EDGE
    return plan


def _is_past(arrow: Arrow, plan: Plan, story: Story) -> bool:
    """Whether a way leads past other boxes: to an ending that does not stand right below, further down, or back."""
    apart = plan.level[arrow.end] - plan.level[arrow.start]
    return apart not in (0, 1) or (apart == 0 and abs(plan.places[arrow.end][0] - plan.places[arrow.start][0]) > ACROSS)


def _heads() -> str:
    made = "".join(
        f'<marker id="head-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto">'
        f'<path class="head-{name}" d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
        for name, colour in (("plain", _LINE), ("bad", _BAD))
    )
    return f"<defs>{made}</defs>"


def _arrow(arrow: Arrow, plan: Plan, share: float | None, taken: list[Box]) -> tuple[str, str]:
    """The line of an arrow, and its label, which is put where nothing of `taken` lies and is added to it."""
    if (arrow.start, arrow.end) in plan.lanes:
        path, spots = _round_about(arrow, plan)
    else:
        path, spots = _straight(plan.places[arrow.start], plan.places[arrow.end])
    colour, head = (_BAD, "bad") if arrow.critical else (_LINE, "plain")
    thick = 1.2 + 4 * (share or 0)
    line = f'<path class="way-{head}" d="{path}" fill="none" stroke="{colour}" stroke-width="{thick:.1f}" marker-end="url(#head-{head})"/>'
    words = " · ".join(arrow.labels if len(arrow.labels) <= 4 else [*arrow.labels[:3], "…"])
    told = f"{words} ({percent(share)})" if share is not None else words
    wide = 7.2 * len(told) + 6
    # What stands beside the picture would be cut off.
    spots = [(max(2.0, min(plan.width - wide - 2, across)), down) for across, down in spots]
    at = next((spot for spot in spots if not _overlaps(_around(spot, wide), taken)), spots[0])
    taken.append(_around(at, wide))
    # A rim around the letters, and no box: a box would cut the lines behind it.
    rim = 'stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    label = f'<text class="label-{head}" x="{at[0]:.0f}" y="{at[1] + 4:.0f}" font-size="12.5" fill="{colour}" {rim}>'
    return line, f"{label}{escape(told)}</text>"


def _straight(start: tuple[float, float], end: tuple[float, float]) -> tuple[str, list[tuple[float, float]]]:
    """A way to a box below, or beside: its path, and where its words may begin, the best place first; never upon the line."""
    (x, y), (to_x, to_y) = start, end
    if y == to_y:
        side = 1 if to_x > x else -1
        path = f"M{x + side * WIDE / 2:.0f} {y + HIGH / 2:.0f}H{to_x - side * WIDE / 2:.0f}"
        return path, [
            (min(x, to_x) + WIDE / 2 - 30, y + HIGH + 12),
            (min(x, to_x) + WIDE / 2 - 30, y - 12),
            (min(x, to_x) + WIDE / 2 - 30, y + HIGH + 30),
        ]
    y += HIGH
    middle = (y + to_y) / 2
    if x == to_x:
        return f"M{x:.0f} {y:.0f}V{to_y:.0f}", [(x + 10, middle), (x + 10, middle - 12), (x - WIDE / 2, middle), (x + 10, middle + 12)]
    if to_x > x:
        # What is written on the way straight down stands right of it.
        x += WIDE / 2 - 12
    path = f"M{x:.0f} {y:.0f}C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}"
    far = max(x, to_x)
    return path, [(far + 10, middle), (far - 20, middle - 14), (far + 10, middle + 14), (min(x, to_x) + 30, middle + 14)]


def _round_about(arrow: Arrow, plan: Plan) -> tuple[str, list[tuple[float, float]]]:
    """A way past other boxes: out to the right, along a lane of its own, and in from the right; past a neighbour through the room below a row."""
    (x, y), (to_x, to_y) = plan.places[arrow.start], plan.places[arrow.end]
    lane, out = plan.lanes[arrow.start, arrow.end], plan.leaves[arrow.start, arrow.end]
    leave = f"M{x + WIDE / 2:.0f} {out:.0f}"
    if arrow.start not in plan.last:
        out = y + HIGH + 14
        leave = f"M{x + 40:.0f} {y + HIGH:.0f}V{out:.0f}"
    enter, into = f"H{to_x + WIDE / 2:.0f}", to_y + 6
    if arrow.end not in plan.last:
        into = to_y - 14
        enter = f"H{to_x + 40:.0f}V{to_y:.0f}"
    begin = max(x0 for x0, y0 in plan.places.values() if y0 == y) + WIDE / 2 + 16
    return f"{leave}H{lane:.0f}V{into:.0f}{enter}", [(begin, out - 9 + off) for off in (0, 17, -17, 34, -34, 51)]


def _around(at: tuple[float, float], wide: float) -> Box:
    return at[0], at[1] - 8, at[0] + wide, at[1] + 8


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
