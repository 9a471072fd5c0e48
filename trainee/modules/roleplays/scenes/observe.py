"""An observe scene: something is seen, and the learner says which cues matter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from trainee.kit.errors import Refusal
from trainee.kit.saying import _
from trainee.kit.words import Text
from trainee.modules.roleplays.reading import MOOD_CHANGE, Cursor
from trainee.modules.roleplays.scene import Answer, Draft, Kind, Mix, Offer, Outcome, Points, Route, Scene, Situation, Try
from trainee.modules.roleplays.scenes import kinds

WORTH = 3.0
"""What the whole scene is worth per skill: as much as the best choice of a choice scene."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that can be seen; `telling` when it says what the customer needs."""

    id: str
    telling: bool
    text: Text
    feedback: Text


@dataclass(frozen=True, slots=True)
class ObserveBand:
    """What seeing at least the share `min` of what matters does."""

    min: float
    mood: int
    flags: tuple[str, ...]
    feedback: Text
    route: Route


@dataclass(frozen=True, kw_only=True)
class ObserveScene(Scene):
    """Passed by picking `pick` cues; a wrong pick takes a right one off."""

    kind = "observe"
    source = "roleplay_choice"
    watched = True
    task: Text
    pick: int
    for_skills: tuple[str, ...]
    cues: tuple[Cue, ...]
    bands: tuple[ObserveBand, ...]

    def share(self, picked: Sequence[str]) -> float:
        """0..1: telling cues found less wrong picks, of those that could be found."""
        telling = {cue.id for cue in self.cues if cue.telling}
        right = len(telling.intersection(picked))
        return max(0.0, (2 * right - len(picked)) / min(self.pick, len(telling)))

    def answer(self, given: Mapping[str, Sequence[str]], language: str, draft: Draft | None) -> Answer:
        picked = list(dict.fromkeys(given.get("cues", ())))
        if len(picked) != self.pick:
            raise Refusal(_("Choose %(pick)s, the ones that matter. Marked now: %(now)s.", pick=self.pick, now=len(picked)), status=422)
        return {"cues": sorted(picked)}

    def outcome(self, answer: Answer, situation: Situation, draft: Draft | None) -> Outcome:
        # Talks from the days when fewer could be picked are still told as they were played, so fewer are no error here.
        picked = answer.get("cues") or []
        cues = [cue for cue in self.cues if cue.id in picked]
        if not picked or len(cues) != len(picked) or len(picked) > self.pick:
            raise Refusal(_("One of those is not part of this scene. Choose from what you see."))
        share = self.share(picked)
        band = next(band for band in self.bands if share >= band.min)
        return Outcome(
            said=tuple(cue.text for cue in cues),
            route=band.route,
            mood=band.mood,
            flags=band.flags,
            points={skill: Points(WORTH * share, WORTH) for skill in self.for_skills},
            feedback=band.feedback,
        )

    def tries(self, situation: Situation) -> Iterator[Try]:
        """For each band the picks that see the most."""
        best: dict[int, tuple[float, Answer]] = {}
        for picked in combinations([cue.id for cue in self.cues], self.pick):
            share = self.share(picked)
            band = next(number for number, band in enumerate(self.bands) if share >= band.min)
            if band not in best or share > best[band][0]:
                best[band] = (share, {"cues": sorted(picked)})
        for _share, answer in best.values():
            yield Try((answer,), self.outcome(answer, situation, None))

    def page(self, situation: Situation, draft: Draft | None, language: str, mix: Mix) -> dict[str, Any]:
        return {"task": self.task.of(language), "pick": self.pick, "options": [(cue.id, cue.text.of(language)) for cue in mix(self.cues)]}

    def back(self, language: str) -> dict[str, Any]:
        return {"cues": [(cue.text.of(language), cue.telling, cue.feedback.of(language)) for cue in self.cues]}

    def to_read(self) -> Iterator[Text]:
        yield self.task
        yield from (cue.text for cue in self.cues)
        yield self.bands[0].feedback

    def offers(self) -> Iterator[Offer]:
        return (Offer(cue.id, cue.text, cue.telling, False) for cue in self.cues)

    def picked(self, answer: Answer) -> Sequence[str]:
        return answer.get("cues") or ()

    def effects(self) -> Iterator[Outcome]:
        return (Outcome(route=band.route, mood=band.mood, flags=band.flags) for band in self.bands)

    def skills(self) -> frozenset[str]:
        return frozenset(self.for_skills)


@kinds.register
class ObserveKind(Kind):
    """`kind: observe`, with `task`, `pick`, `skills`, `cues` and `bands`."""

    key = "observe"

    def read(self, at: Cursor, common: Mapping[str, Any]) -> Scene:
        at.knows("task", "pick", "skills", "cues", "bands")
        found = at.items("cues")
        at.unique("cues", found)
        if found and not 4 <= len(found) <= 8:
            at.error("cues", f"there are {len(found)} cues", "Show four to eight things that can be seen.")
        cues = tuple(_read_cue(item) for item in found)
        if found and not 0 < sum(cue.telling for cue in cues) < len(cues):
            at.error("cues", "some cues must be telling and some not", "Mark with `telling: true` the ones that matter, and only those.")
        pick = at.integer("pick", 1, 8)
        if found and pick >= len(found):
            at.error("pick", "all cues may be picked, so that nothing is chosen", "Let fewer be picked than there are.")
        telling = sum(cue.telling for cue in cues)
        if telling > pick:
            message = f"{telling} cues are telling and {pick} may be picked: whoever sees all that matters cannot say so"
            at.warn("pick", message, "Let as many be picked as are telling, or mark fewer.")
        elif 0 < telling < pick:
            message = f"{pick} must be picked and only {telling} of the cues can be right: whoever sees all that matters must be wrong besides"
            at.error("pick", message, "Let as many be picked as are telling, or mark more.")
        bands = tuple(_read_band(item) for item in at.items("bands"))
        at.descending("bands", [band.min for band in bands], 1)
        return ObserveScene(**common, task=at.text("task"), pick=pick, for_skills=at.skills("skills"), cues=cues, bands=bands)


def _read_cue(at: Cursor) -> Cue:
    at.knows("id", "telling", "text", "feedback")
    at.only()
    return Cue(at.word("id"), at.flag("telling"), at.text("text"), at.text("feedback"))


def _read_band(at: Cursor) -> ObserveBand:
    at.knows("min", "mood", "flags", "feedback", "next")
    at.only()
    return ObserveBand(at.number("min", 0, 1), at.integer("mood", *MOOD_CHANGE, default=0), at.words("flags"), at.text("feedback"), at.route("next"))
