"""True or false, and why."""

from random import Random
from typing import Annotated, Any

from pydantic import Field, StrictBool

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
    state,
)


class TrueFalseQuestion(Question):
    """A statement that is true or false, and two to five reasons of which exactly one is correct."""

    answer: StrictBool
    reasons: Annotated[tuple[Option, ...], Field(min_length=2, max_length=5)]


def word(verdict: bool) -> str:
    """A verdict as the form sends it."""
    return "true" if verdict else "false"


@kinds.register
class TrueFalse(OptionKind[TrueFalseQuestion]):
    """Half the points for the verdict, half for the reason. The answer is `{"verdict": true, "reason": "b"}`."""

    key = "true-false"
    title = _l("True or false, with the reason")
    model = TrueFalseQuestion
    where = "reasons"

    def choices(self, question: TrueFalseQuestion) -> int:
        return 2

    def verdict(self, question: TrueFalseQuestion) -> bool:
        return question.answer

    def ask(self, question: TrueFalseQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        rows = self.asked(question, seed, lang, [given["reason"]] if given else [])
        return super().ask(question, seed, lang) | rows | {"verdict": [word(given["verdict"])] if given else []}

    def read(self, question: TrueFalseQuestion, form: Form, seed: str, lang: str) -> Answer:
        verdict = form.get("verdict")
        if verdict not in ("true", "false"):
            raise Refusal(_("Say first whether it is true or false."), status=422)
        reason = picked(self.order(question, seed), form.get("reason"), _("Choose the reason too: it is half of the answer."))
        return {"verdict": verdict == "true", "reason": reason}

    def mark(self, question: TrueFalseQuestion, answer: Answer) -> Mark:
        right = self.right(question)
        score = 0.5 * (answer["verdict"] == right["verdict"]) + 0.5 * (answer["reason"] == right["reason"])
        return Mark(score, (answer["reason"],))

    def right(self, question: TrueFalseQuestion) -> Answer:
        return {"verdict": question.answer, "reason": next(reason.id for reason in question.reasons if reason.correct)}

    def guess(self, question: TrueFalseQuestion, rng: Random) -> Answer:
        return {"verdict": rng.random() < 0.5, "reason": rng.choice(question.reasons).id}

    def form(self, question: TrueFalseQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        return {"verdict": [word(answer["verdict"])], "reason": [self.place(question, seed, answer["reason"])]}

    def review(self, question: TrueFalseQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        rows = self.reviewed(question, seed, lang, [answer["reason"]] if answer else [])
        verdict = [word(answer["verdict"])] if answer else []
        states = {word(one): state(one == question.answer, word(one) in verdict) for one in (True, False)}
        return super().review(question, answer, seed, lang) | rows | {"verdict": verdict, "verdict_states": states}
