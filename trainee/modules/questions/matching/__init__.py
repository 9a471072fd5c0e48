"""Match each on the left with its partner on the right."""

from random import Random
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from trainee.kit.saying import _, _l
from trainee.kit.spelling import meant
from trainee.kit.words import Text
from trainee.modules.questions import kinds
from trainee.modules.questions.kind import (
    Answer,
    Form,
    Kind,
    Mark,
    Question,
    Slug,
    Tell,
    check_ids,
    check_same_words,
    picked,
    shuffled,
    state,
)


class Left(BaseModel):
    """One thing to find a partner for, and why that is its partner."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    text: Text
    match: Slug
    why: Text


class Right(BaseModel):
    """One possible partner."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    text: Text


class MatchingQuestion(Question):
    """Three to six on the left, each with its partner on the right; some on the right may have none."""

    left: Annotated[tuple[Left, ...], Field(min_length=3, max_length=6)]
    right: Annotated[tuple[Right, ...], Field(min_length=2, max_length=8)]


@kinds.register
class Matching(Kind[MatchingQuestion]):
    """Choose a partner for each. The answer is `{"pairs": {"l1": "r2", ...}}`; each pair earns its share."""

    key = "matching"
    title = _l("Match the pairs")
    model = MatchingQuestion

    def check(self, question: MatchingQuestion, tell: Tell) -> None:
        for name, things in (("left", question.left), ("right", question.right)):
            check_ids(things, name, tell)
            check_same_words(things, name, tell)
        known = {thing.id for thing in question.right}
        for index, thing in enumerate(question.left):
            if thing.match not in known:
                tell(("left", index, "match"), f"`match: {thing.match}` is not on the right.", meant(thing.match, known))

    def order(self, question: MatchingQuestion, seed: str) -> list[str]:
        """The ids of the right side in the order in which they are shown."""
        return shuffled((thing.id for thing in question.right), seed, f"{question.id}/right")

    def lefts(self, question: MatchingQuestion, seed: str) -> list[str]:
        """The ids of the left side in the order in which they are shown."""
        return shuffled((thing.id for thing in question.left), seed, f"{question.id}/left")

    def ask(self, question: MatchingQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        texts = {thing.id: thing.text.of(lang) for thing in question.right}
        lefts = {thing.id: thing.text.of(lang) for thing in question.left}
        order = self.order(question, seed)
        pairs = given["pairs"] if given else {}
        left = [(str(value), lefts[one]) for value, one in enumerate(self.lefts(question, seed))]
        right = [(str(value), texts[one]) for value, one in enumerate(order)]
        chosen = {str(value): str(order.index(pairs[one])) for value, one in enumerate(self.lefts(question, seed)) if one in pairs}
        return super().ask(question, seed, lang) | {"left": left, "right": right, "given": chosen}

    def read(self, question: MatchingQuestion, form: Form, seed: str, lang: str) -> Answer:
        order = self.order(question, seed)
        missing = _("Choose a partner for every line first.")
        chosen = {one: picked(order, form.get(f"match-{value}"), missing) for value, one in enumerate(self.lefts(question, seed))}
        return {"pairs": {thing.id: chosen[thing.id] for thing in question.left}}

    def mark(self, question: MatchingQuestion, answer: Answer) -> Mark:
        hits = sum(answer["pairs"].get(thing.id) == thing.match for thing in question.left)
        return Mark(hits / len(question.left), tuple(thing.id for thing in question.left))

    def right(self, question: MatchingQuestion) -> Answer:
        return {"pairs": {thing.id: thing.match for thing in question.left}}

    def guess(self, question: MatchingQuestion, rng: Random) -> Answer:
        return {"pairs": {thing.id: rng.choice(question.right).id for thing in question.left}}

    def form(self, question: MatchingQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        order = self.order(question, seed)
        return {f"match-{value}": [str(order.index(answer["pairs"][one]))] for value, one in enumerate(self.lefts(question, seed))}

    def review(self, question: MatchingQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        texts = {thing.id: thing.text.of(lang) for thing in question.right}
        pairs = answer["pairs"] if answer else {}
        rows = [
            {
                "words": thing.text.of(lang),
                "given": texts.get(pairs.get(thing.id, ""), ""),
                "partner": texts[thing.match],
                "state": state(pairs[thing.id] == thing.match, True) if pairs else None,
                "why": thing.why.of(lang),
            }
            for thing in question.left
        ]
        return super().review(question, answer, seed, lang) | {"rows": rows}
