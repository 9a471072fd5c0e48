"""One right answer among three to five."""

from random import Random
from typing import Annotated, Any

from pydantic import Field

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


class SingleQuestion(Question):
    """Three to five options, exactly one of them correct."""

    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=5)]


@kinds.register
class Single(OptionKind[SingleQuestion]):
    """Choose one. The answer is `{"chosen": "b"}`."""

    key = "single"
    title = _l("One right answer")
    model = SingleQuestion

    def choices(self, question: SingleQuestion) -> int:
        return len(question.options)

    def ask(self, question: SingleQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        chosen = [given["chosen"]] if given else []
        return super().ask(question, seed, lang) | self.asked(question, seed, lang, chosen)

    def read(self, question: SingleQuestion, form: Form, seed: str, lang: str) -> Answer:
        return {"chosen": picked(self.order(question, seed), form.get("answer"), _("Choose one of the answers first."))}

    def mark(self, question: SingleQuestion, answer: Answer) -> Mark:
        return Mark(1.0 if answer == self.right(question) else 0.0, (answer["chosen"],))

    def right(self, question: SingleQuestion) -> Answer:
        return {"chosen": next(option.id for option in question.options if option.correct)}

    def guess(self, question: SingleQuestion, rng: Random) -> Answer:
        return {"chosen": rng.choice(question.options).id}

    def form(self, question: SingleQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        return {"answer": [self.place(question, seed, answer["chosen"])]}

    def review(self, question: SingleQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        chosen = [answer["chosen"]] if answer else []
        return super().review(question, answer, seed, lang) | self.reviewed(question, seed, lang, chosen)
