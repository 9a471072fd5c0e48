"""A scenario as a graph: scenes below each other from its beginning down to its endings, drawn as SVG."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup, escape

from trainee.kit.i18n import _, force_locale, percent
from trainee.kit.words import Text
from trainee.modules.roleplays.conditions import Setters, decided_by, opened_by
from trainee.modules.roleplays.graph import Graph, Passage
from trainee.modules.roleplays.plot import Story
from trainee.modules.roleplays.scene import Situation

WIDE, HIGH = 196, 76
EDGE, LANE, GAP = 16, 14, 26
LETTER, ROW = 7.2, 15
"""How wide a letter of a label is, and how high a line of it."""

LINE = 25
"""How many letters of a scene's words fit into one line of its box."""

LABEL = 46
"""And how many into one line of a label."""

KINDS = {"choice": "#e6eef7", "typed": "#f3e9f6", "observe": "#e4f3ea"}
RANKS = {3: "#cfe9d4", 2: "#f7ebc6", 1: "#f4d3cf"}
_INK, _LINE, _BAD = "#1e2430", "#5b6678", "#a3241b"


@dataclass(slots=True)
class Arrow:
    """All ways from one scene to one place: what is done and the moods it brings, by the condition that decides; whether one is a critical error."""

    start: str
    end: str
    ways: dict[str, list[str]] = field(default_factory=dict)
    critical: bool = False

    def lines(self, share: float | None) -> list[tuple[str, bool]]:
        """What is written on it, line by line: replies, and below them (true) when they lead there."""
        found: list[tuple[str, bool]] = []
        for when, labels in self.ways.items():
            told = " · ".join(labels if len(labels) <= MOST else [*labels[: MOST - 1], "…"])
            found.append((told, False))
            found += [(line, True) for line in textwrap.wrap(when, LABEL, break_on_hyphens=False)]
        if share is not None:
            found[0] = (f"{found[0][0]} ({percent(share)})", False)
        return found


MOST = 5
"""So many replies are named on a way; a scene has no more of its own."""


def arrows(whole: Graph, names: Mapping[str, str]) -> list[Arrow]:
    """What leads where, each pair of places once, in the order of the story. `names`: critical errors as the reader calls them, by key."""
    found: dict[tuple[str, str], Arrow] = {}
    setters = _setters(whole)
    for number in sorted(whole.passages):
        passage = whole.passages[number]
        arrow = found.setdefault((passage.scene.id, passage.to), Arrow(passage.scene.id, passage.to))
        labels = arrow.ways.setdefault(_when(passage, names, setters), [])
        label = _label(passage)
        if label not in labels:
            labels.append(label)
        arrow.critical = arrow.critical or passage.way.outcome.critical is not None
    order = {key: place for place, key in enumerate([*whole.story.scenes, *whole.story.endings])}
    return sorted(found.values(), key=lambda arrow: (order[arrow.start], order[arrow.end]))


def _when(passage: Passage, names: Mapping[str, str], setters: Setters) -> str:
    """What opens a reply, and what decides where it leads."""
    needed, outcome = passage.scene.needed_for(passage.way.answers[-1]), passage.way.outcome
    sure = Situation(0, needed.flags_all | frozenset(outcome.flags), (outcome.critical,) if outcome.critical else ())
    lacking = needed.flags_none - frozenset(outcome.flags)
    decided = decided_by(outcome.route, passage.place, names, sure, lacking, setters)
    return "; ".join(filter(None, (opened_by(needed, names, setters), decided)))


def _setters(whole: Graph) -> Setters:
    """By flag the scenes with the answers that set it, in the order of the story. A choice is known by its letter, anything else by its outcome."""
    order = {key: place for place, key in enumerate(whole.story.scenes)}
    found: dict[str, dict[tuple[str, str], None]] = {}
    for passage in sorted(whole.passages.values(), key=lambda one: order[one.scene.id]):
        for flag in passage.way.outcome.flags:
            found.setdefault(flag, {})[passage.scene.id, _outcome(passage)] = None
    return {flag: sorted(ways, key=lambda way: (order[way[0]], way[1])) for flag, ways in found.items()}


def _outcome(passage: Passage) -> str:
    """What came out of a scene: the letter of the choice, or which of the outcomes of a reply or a look it is, the best being the first."""
    answer = next(iter(passage.way.answers[-1].values()))
    if isinstance(answer, str):
        return answer
    bands = getattr(passage.scene, "bands", ())
    place = next((number for number, band in enumerate(bands, 1) if band.feedback is passage.way.outcome.feedback), 1)
    return f"{kind_words()[passage.scene.kind]} {place}/{len(bands)}"


