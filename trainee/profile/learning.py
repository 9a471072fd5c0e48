"""What a night learns of the whole log: how hard items and skills are, how lenient observers, and how wide bands have to be.

Every answer is foretold before anything is learned from it, so that the bands are judged by what was known when they were told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from trainee.evidence import Row
from trainee.profile import policy
from trainee.profile.filter import PRODUCT, Ability, Facet, Memory, Normal, look, step
from trainee.profile.fold import Difficulties, Line, day_of, item_key
from trainee.profile.policy import ALL, Rule
from trainee.profile.widths import KNOWN, Judged, Watch

# Whose evidence bands are judged by: answers are right or wrong, so that what chance does to them is known. Marks and ratings are not.
FORETOLD: Final = "knowledge"


@dataclass(slots=True)
class _Company:
    """Everybody on one line, or on all together, and the watch over their bands."""

    people: dict[int, Ability] = field(default_factory=dict)
    facets: dict[tuple[int, str], Facet] = field(default_factory=dict)
    memories: dict[tuple[int, str], Memory] = field(default_factory=dict)
    sitters: dict[int, Line] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)

    def take(self, row: Row, found: Rule, skill: Normal, item: Normal, learning: bool) -> None:
        """Foretell a row, and learn from it."""
        day, place = day_of(row.occurred_at), (row.person_id, row.skill)
        who = self.people.setdefault(row.person_id, Ability(0.0, PRODUCT.vg))
        facet = self.facets.setdefault(place, Facet(0.0, 0.0, PRODUCT.vu, 0, day))
        known = found.source.memory_key(row.item, row.actor_id)
        memory = self.memories.setdefault((row.person_id, f"{known}|{row.skill}"), Memory(0.0, PRODUCT.vr, 0, day)) if known else None
        if found.line == FORETOLD:
            if facet.n >= KNOWN and not self.watch.awaits(place):
                self.watch.begin(place, look(who, facet, skill, day), skill)
            if self.watch.awaits(place):
                self.watch.answer(place, row.item, found.task, item, memory, day, row.score)
        sitting = found.source.sitting(row.receipt)
        form = self.sitters.setdefault(row.person_id, Line()).in_form(sitting, day) if sitting else None
        step(who, (facet,), (skill,), memory, item, row.score, day, found.task, PRODUCT, learning, form)


def learn(rows: Iterable[Row]) -> Difficulties:
    """What everybody's evidence says, in its order, by the filter's full update."""
    items: dict[str, Normal] = {}
    skills: dict[str, Normal] = {}
    whole, alone = _Company(), _Company()
    for row in rows:
        found = policy.rule(row.source, row.choices)
        if found is None:
            continue
        skill = skills.setdefault(row.skill, Normal(0.0, PRODUCT.vb))
        item = items.setdefault(item_key(found, row), Normal(0.0, PRODUCT.vd))
        if found.line == FORETOLD:
            alone.take(row, found, skill, item, learning=False)
        whole.take(row, found, skill, item, learning=True)
    return Difficulties(items, skills, _told({ALL: whole.watch.judged, FORETOLD: alone.watch.judged}))


def _told(judged: dict[str, Judged]) -> dict[str, tuple[float, int]]:
    return {line: (found.width, found.n) for line, found in judged.items() if found.n}
