"""Several right answers among three to six."""

from random import Random
from typing import Annotated, Any

from pydantic import Field

from trainee.kit.errors import Refusal
from trainee.kit.saying import _, _l
from trainee.modules.questions import kinds
from trainee.modules.questions.kind import (
    Answer,
    Form,
    Mark,
    Option,
    OptionKind,
    Question,
    picked,
)


class MultipleQuestion(Question):
    """Three to six options; two or more of them are correct, and at least one is not."""

    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=6)]


@kinds.register
class Multiple(OptionKind[MultipleQuestion]):
    """Choose all that are right. The answer is `{"chosen": ["a", "c"]}`, in the order of the file."""

    key = "multiple"
    title = _l("Several right answers")
    model = MultipleQuestion
    correct = (2, None)

    def ask(self, question: MultipleQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        chosen = given["chosen"] if given else []
        return super().ask(question, seed, lang) | self.asked(question, seed, lang, chosen)

    def read(self, question: MultipleQuestion, form: Form, seed: str, lang: str) -> Answer:
        missing = _("Tick every answer that is right; at least one.")
        order = self.order(question, seed)
        ticked = {picked(order, sent, missing) for sent in form.getlist("answer")[: len(order)]}
        if not ticked:
            raise Refusal(missing, status=422)
        return {"chosen": [option.id for option in question.options if option.id in ticked]}

    def mark(self, question: MultipleQuestion, answer: Answer) -> Mark:
        """Each right tick earns its share, each wrong one costs its share, and nobody goes below nothing: ticking all earns 0."""
        chosen = set(answer["chosen"])
        right = {option.id for option in question.options if option.correct}
        wrong = {option.id for option in question.options} - right
        score = len(chosen & right) / len(right) - len(chosen & wrong) / len(wrong)
        return Mark(max(0.0, score), tuple(answer["chosen"]))

    def right(self, question: MultipleQuestion) -> Answer:
        return {"chosen": [option.id for option in question.options if option.correct]}

    def guess(self, question: MultipleQuestion, rng: Random) -> Answer:
        ticked = rng.sample([option.id for option in question.options], rng.randint(1, len(question.options) - 1))
        return {"chosen": [option.id for option in question.options if option.id in ticked]}

    def form(self, question: MultipleQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        return {"answer": [self.place(question, seed, one) for one in answer["chosen"]]}

    def review(self, question: MultipleQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        chosen = answer["chosen"] if answer else []
        return super().review(question, answer, seed, lang) | self.reviewed(question, seed, lang, chosen)
