"""What a night learns of the whole log: how hard items and skills are, how lenient observers, and how wide bands have to be.

Every answer is foretold before anything is learned from it, so that the bands are judged by what was known when they were told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trainee.evidence import Row
from trainee.evidence.source import ANCHOR
from trainee.profile import policy
from trainee.profile.filter import PRODUCT, Ability, Facet, Memory, Normal, look, step
from trainee.profile.fold import Difficulties, Line, day_of, item_key
from trainee.profile.policy import ALL, Rule
from trainee.profile.widths import ENOUGH, KNOWN, NEXT_OF, Judged, Watch


@dataclass(slots=True)
class _Company:
    """Everybody on one line, or on all together, and the watch over their bands. Ratings of customers judge none: each says too little."""

    people: dict[int, Ability] = field(default_factory=dict)
    facets: dict[tuple[int, str], Facet] = field(default_factory=dict)
    memories: dict[tuple[int, str], Memory] = field(default_factory=dict)
    sitters: dict[int, Line] = field(default_factory=dict)
    watch: dict[str, Watch] = field(default_factory=lambda: {line: Watch(line) for line in NEXT_OF})

    def take(self, row: Row, found: Rule, skill: Normal, item: Normal, learning: bool) -> None:
        """Foretell a row, and learn from it."""
        day, place = day_of(row.occurred_at), (row.person_id, row.skill)
        who = self.people.setdefault(row.person_id, Ability(0.0, PRODUCT.vg))
        facet = self.facets.setdefault(place, Facet(0.0, 0.0, PRODUCT.vu, 0, day))
        known = found.source.memory_key(row.item, row.actor_id)
        memory = self.memories.setdefault((row.person_id, f"{known}|{row.skill}"), Memory(0.0, PRODUCT.vr, 0, day)) if known else None
        form, sitting = None, ""
        if run := found.source.sitting(row.receipt):
            line = self.sitters.setdefault(row.person_id, Line())
            form, sitting = line.in_form(run, day), line.sitting
        watch = self.watch.get(found.line)
        if watch is not None:
            if facet.n >= KNOWN and not watch.awaits(place):
                watch.begin(place, look(who, facet, skill, day), skill)
            if watch.awaits(place):
                watch.answer(place, found.source.difficulty_key(row.item, row.actor_id), found.task, item, memory, day, row.score, sitting)
        step(who, (facet,), (skill,), memory, item, row.score, day, found.task, PRODUCT, learning, form)


def learn(rows: Iterable[Row]) -> Difficulties:
    """What everybody's evidence says, in its order, by the filter's full update."""
    items: dict[str, Normal] = {}
    asked: dict[str, tuple[list[Normal], list[Normal]]] = {}
    skills: dict[str, Normal] = {}
    whole, alone = _Company(), {line: _Company() for line in NEXT_OF}
    for row in rows:
        found = policy.rule(row.source, row.choices)
        if found is None:
            continue
        skill = skills.setdefault(row.skill, Normal(0.0, PRODUCT.vb))
        key = item_key(found, row)
        item = items.get(key)
        if item is None:
            item = items[key] = Normal(*found.prior)
            asked.setdefault(row.skill, ([], []))[found.source.anchor is not None].append(item)
        if not found.source.says_how_hard(row.item, row.actor_id):
            item = Normal(item.m, item.v)
        if found.line in alone:
            alone[found.line].take(row, found, skill, item, learning=False)
        whole.take(row, found, skill, item, learning=True)
    for key, (others, marks) in asked.items():
        _hold(skills[key], others, marks)
    return Difficulties(items, skills, _told(whole, alone))


def _hold(skill: Normal, others: Sequence[Normal], marks: Sequence[Normal]) -> None:
    """Lay the scale of a skill so that the mean of what was learned of its observers is their anchor; no expected score changes by it.

    Else a company of severe observers could not be told from one whose people do less well, and a mark would say no more than where one stands
    among colleagues: only how observers differ from each other may be learned. Each counts by what was learned of her.
    """
    middle, doubt = ANCHOR
    weights = [max(1.0 - one.v / doubt, 0.0) for one in marks]
    total = sum(weights)
    if total <= 0.0:
        return
    shift = sum(weight * one.m for weight, one in zip(weights, marks, strict=True)) / total - middle
    skill.m += shift
    for one in (*others, *marks):
        one.m -= shift


def _told(whole: _Company, alone: Mapping[str, _Company]) -> dict[str, tuple[float, int]]:
    """The factor of each line that has bands enough of its own; others are widened where all lines' bands say so, never narrowed."""
    every = Judged.together(watch.judged for watch in whole.watch.values())
    lines = {line: company.watch[line].judged for line, company in alone.items()}
    pooled = max(Judged.together(lines.values()).width, 1.0)
    told = {line: (found.width if found.n >= ENOUGH else pooled, found.n) for line, found in lines.items() if found.n}
    return {ALL: (every.width, every.n)} | told if every.n else told
