"""Put the steps in the right order."""

from itertools import combinations
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from trainee.kit.errors import Refusal
from trainee.kit.saying import _, _l
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


class Step(BaseModel):
    """One thing to be put in its place, and why it belongs there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    text: Text
    why: Text


class OrderingQuestion(Question):
    """Three to seven items, written in the right order."""

    items: Annotated[tuple[Step, ...], Field(min_length=3, max_length=7)]


@kinds.register
class Ordering(Kind[OrderingQuestion]):
    """Give each item its place. The answer is `{"order": ["b", "a", "c"]}`."""

    key = "ordering"
    title = _l("Put in order")
    model = OrderingQuestion

    def check(self, question: OrderingQuestion, tell: Tell) -> None:
        check_ids(question.items, "items", tell)
        check_same_words(question.items, "items", tell)

    def order(self, question: OrderingQuestion, seed: str) -> list[str]:
        """The ids of the items as they are first shown."""
        return shuffled((item.id for item in question.items), seed, question.id)

    def ask(self, question: OrderingQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        texts = {item.id: item.text.of(lang) for item in question.items}
        shown = self.order(question, seed)
        # The value is where the item was first shown; the order of the list is how the reader has put them.
        rows = [(str(shown.index(one)), texts[one]) for one in (given["order"] if given else shown)]
        return super().ask(question, seed, lang) | {"choices": rows}

    def read(self, question: OrderingQuestion, form: Form, seed: str, lang: str) -> Answer:
        shown = self.order(question, seed)
        places = [str(number) for number in range(1, len(shown) + 1)]
        missing = _("Give every step its place first.")
        chosen = {one: picked(["", *places], form.get(f"place-{value}"), missing) for value, one in enumerate(shown)}
        if sorted(chosen.values()) != places:
            raise Refusal(_("Two steps have the same place. Give each its own number from 1 to %(last)s.", last=len(shown)), status=422)
        return {"order": sorted(shown, key=lambda one: int(chosen[one]))}

    def mark(self, question: OrderingQuestion, answer: Answer) -> Mark:
        """Kendall's tau between the given and the right order, never below 0: an order no better than chance earns nothing."""
        place = {one: number for number, one in enumerate(answer["order"])}
        pairs = list(combinations([item.id for item in question.items], 2))
        kept = sum(place[first] < place[second] for first, second in pairs)
        return Mark(max(0.0, 2 * kept / len(pairs) - 1), tuple(answer["order"]))

    def right(self, question: OrderingQuestion) -> Answer:
        return {"order": [item.id for item in question.items]}

    def guess(self, question: OrderingQuestion, rng: Random) -> Answer:
        ids = [item.id for item in question.items]
        return {"order": rng.sample(ids, len(ids))}

    def form(self, question: OrderingQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        return {f"place-{value}": [str(answer["order"].index(one) + 1)] for value, one in enumerate(self.order(question, seed))}

    def review(self, question: OrderingQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        place = {one: number for number, one in enumerate(answer["order"], 1)} if answer else {}
        rows = [
            {
                "words": item.text.of(lang),
                "why": item.why.of(lang),
                "place": number,
                "given": place.get(item.id),
                "state": state(place[item.id] == number, True) if place else None,
            }
            for number, item in enumerate(question.items, 1)
        ]
        return super().review(question, answer, seed, lang) | {"rows": rows}
