"""A typed scene: the learner writes a reply; phrases suggest which criteria it meets, and her own check decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from trainee.kit.errors import Refusal
from trainee.kit.saying import _
from trainee.kit.words import Text
from trainee.modules.roleplays.hostile import hostile
from trainee.modules.roleplays.matching import Phrases, clauses
from trainee.modules.roleplays.reading import MOOD_CHANGE, Cursor
from trainee.modules.roleplays.scene import Answer, Draft, Kind, Mix, Outcome, Points, Route, Scene, Situation, Try
from trainee.modules.roleplays.scenes import kinds

LONGEST = 4000
POINTS = (1, 5)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a good reply does. Without `look_for` it starts with its points and can only be spoiled.

    What spoils it does not where one of `unless` stands in the same clause: "I have spoken with the depot" is no lie after "once".
    """

    id: str
    points: int
    skill: str
    label: Text
    look_for: Phrases
    spoils: Phrases
    unless: Phrases

    def spoiler(self, text: str, language: str) -> str | None:
        """The first phrase that speaks against it: what is rude speaks against everything."""
        rude = hostile(text, language)
        if rude or not self.unless:
            return rude or self.spoils.hit(text, language)
        meant = (clause for clause in clauses(text) if not self.unless.hit(clause, language))
        return next((phrase for clause in meant if (phrase := self.spoils.hit(clause, language))), None)

    def suggested(self, text: str, language: str) -> bool:
        """Whether the phrases speak for it. A suggestion: the learner decides."""
        if self.spoiler(text, language):
            return False
        return not self.look_for or self.look_for.hit(text, language) is not None

    def why(self, text: str, language: str, suggested: bool = True) -> str:
        """A sentence for the learner on what the suggestion rests on."""
        spoiler, hit = self.spoiler(text, language), self.look_for.hit(text, language)
        if spoiler:
            return str(_("“%(phrase)s” speaks against it.", phrase=_shown(spoiler)))
        if hit:
            return str(_("Found: “%(phrase)s”.", phrase=_shown(hit)))
        if self.look_for:
            return str(_("We did not find it. You know best."))
        return str(_("We found nothing against it.") if suggested else _("It counts beside something else on this list."))


def _shown(phrase: str) -> str:
    """A phrase as a learner reads it."""
    return phrase.removeprefix("=").replace(" * ", " … ")


@dataclass(frozen=True, slots=True)
class TypedBand:
    """What a reply of at least `min` points does."""

    min: int
    mood: int
    flags: tuple[str, ...]
    reply: Text
    feedback: Text
    route: Route


@dataclass(frozen=True, kw_only=True)
class TypedScene(Scene):
    """Passed in two answers: what was written (with the machine's suggestion beside it), then the confirmed criteria."""

    kind = "typed"
    source = "typed_reply_self"
    typed = True
    task: Text
    min_chars: int
    max_chars: int
    rubric: tuple[Criterion, ...]
    bands: tuple[TypedBand, ...]
    model_answer: Text

    def suggest(self, text: str, language: str) -> tuple[str, ...]:
        """The ids of the criteria the phrases speak for. Where nothing that is looked for was found, doing nothing wrong is no merit either."""
        met = [criterion for criterion in self.rubric if criterion.suggested(text, language)]
        asked = any(criterion.look_for for criterion in self.rubric)
        return tuple(criterion.id for criterion in met) if not asked or any(criterion.look_for for criterion in met) else ()

    def points(self, confirmed: Iterable[str]) -> int:
        """The points these criteria are worth together."""
        met = set(confirmed)
        return sum(criterion.points for criterion in self.rubric if criterion.id in met)

    def answer(self, given: Mapping[str, Sequence[str]], language: str, draft: Draft | None) -> Answer:
        if draft is not None:
            return {"confirmed": [criterion.id for criterion in self.rubric if criterion.id in given.get("criteria", ())]}
        # Browsers send line ends as two characters; what she counted on the screen is one.
        text = next(iter(given.get("text", ())), "").replace("\r\n", "\n").strip()
        if len(text) < self.min_chars:
            raise Refusal(_("Write a little more: at least %(least)s characters, %(now)s so far.", least=self.min_chars, now=len(text)), status=422)
        if len(text) > self.max_chars:
            raise Refusal(_("Shorten it a little: at most %(most)s characters, %(now)s now.", most=self.max_chars, now=len(text)), status=422)
        return {"text": text, "language": language, "suggested": list(self.suggest(text, language))}

    def outcome(self, answer: Answer, situation: Situation, draft: Draft | None) -> Outcome:
        if "confirmed" not in answer:
            if draft is not None or "text" not in answer:
                raise Refusal(_("This scene waits for you to check your reply. Say which points it meets, then go on."))
            return Outcome(draft=Draft(answer["text"], answer["language"], tuple(answer["suggested"])))
        if draft is None:
            raise Refusal(_("Write your reply first; then you check it."))
        return self._confirmed(answer["confirmed"], draft.text)

    def _confirmed(self, confirmed: Sequence[str], text: str) -> Outcome:
        reached = self.points(confirmed)
        band = next(band for band in self.bands if reached >= band.min)
        skills = dict.fromkeys(criterion.skill for criterion in self.rubric)
        of = {skill: [criterion for criterion in self.rubric if criterion.skill == skill] for skill in skills}
        return Outcome(
            said=(text,),
            route=band.route,
            mood=band.mood,
            flags=band.flags,
            points={
                skill: Points(sum(each.points for each in own if each.id in confirmed), sum(each.points for each in own)) for skill, own in of.items()
            },
            reply=band.reply,
            feedback=band.feedback,
        )

    def tries(self, situation: Situation) -> Iterator[Try]:
        """For each band the richest set of criteria that falls into it; the model answer stands for what is written."""
        text = self.model_answer.tr
        writing: Answer = {"text": text, "language": "tr", "suggested": list(self.suggest(text, "tr"))}
        best: dict[int, tuple[str, ...]] = {}
        for ticks in product((True, False), repeat=len(self.rubric)):
            met = tuple(criterion.id for criterion, ticked in zip(self.rubric, ticks, strict=True) if ticked)
            band = next(number for number, band in enumerate(self.bands) if self.points(met) >= band.min)
            if band not in best or self.points(met) > self.points(best[band]):
                best[band] = met
        for met in best.values():
            # What is shown of it later is the model answer in the language of whoever reads.
            yield Try((writing, {"confirmed": list(met)}), replace(self._confirmed(met, text), said=(self.model_answer,)))

    def page(self, situation: Situation, draft: Draft | None, language: str, mix: Mix) -> dict[str, Any]:
        return {
            "task": self.task.of(language),
            "least": self.min_chars,
            "most": self.max_chars,
            "draft": draft.text if draft else None,
            "criteria": [
                {
                    "id": criterion.id,
                    "label": criterion.label.of(language),
                    "why": criterion.why(draft.text, draft.language, criterion.id in draft.suggested),
                    "suggested": criterion.id in draft.suggested,
                }
                for criterion in self.rubric
            ]
            if draft
            else [],
        }

    def back(self, language: str) -> dict[str, Any]:
        return {"model": self.model_answer.of(language)}

    def to_read(self) -> Iterator[Text]:
        yield self.task
        yield from (criterion.label for criterion in self.rubric)
        yield from (self.model_answer, self.bands[0].reply, self.bands[0].feedback)

    def looked_for(self) -> Iterator[tuple[str, Phrases]]:
        return ((criterion.id, criterion.look_for) for criterion in self.rubric)

    def effects(self) -> Iterator[Outcome]:
        return (Outcome(route=band.route, mood=band.mood, flags=band.flags) for band in self.bands)

    def skills(self) -> frozenset[str]:
        return frozenset(criterion.skill for criterion in self.rubric)


