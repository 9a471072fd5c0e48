"""Two dialogues side by side: which reply is better?"""

from collections.abc import Sequence
from random import Random
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from trainee.kit.saying import _, _l
from trainee.kit.words import Text, Written
from trainee.modules.questions import kinds
from trainee.modules.questions.kind import Answer, Form, Kind, Mark, Question, Slug, Tell, check_ids, picked, shuffled, spoken, state


class Lines(BaseModel):
    """A dialogue in both languages, one `Speaker: words` a line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tr: Annotated[tuple[Written, ...], Field(min_length=1, max_length=8)]
    en: Annotated[tuple[Written, ...], Field(min_length=1, max_length=8)]

    def of(self, lang: str) -> Sequence[str]:
        """The lines in `lang`."""
        return self.en if lang == "en" else self.tr


class Reply(BaseModel):
    """One of the two dialogues, with what makes it better or worse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    lines: Lines
    why: Text


class BetterReplyQuestion(Question):
    """A situation and exactly two replies, one of which is better."""

    situation: Text
    replies: Annotated[tuple[Reply, ...], Field(min_length=2, max_length=2)]
    better: Slug


@kinds.register
class BetterReply(Kind[BetterReplyQuestion]):
    """Choose the better dialogue. The answer is `{"chosen": "a"}`."""

    key = "better-reply"
    title = _l("Which reply is better?")
    model = BetterReplyQuestion

    def rivals(self, question: BetterReplyQuestion, lang: str) -> Sequence[tuple[str, bool]]:
        return [(" ".join(reply.lines.of(lang)), reply.id == question.better) for reply in question.replies]

    def told_with_stem(self, question: BetterReplyQuestion, lang: str) -> Sequence[str]:
        return (question.situation.of(lang), *question.replies[0].lines.of(lang))

    def check(self, question: BetterReplyQuestion, tell: Tell) -> None:
        check_ids(question.replies, "replies", tell)
        if question.better not in {reply.id for reply in question.replies}:
            tell(("better",), f"`better: {question.better}` is not one of the two replies.", "Write the id of the better one.")
        for index, reply in enumerate(question.replies):
            if len(reply.lines.tr) != len(reply.lines.en):
                tell(("replies", index, "lines"), f"`{reply.id}` has not as many lines in Turkish as in English.", "Write every line in both.")
            self._check_speakers(reply, index, tell)

    def _check_speakers(self, reply: Reply, index: int, tell: Tell) -> None:
        for lang in ("tr", "en"):
            for number, line in enumerate(reply.lines.of(lang)):
                speaker, colon, words = line.partition(":")
                if not (colon and speaker.strip() and words.strip()):
                    tell(
                        ("replies", index, "lines", lang, number), "A line of a dialogue says who speaks.", "Write it as `Speaker: words`, in quotes."
                    )

    def choices(self, question: BetterReplyQuestion) -> int:
        return 2

    def order(self, question: BetterReplyQuestion, seed: str) -> list[str]:
        """The ids of the replies in the order in which they are shown."""
        return shuffled((reply.id for reply in question.replies), seed, question.id)

    def ask(self, question: BetterReplyQuestion, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        by_id = {reply.id: reply for reply in question.replies}
        order = self.order(question, seed)
        replies = [{"value": str(place), "lines": spoken(by_id[one].lines.of(lang))} for place, one in enumerate(order)]
        chosen = str(order.index(given["chosen"])) if given else None
        return super().ask(question, seed, lang) | {"situation": question.situation.of(lang), "replies": replies, "chosen": chosen}

    def read(self, question: BetterReplyQuestion, form: Form, seed: str, lang: str) -> Answer:
        return {"chosen": picked(self.order(question, seed), form.get("answer"), _("Choose the better reply first."))}

    def mark(self, question: BetterReplyQuestion, answer: Answer) -> Mark:
        return Mark(1.0 if answer["chosen"] == question.better else 0.0, (answer["chosen"],))

    def right(self, question: BetterReplyQuestion) -> Answer:
        return {"chosen": question.better}

    def guess(self, question: BetterReplyQuestion, rng: Random) -> Answer:
        return {"chosen": rng.choice(question.replies).id}

    def form(self, question: BetterReplyQuestion, answer: Answer, seed: str) -> dict[str, list[str]]:
        return {"answer": [str(self.order(question, seed).index(answer["chosen"]))]}

    def review(self, question: BetterReplyQuestion, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        by_id = {reply.id: reply for reply in question.replies}
        ticked = answer["chosen"] if answer else None
        order = self.order(question, seed)
        shown = self.ask(question, seed, lang, answer) | super().review(question, answer, seed, lang)
        return shown | {
            "states": {str(place): state(one == question.better, one == ticked) for place, one in enumerate(order)},
            "whys": {str(place): by_id[one].why.of(lang) for place, one in enumerate(order)},
        }