def _label(passage: Passage) -> str:
    """What was done, in short, and what it does to the mood: `a +1`; a critical error has a sign before it."""
    outcome = passage.way.outcome
    answer = next(iter(passage.way.answers[-1].values()))
    name = answer if isinstance(answer, str) else kind_words()[passage.scene.kind]
    mood = f" {outcome.mood:+d}" if outcome.mood else ""
    return f"{'!' if outcome.critical else ''}{name}{mood}"


def kind_words() -> dict[str, str]:
    """The kinds of scene as a reader calls them."""
    return {"choice": str(_("choice")), "typed": str(_("reply")), "observe": str(_("look"))}


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


def draw(whole: Graph, lang: str, title: str, shares: Mapping[tuple[str, str], float], names: Mapping[str, str] | None = None) -> Markup:
    """The picture as SVG. `shares` 0..1 by pair of places, where known; `names`: critical errors as the reader calls them, by key."""
    with force_locale(lang):
        drawn = arrows(whole, names or {})
        plan = _plan(whole.story, drawn, shares)
        parts = ['<svg class="talk-graph" xmlns="http://www.w3.org/2000/svg" role="img"']
        parts.append(f' viewBox="0 0 {plan.width:.0f} {plan.deep:.0f}" width="{plan.width:.0f}" height="{plan.deep:.0f}"')
        parts.append(f' aria-label="{escape(title)}" font-family="sans-serif" font-size="14" fill="{_INK}">')
        parts.append(f'<rect class="ground" width="{plan.width:.0f}" height="{plan.deep:.0f}" fill="#ffffff"/>{_heads()}')
        # Ways by a critical error lie below the others, so that a lane both use shows as an ordinary one.
        parts += [_way(arrow, plan, shares.get((arrow.start, arrow.end))) for arrow in sorted(drawn, key=lambda one: not one.critical)]
        for key, place in plan.places.items():
            parts.append(_ending(whole, key, place, lang) if key in whole.story.endings else _scene(whole, key, place, lang))
        parts += [_written(arrow, plan, shares.get((arrow.start, arrow.end))) for arrow in drawn]
        return Markup("".join(parts) + "</svg>")  # noqa: S704  # Every text in it was escaped where it was put in.


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands: its upper side and its height. All begin at one left edge."""

    top: float
    high: float

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.top + self.high

    @property
    def enters(self) -> float:
        """How far down the ways come in that lead past other boxes."""
        return self.top + 10


@dataclass(slots=True)
class Plan:
    """Where everything stands: the boxes, the ways that lead past others with where they leave, and the lane by which a box is come to.

    All that lead to one box share its lane, so that there are few; between the boxes and the lanes is room for what is written on the ways, and
    no line runs through it but the one that is written on.
    """

    width: float
    deep: float
    places: dict[str, Place]
    leaves: dict[tuple[str, str], float]
    lanes: dict[str, float]


def _plan(story: Story, drawn: list[Arrow], shares: Mapping[tuple[str, str], float]) -> Plan:
    """One box below the other, each as high as what leads out of it needs."""
    column = [key for row in layers(story, drawn) for key in row]
    below = dict(pairwise(column))
    lines = {(arrow.start, arrow.end): arrow.lines(shares.get((arrow.start, arrow.end))) for arrow in drawn}
    past = [arrow for arrow in drawn if below.get(arrow.start) != arrow.end]
    entered = {arrow.end for arrow in past}
    level = {key: number for number, key in enumerate(column)}
    plan = Plan(0, 0, {}, {}, {})
    top = float(EDGE)
    for key in column:
        down = top + (16 if key in entered else 4)
        for arrow in sorted((one for one in past if one.start == key), key=lambda one: level[one.end]):
            down += ROW * len(lines[key, arrow.end]) + 4
            plan.leaves[key, arrow.end] = down
            down += 4
        plan.places[key] = Place(top, max(HIGH, down - top + 4))
        top = plan.places[key].bottom + max(GAP, ROW * len(lines.get((key, below.get(key, "")), ())) + 18)
    # What leads straight down is written beside the line, which leaves the box in its middle.
    begin = {pair: EDGE + WIDE / 2 if below.get(pair[0]) == pair[1] else EDGE + WIDE for pair in lines}
    wide = max((begin[pair] + LETTER * len(line) for pair, told in lines.items() for line, _when in told), default=0.0)
    plan.lanes = _lanes(plan, entered, max(wide + 16, EDGE + WIDE) + LANE)
    plan.width = max([wide + EDGE, EDGE + WIDE, *plan.lanes.values()]) + EDGE
    plan.deep = max(place.bottom for place in plan.places.values()) + EDGE
    return plan


def _lanes(plan: Plan, entered: set[str], first: float) -> dict[str, float]:
    """A lane for each box that is come to from afar: short ones inside, long ones outside; two share one where they do not meet."""
    spans = {end: [plan.places[end].enters, *(out for (_start, to), out in plan.leaves.items() if to == end)] for end in entered}
    lanes: list[list[str]] = []
    for end in sorted(entered, key=lambda key: (max(spans[key]) - min(spans[key]), key)):
        free = (lane for lane in lanes if all(max(spans[end]) + 4 < min(spans[other]) or max(spans[other]) + 4 < min(spans[end]) for other in lane))
        lane = next(free, None)
        if lane is None:
            lane = []
            lanes.append(lane)
        lane.append(end)
    return {end: first + LANE * number for number, lane in enumerate(lanes) for end in lane}


def _heads() -> str:
    made = "".join(
        f'<marker id="head-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto">'
        f'<path class="head-{name}" d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
        for name, colour in (("plain", _LINE), ("bad", _BAD))
    )
    return f"<defs>{made}</defs>"


def _way(arrow: Arrow, plan: Plan, share: float | None) -> str:
    """The line of an arrow: straight down, or out to the right, along the lane of the box it leads to, and in from the right."""
    start, end = plan.places[arrow.start], plan.places[arrow.end]
    out = plan.leaves.get((arrow.start, arrow.end))
    if out is None:
        path = f"M{EDGE + WIDE / 2:.0f} {start.bottom:.0f}V{end.top:.0f}"
    else:
        path = f"M{EDGE + WIDE} {out:.0f}H{plan.lanes[arrow.end]:.0f}V{end.enters:.0f}H{EDGE + WIDE}"
    colour, head = (_BAD, "bad") if arrow.critical else (_LINE, "plain")
    thick = 1.2 + 4 * (share or 0)
    return f'<path class="way-{head}" d="{path}" fill="none" stroke="{colour}" stroke-width="{thick:.1f}" marker-end="url(#head-{head})"/>'


def _written(arrow: Arrow, plan: Plan, share: float | None) -> str:
    """What is written on an arrow: above its own line where that leaves the box to the right, beside it where it leads down."""
    lines, out = arrow.lines(share), plan.leaves.get((arrow.start, arrow.end))
    if out is None:
        across, down = EDGE + WIDE / 2 + 10, plan.places[arrow.start].bottom + 6
    else:
        across, down = EDGE + WIDE + 10.0, out - 4 - ROW * len(lines)
    colour, head = (_BAD, "bad") if arrow.critical else (_LINE, "plain")
    parts = []
    for number, (told, when) in enumerate(lines, 1):
        weight = "" if when else ' font-weight="bold"'
        place = f'x="{across:.0f}" y="{down + ROW * number - 3:.0f}"'
        parts.append(f'<text class="label-{head}" {place} font-size="12.5" fill="{colour}"{weight}>{escape(told)}</text>')
    return "".join(parts)


def _scene(whole: Graph, key: str, place: Place, lang: str) -> str:
    scene = whole.story.scenes[key]
    head = " · ".join(filter(None, (key, kind_words()[scene.kind], str(_("start")) if key == whole.story.start else "")))
    return _box(place, scene.kind, KINDS.get(scene.kind, "#eeeeee"), head, scene.customer, lang, _LINE)


def _ending(whole: Graph, key: str, place: Place, lang: str) -> str:
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


def _box(place: Place, name: str, fill: str, head: str, told: Text, lang: str, line: str) -> str:
    x, y = EDGE + WIDE / 2, place.top + (place.high - HIGH) / 2
    shape = f'<rect class="box-{name}" x="{EDGE}" y="{place.top:.0f}" width="{WIDE}" height="{place.high:.0f}" rx="8" fill="{fill}" stroke="{line}"/>'
    first, second = _lines(short_title(told, lang, 2 * LINE - 4))
    return (
        f"<g><title>{escape(told.of(lang))}</title>{shape}"
        f'<text x="{x:.0f}" y="{y + 24:.0f}" text-anchor="middle" font-weight="bold">{escape(head[:LINE])}</text>'
        f'<text x="{x:.0f}" y="{y + 46:.0f}" text-anchor="middle" font-size="13">{escape(first)}</text>'
        f'<text x="{x:.0f}" y="{y + 65:.0f}" text-anchor="middle" font-size="13">{escape(second)}</text></g>'
    )