@kinds.register
class TypedKind(Kind):
    """`kind: typed`, with `task`, `rubric`, `bands` and `model_answer`."""

    key = "typed"

    def read(self, at: Cursor, common: Mapping[str, Any]) -> Scene:
        at.knows("task", "min_chars", "max_chars", "rubric", "bands", "model_answer")
        least = at.integer("min_chars", 0, LONGEST, default=1)
        most = at.integer("max_chars", 1, LONGEST, default=600)
        if least > most:
            at.error("max_chars", "`max_chars` is smaller than `min_chars`", "Give room for a reply of at least `min_chars` characters.")
        rubric = at.items("rubric")
        at.unique("rubric", rubric)
        if len(rubric) > 10:
            at.error("rubric", f"a rubric of {len(rubric)} criteria is more than anybody checks", "Keep it to ten criteria or fewer.")
        criteria = tuple(_read_criterion(item) for item in rubric[:10])
        bands = tuple(_read_band(item) for item in at.items("bands"))
        most_points = sum(criterion.points for criterion in criteria)
        at.descending("bands", [band.min for band in bands], most_points)
        scene = TypedScene(
            **common, task=at.text("task"), min_chars=least, max_chars=most, rubric=criteria, bands=bands, model_answer=at.text("model_answer")
        )
        _check_model(at, scene)
        return scene


def _check_model(at: Cursor, scene: TypedScene) -> None:
    """The model answer must earn every point and fit the limits, or the rubric contradicts its author."""
    for language in ("tr", "en"):
        text = scene.model_answer.of(language)
        if not text:
            continue
        suggested = scene.suggest(text, language)
        for criterion in scene.rubric:
            if criterion.id not in suggested:
                spoiler = criterion.spoiler(text, language)
                why = f"it holds the spoiling phrase {spoiler!r}" if spoiler else "none of its `look_for` phrases is in it"
                at.error(
                    "model_answer",
                    f"the model answer ({language}) does not meet the criterion {criterion.id!r}: {why}",
                    "Change the phrases or the model answer until they agree.",
                )
        if not scene.min_chars <= len(text) <= scene.max_chars:
            limits = f"{scene.min_chars} and {scene.max_chars}"
            at.error("model_answer", f"the model answer ({language}) has {len(text)} characters", f"Keep it between {limits}.")


def _read_criterion(at: Cursor) -> Criterion:
    at.knows("id", "points", "skill", "label", "look_for", "spoils", "unless")
    at.only()
    look_for, spoils, unless = (Phrases(*at.phrases(key)) for key in ("look_for", "spoils", "unless"))
    if not look_for and not spoils:
        at.error("id", "a criterion has neither `look_for` nor `spoils`", "Give it phrases to look for, or phrases that spoil it.")
    if unless and not spoils:
        at.error("unless", "`unless` takes back what spoils, and nothing does here", "Add `spoils`, or delete `unless`.")
    return Criterion(at.word("id"), at.integer("points", *POINTS), at.skill("skill"), at.text("label"), look_for, spoils, unless)


def _read_band(at: Cursor) -> TypedBand:
    at.knows("min", "mood", "flags", "reply", "feedback", "next")
    at.only()
    least, mood = at.integer("min", 0, 50), at.integer("mood", *MOOD_CHANGE, default=0)
    return TypedBand(least, mood, at.words("flags"), at.text("reply"), at.text("feedback"), at.route("next"))
