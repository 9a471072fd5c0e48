"""A short number."""

import re
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from trainee.kit import trtext
from trainee.kit.errors import Refusal
from trainee.kit.saying import _, _l, number
from trainee.kit.words import Text
from trainee.modules.questions import kinds
from trainee.modules.questions.kind import Answer, Form, Kind, Mark, Question, Tell, state, typed

Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
_GROUPS = {"tr": re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+\Z"), "en": re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+\Z")}


class Mistake(BaseModel):
    """A usual slip: the number it leads to, and what is said about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Number
    why: Text


class NumericQuestion(Question):
    """A number, right within a tolerance."""

    value: Number
    tolerance: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] = 0.0
    unit: Text | None = None
    mistakes: tuple[Mistake, ...] = ()


def parse(written: str, unit: Text | None, lang: str) -> Decimal | None:
    """The number somebody wrote, or None. `1.500` is fifteen hundred in Turkish and one and a half in English; a unit or % is forgiven."""
    words = trtext.lower(written, lang).replace("\u2212", "-").strip()
    for extra in (unit.tr, unit.en) if unit else ():
        words = words.removesuffix(trtext.lower(extra, lang)).strip()
    # Phones and spreadsheets group by blanks of several widths.
    words = "".join(words.replace("'", "").split()).strip("%₺")
    if _GROUPS[lang].match(words):
        words = words.replace("." if lang == "tr" else ",", "")
    last = max(words.rfind("."), words.rfind(","))
    if last >= 0:
        whole, fraction = words[:last], words[last + 1 :]
        mark = words[last]
        if mark in whole:
            return None
        words = f"{whole.replace(',', '').replace('.', '')}.{fraction}"
    if not re.match(r"[+-]?([0-9]{1,15}\.?[0-9]{0,9}|\.[0-9]{1,9})\Z", words):
        return None
    try:
        return Decimal(words)
    except InvalidOperation:
        return None


@kinds.register
class Numeric(Kind[NumericQuestion]):
    """Write a number. The answer is `{"value": "40"}`."""

    key = "numeric"
    title = _l("A number")
    model = NumericQuestion

    def check(self, question: NumericQuestion, tell: Tell) -> None:
        for index, mistake in enumerate(question.mistakes):
            if self.near(question, mistake.value):
                tell(
                    ("mistakes", index, "value"),
                    "This mistake lies within the tolerance of the right value.",
                    "Change it, or make the tolerance smaller.",
                )

    def near(self, question: NumericQuestion, value: float) -> bool:
        """Whether a value is right."""
        return abs(value - question.value) <= question.tolerance + 1e-9

    def ask(self, question: NumericQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        unit = question.unit.of(lang) if question.unit else ""
        return super().ask(question, seed, lang) | {"unit": unit, "written": given["written"] if given else ""}

    def read(self, question: NumericQuestion, form: Form, seed: str, lang: str) -> Answer:
        written = typed(form, "answer", _("Write a number first."))
        value = parse(written, question.unit, lang)
        if value is None:
            raise Refusal(_("“%(written)s” is not a number. Write digits only, as in 12.5 or 12,5.", written=written), status=422)
        return {"value": str(value), "written": written}

    def slip(self, question: NumericQuestion, answer: Answer) -> int | None:
        """Which of the usual mistakes an answer is, or None."""
        value = float(answer["value"])
        near = [index for index, mistake in enumerate(question.mistakes) if abs(value - mistake.value) <= question.tolerance + 1e-9]
        return near[0] if near and not self.near(question, value) else None

    def mark(self, question: NumericQuestion, answer: Answer) -> Mark:
        slip = self.slip(question, answer)
        return Mark(1.0 if self.near(question, float(answer["value"])) else 0.0, () if slip is None else (f"mistake-{slip + 1}",))

    def right(self, question: NumericQuestion) -> Answer:
        return {"value": f"{question.value:.15g}", "written": f"{question.value:.15g}"}

    def guess(self, question: NumericQuestion, rng: Random) -> Answer:
        value = f"{rng.choice([question.value, question.value + 1, question.value * 2, *(slip.value for slip in question.mistakes)]):.15g}"
        return {"value": value, "written": value}

    def form(self, question: NumericQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        return {"answer": [answer["written"]]}

    def review(self, question: NumericQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        slip = self.slip(question, answer) if answer else None
        digits = len(f"{question.value:.9g}".partition(".")[2])
        return super().review(question, answer, seed, lang) | {
            "given": answer["written"] if answer else "",
            "expected": number(question.value, digits),
            "unit": question.unit.of(lang) if question.unit else "",
            "state": state(self.mark(question, answer).right, True) if answer else None,
            "slip": question.mistakes[slip].why.of(lang) if slip is not None else "",
        }
