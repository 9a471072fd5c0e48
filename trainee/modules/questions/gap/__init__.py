"""Fill the gaps in a sentence."""

import re
from collections.abc import Sequence
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from trainee.kit import trtext
from trainee.kit.saying import _, _l
from trainee.kit.words import Text, Written
from trainee.modules.questions import kinds
from trainee.modules.questions.kind import Answer, Form, Kind, Mark, Question, Tell, check_ids, state, typed

_GAP = re.compile(r"\[\[(\w{1,10})\]\]")

# Authors write `id: 1`, meaning the name of the gap; the number is taken as the word it looks like.
GapId = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value), StringConstraints(pattern=r"^\w{1,10}$")]


class Accepted(BaseModel):
    """What may be written in a gap, in each language; the first is shown as the right answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tr: Annotated[tuple[Written, ...], Field(min_length=1)]
    en: Annotated[tuple[Written, ...], Field(min_length=1)]

    def of(self, lang: str) -> Sequence[str]:
        """What may be written in `lang`."""
        return self.en if lang == "en" else self.tr


class Gap(BaseModel):
    """One gap `[[id]]` of the text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: GapId
    accept: Accepted
    why: Text


class GapQuestion(Question):
    """A text with one to four gaps, the same ones in both languages."""

    text: Text
    gaps: Annotated[tuple[Gap, ...], Field(min_length=1, max_length=4)]


def plain(words: str) -> str:
    """Words as they are compared: without case, accents, dots of i, punctuation at the ends, and runs of blanks."""
    return trtext.squeeze(trtext.fold(words)).strip(".,;:!?'\"()… ")


@kinds.register
class GapKind(Kind[GapQuestion]):
    """Write what is missing. The answer is `{"gaps": {"1": "words"}}`; each gap earns its share."""

    key = "gap"
    title = _l("Fill the gap")
    model = GapQuestion

    def told_with_stem(self, question: GapQuestion, lang: str) -> Sequence[str]:
        return (question.text.of(lang),)

    def check(self, question: GapQuestion, tell: Tell) -> None:
        check_ids(question.gaps, "gaps", tell)
        known = [gap.id for gap in question.gaps]
        for lang in ("tr", "en"):
            used = _GAP.findall(question.text.of(lang))
            for name in sorted(set(used) | set(known)):
                if name not in known:
                    tell(("text", lang), f"`[[{name}]]` is not among `gaps`.", f'Add `- id: "{name}"` below `gaps:`.')
                elif used.count(name) != 1:
                    tell(("text", lang), f"`[[{name}]]` is {used.count(name)} times in the `{lang}` text.", "Put each gap there exactly once.")
        for index, gap in enumerate(question.gaps):
            self._check_accepted(gap, index, tell)

    def _check_accepted(self, gap: Gap, index: int, tell: Tell) -> None:
        for lang in ("tr", "en"):
            for number, words in enumerate(gap.accept.of(lang)):
                if not plain(words):
                    tell(("gaps", index, "accept", lang, number), f"`{words}` has no letter or digit to compare.", "Write a word.")

    def ask(self, question: GapQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        written = given["gaps"] if given else {}
        pieces = _GAP.split(question.text.of(lang))
        # Every second piece is the name of a gap.
        parts = [
            {"gap": number % 2 == 1, "words": piece, "name": f"gap-{piece}", "written": written.get(piece, ""), "number": (number + 1) // 2}
            for number, piece in enumerate(pieces)
        ]
        return super().ask(question, seed, lang) | {"parts": parts}

    def read(self, question: GapQuestion, form: Form, seed: str, lang: str) -> Answer:
        missing = _("Write something in every gap first.")
        return {"gaps": {gap.id: typed(form, f"gap-{gap.id}", missing) for gap in question.gaps}}

    def fits(self, gap: Gap, written: str) -> bool:
        """Whether these words fill the gap, in either language: who changes the language half-way loses nothing."""
        return plain(written) in {plain(words) for words in (*gap.accept.tr, *gap.accept.en)}

    def mark(self, question: GapQuestion, answer: Answer) -> Mark:
        hits = sum(self.fits(gap, answer["gaps"].get(gap.id, "")) for gap in question.gaps)
        return Mark(hits / len(question.gaps), tuple(gap.id for gap in question.gaps))

    def right(self, question: GapQuestion) -> Answer:
        return {"gaps": {gap.id: gap.accept.tr[0] for gap in question.gaps}}

    def guess(self, question: GapQuestion, rng: Random) -> Answer:
        return {"gaps": {gap.id: gap.accept.tr[0] if rng.random() < 0.5 else "?" for gap in question.gaps}}

    def form(self, question: GapQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        return {f"gap-{gap.id}": [answer["gaps"][gap.id]] for gap in question.gaps}

    def review(self, question: GapQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        written = answer["gaps"] if answer else {}
        by_id = {gap.id: gap for gap in question.gaps}
        parts = [
            {"gap": number % 2 == 1, "words": by_id[piece].accept.of(lang)[0] if number % 2 else piece}
            for number, piece in enumerate(_GAP.split(question.text.of(lang)))
        ]
        rows = [
            {
                "given": written.get(gap.id, ""),
                "expected": gap.accept.of(lang)[0],
                "state": state(self.fits(gap, written.get(gap.id, "")), True) if answer else None,
                "why": gap.why.of(lang),
            }
            for gap in question.gaps
        ]
        return super().review(question, answer, seed, lang) | {"parts": parts, "rows": rows}
