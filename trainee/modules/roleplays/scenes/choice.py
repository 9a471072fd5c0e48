"""A choice scene: the customer speaks, and one of three or four sentences is said back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainee.kit.errors import Refusal
from trainee.kit.saying import _
from trainee.kit.words import Text
from trainee.modules.roleplays.reading import CRITICALS, MOOD_CHANGE, SCORE, Cursor
from trainee.modules.roleplays.scene import Answer, Condition, Draft, Kind, Mix, Offer, Outcome, Points, Route, Scene, Situation, Try
from trainee.modules.roleplays.scenes import kinds


@dataclass(frozen=True, slots=True)
class Choice:
    """One sentence that can be said, and all it does. Offered only when its `needs` fit."""

    id: str
    say: Text
    needs: Condition
    mood: int
    scores: Mapping[str, int]
    flags: tuple[str, ...]
    critical: str | None
    feedback: Text
    route: Route


@dataclass(frozen=True, kw_only=True)
class ChoiceScene(Scene):
    """One of its open choices is made, once."""

    kind = "choice"
    source = "roleplay_choice"
    choices: tuple[Choice, ...]

    def open(self, situation: Situation) -> tuple[Choice, ...]:
        """The choices offered in this situation, in the order they were written."""
        return tuple(choice for choice in self.choices if choice.needs.fits(situation))

    def answer(self, given: Mapping[str, Sequence[str]], language: str, draft: Draft | None) -> Answer:
        picked = given.get("choice", ())
        if len(picked) != 1:
            raise Refusal(_("Choose one of the replies first."), status=422)
        return {"choice": picked[0]}

    def outcome(self, answer: Answer, situation: Situation, draft: Draft | None) -> Outcome:
        offered = self.open(situation)
        choice = next((choice for choice in offered if choice.id == answer.get("choice")), None)
        if choice is None:
            raise Refusal(_("That reply is not open in this scene. Choose one of the replies you see."))
        best = {skill: max(other.scores.get(skill, 0) for other in offered) for other in offered for skill in other.scores}
        return Outcome(
            said=(choice.say,),
            route=choice.route,
            mood=choice.mood,
            flags=choice.flags,
            critical=choice.critical,
            points={skill: Points(choice.scores.get(skill, 0), most) for skill, most in best.items() if most},
            feedback=choice.feedback,
        )

    def page(self, situation: Situation, draft: Draft | None, language: str, mix: Mix) -> dict[str, Any]:
        return {"options": [(choice.id, choice.say.of(language)) for choice in mix(self.open(situation))]}

    def effects(self) -> Iterator[Outcome]:
        return (Outcome(route=choice.route, mood=choice.mood, flags=choice.flags, critical=choice.critical) for choice in self.choices)

    def needs(self) -> tuple[Condition, ...]:
        return tuple(choice.needs for choice in self.choices if not choice.needs.always)

    def needed_for(self, answer: Answer) -> Condition:
        return next(choice.needs for choice in self.choices if choice.id == answer["choice"])

    def offers_at_most(self) -> tuple[str, ...]:
        return tuple(choice.id for choice in self.choices)

    def offers(self) -> Iterator[Offer]:
        return (Offer(choice.id, choice.say, choice is self._best, choice.critical is not None) for choice in self.choices)

    def picked(self, answer: Answer) -> Sequence[str]:
        return (str(answer.get("choice", "")),)

    def matters(self) -> bool:
        first = self.choices[0]
        own = (first.scores, first.mood, first.flags, first.critical, first.route)
        return any((choice.scores, choice.mood, choice.flags, choice.critical, choice.route) != own for choice in self.choices)

    @property
    def _best(self) -> Choice:
        return max(self.choices, key=lambda choice: (choice.critical is None, sum(choice.scores.values())))

    def best_place(self) -> int | None:
        return self.choices.index(self._best)

    def to_read(self) -> Iterator[Text]:
        yield from (choice.say for choice in self.choices)
        yield self._best.feedback

    def lengths(self, language: str) -> tuple[int, tuple[int, ...]] | None:
        best = self._best
        return len(best.say.of(language)), tuple(len(choice.say.of(language)) for choice in self.choices if choice is not best)

    def weakest(self) -> Text:
        return min(self.choices, key=lambda choice: sum(choice.scores.values())).say

    def tries(self, situation: Situation) -> Iterator[Try]:
        for choice in self.open(situation):
            answer = {"choice": choice.id}
            yield Try((answer,), self.outcome(answer, situation, None))

    def skills(self) -> frozenset[str]:
        return frozenset(skill for choice in self.choices for skill in choice.scores)


@kinds.register
class ChoiceKind(Kind):
    """`kind: choice`, with `choices`."""

    key = "choice"

    def read(self, at: Cursor, common: Mapping[str, Any]) -> Scene:
        at.knows("choices")
        found = at.items("choices")
        if found and not 2 <= len(found) <= 5:
            at.error("choices", f"a choice scene has {len(found)} choices", "Write three or four (two at the least, five at the most).")
        at.unique("choices", found)
        choices = tuple(_read_choice(item) for item in found)
        _check_twins(found, choices)
        _check_errors(found, choices)
        if choices and all(not choice.needs.always for choice in choices):
            at.error("choices", "every choice here has `needs`, so that none might be open", "Leave one choice without `needs`.")
        return ChoiceScene(**common, choices=choices)


def _check_twins(items: Sequence[Cursor], choices: tuple[Choice, ...]) -> None:
    """Two replies that say the same may stand in a scene only where no one ever sees both; no two may be told the same afterwards."""
    for number, choice in enumerate(choices):
        for other in choices[:number]:
            if choice.say == other.say and not _apart(choice.needs, other.needs):
                mend = "Let one of them say something else, or delete it."
                items[number].error("say", f"the choices `{other.id}` and `{choice.id}` say the same", mend)
            elif choice.feedback == other.feedback and choice.say != other.say:
                mend = "Say what this reply does to the customer, and not what the other one does."
                items[number].warn("feedback", f"the choices `{other.id}` and `{choice.id}` have the same feedback", mend)


def _apart(one: Condition, other: Condition) -> bool:
    """Whether two conditions never hold together."""
    if one.flags_all & other.flags_none or other.flags_all & one.flags_none:
        return True
    low = max(when.mood_gte if when.mood_gte is not None else -99 for when in (one, other))
    return low > min(when.mood_lte if when.mood_lte is not None else 99 for when in (one, other))


def _check_errors(items: Sequence[Cursor], choices: tuple[Choice, ...]) -> None:
    """A critical error that earns as much as the best reply teaches that it was right."""
    best = max((sum(choice.scores.values()) for choice in choices if not choice.critical), default=0)
    for number, choice in enumerate(choices):
        if choice.critical and best and sum(choice.scores.values()) >= best:
            mend = "Take its points down: whoever makes it must see that it was no good reply."
            items[number].warn("critical", f"the choice `{choice.id}` is a critical error and earns as much as the best reply", mend)


def _read_choice(at: Cursor) -> Choice:
    at.knows("id", "say", "needs", "mood", "scores", "flags", "critical", "feedback", "next")
    at.only()
    return Choice(
        id=at.word("id"),
        say=at.text("say"),
        needs=at.condition("needs") if "needs" in at else Condition(),
        mood=at.integer("mood", *MOOD_CHANGE, default=0),
        scores=at.scores("scores", *SCORE),
        flags=at.words("flags"),
        critical=at.one_of("critical", CRITICALS) if "critical" in at else None,
        feedback=at.text("feedback"),
        route=at.route("next"),
    )
