"""What every question has, and what every type of question can do."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Annotated, Any, ClassVar, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints

from trainee.kit import yamltree
from trainee.kit.errors import Refusal
from trainee.kit.findings import Findings
from trainee.kit.saying import _
from trainee.kit.words import Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=40)]
Bloom = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
Difficulty = Literal["easy", "medium", "hard"]
Answer = dict[str, Any]

# Longer than any answer we ask for; what is longer was not typed by a person answering.
LONGEST_ANSWER = 300


class Form(Protocol):
    """What was sent: werkzeug's MultiDict, or anything that can do the same two things."""

    def get(self, name: str, /) -> str | None: ...

    def getlist(self, name: str, /) -> list[str]: ...


class Question(BaseModel):
    """One question as its author wrote it. `id` is what results are counted under and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    type: str
    pool: Slug | None = None
    level: Bloom
    skill: Slug
    lesson: Slug | None = None
    difficulty: Difficulty = "medium"
    stem: Text
    why: Text | None = None


class Option(BaseModel):
    """One thing to choose, with what is said to whoever chose it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    text: Text
    correct: StrictBool = False
    why: Text


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer is worth: `score` 0..1, and the ids of the options whose feedback belongs to it."""

    score: float
    chosen: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether nothing at all was wrong."""
        return self.score > 0.999


Q = TypeVar("Q", bound=Question)
Tell = Callable[[Sequence[str | int], str, str], None]
"""Say what is wrong at a path inside the question, and the mend."""


class Kind(Generic[Q]):
    """One type of question and its whole life: reading, asking, answering, marking, reviewing.

    Options are shown in an order drawn from `seed`, which is kept with the attempt, and are numbered by their place in it: the
    browser never sees an option's id, because authors write the steps of an ordering, for one, in the right order.
    """

    key: ClassVar[str]
    title: ClassVar[Any]
    model: ClassVar[type[Any]]

    def parse(self, tree: yamltree.Tree, at: yamltree.Path, findings: Findings) -> Q | None:
        """The question at the path `at`; None after telling what is wrong with it."""
        return self.build(tree.get(*at), tree, at, findings)

    def build(self, value: Any, tree: yamltree.Tree, at: yamltree.Path, findings: Findings) -> Q | None:
        """The question described by `value`, whose places in the file are found in `tree` below `at`."""
        question: Q | None = yamltree.fill(self.model, tree, findings, at, value)
        if question is None:
            return None
        before = len(findings.errors)

        def tell(where: Sequence[str | int], message: str, mend: str) -> None:
            findings.error(tree.path, tree.line(*at, *where), message, mend)

        self.check(question, tell)
        return question if len(findings.errors) == before else None

    def check(self, question: Q, tell: Tell) -> None:
        """Say what is wrong with a question whose fields are all there."""

    def options(self, question: Q) -> Sequence[Option]:
        """What can be ticked, where an answer is ticked in one list."""
        return ()

    def rivals(self, question: Q, lang: str) -> Sequence[tuple[str, bool]]:
        """What stands to be chosen, as its words and whether it is right: for looking whether its length gives it away."""
        return [(option.text.of(lang), option.correct) for option in self.options(question)]

    def verdict(self, question: Q) -> bool | None:
        """The right answer where it is one of true and false; None for other types."""
        return None

    def told_with_stem(self, question: Q, lang: str) -> Sequence[str]:
        """What is told with the stem and belongs to what is asked: the same words may be asked of another situation."""
        return ()

    def choices(self, question: Q) -> int:
        """Among how many answers a blind guess chooses; 0 where guessing does not help."""
        return 0

    def ask(self, question: Q, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
        """What `ask.html` shows: nothing in it depends on which answer is right. `given` is an answer saved earlier.

        Who shows several questions may set `number` and `of` in what comes back.
        """
        return {"template": self.template("ask"), "id": question.id, "type": self.key, "stem": question.stem.of(lang), "number": None, "of": None}

    def read(self, question: Q, form: Form, seed: str, lang: str) -> Answer:
        """The answer in a sent form, as it is stored; Refusal (422) when it is missing or cannot be one."""
        raise NotImplementedError

    def mark(self, question: Q, answer: Answer) -> Mark:
        """What a stored answer is worth."""
        raise NotImplementedError

    def right(self, question: Q) -> Answer:
        """The answer that gets all points."""
        raise NotImplementedError

    def guess(self, question: Q, rng: Random) -> Answer:
        """Some answer a person might give, for demonstrations and tests."""
        raise NotImplementedError

    def form(self, question: Q, answer: Answer, seed: str) -> dict[str, list[str]]:
        """The form that `read` turns into `answer`."""
        raise NotImplementedError

    def review(self, question: Q, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
        """What `review.html` shows after the answer may be seen: the given and the right one, with feedback. None: not answered."""
        mark = self.mark(question, answer) if answer is not None else None
        return {
            "template": self.template("review"),
            "id": question.id,
            "field": f"review-{question.id}",
            "number": None,
            "of": None,
            "type": self.key,
            "stem": question.stem.of(lang),
            "why": question.why.of(lang) if question.why else "",
            "answered": answer is not None,
            "score": mark.score if mark else None,
            "right": bool(mark and mark.right),
        }

    @property
    def folder(self) -> str:
        """The folder this type lives in, below `questions/`."""
        return type(self).__module__.rsplit(".", 1)[-1]

    def template(self, name: str) -> str:
        """The name by which Jinja finds this type's `ask` or `review` template."""
        return f"questions/{self.folder}/{name}.html"

    def example(self) -> str:
        """The text of `example.yaml`: what authors copy."""
        return (files(type(self).__module__) / "example.yaml").read_text(encoding="utf-8")


class OptionKind(Kind[Q]):
    """A type whose answer is ticked in one list of options, which are shown in an order drawn by the seed."""

    # The field of the question that holds the options, and how many of them are correct: at least, and at most (None: all but one).
    where: ClassVar[str] = "options"
    correct: ClassVar[tuple[int, int | None]] = (1, 1)

    def options(self, question: Q) -> Sequence[Option]:
        """The options of a question."""
        found: Sequence[Option] = getattr(question, self.where)
        return found

    def check(self, question: Q, tell: Tell) -> None:
        options, (least, most) = self.options(question), self.correct
        check_ids(options, self.where, tell)
        check_same_words(options, self.where, tell)
        check_correct(options, self.where, tell, least, len(options) - 1 if most is None else most)

    def order(self, question: Q, seed: str) -> list[str]:
        """The ids of the options in the order in which they are shown."""
        return shuffled((option.id for option in self.options(question)), seed, question.id)

    def asked(self, question: Q, seed: str, lang: str, chosen: Iterable[str]) -> dict[str, Any]:
        """The options as `ask.html` shows them, with those chosen earlier."""
        return asked_options(self.options(question), self.order(question, seed), lang, chosen)

    def reviewed(self, question: Q, seed: str, lang: str, chosen: Iterable[str]) -> dict[str, Any]:
        """The options as `review.html` shows them."""
        return reviewed_options(self.options(question), self.order(question, seed), lang, chosen)

    def place(self, question: Q, seed: str, option: str) -> str:
        """What a form sends for an option: its place in the order drawn."""
        return str(self.order(question, seed).index(option))


def shuffled(ids: Iterable[str], seed: str, what: str) -> list[str]:
    """The ids in the order this seed gives them. It depends on seed and ids only, never on how the author ordered them."""
    return sorted(ids, key=lambda one: hashlib.sha256(f"{seed}/{what}/{one}".encode()).digest())


def picked(order: Sequence[str], sent: str | None, missing: str) -> str:
    """The id at the place that was sent; Refusal with the sentence `missing` when none was, and another when it is no place."""
    if sent is None or not sent.strip():
        raise Refusal(missing, status=422)
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 4 and int(sent) < len(order)):
        raise Refusal(_("That answer does not belong to this question. Open the question again, please."), status=422)
    return order[int(sent)]


def typed(form: Form, name: str, missing: str) -> str:
    """What was typed into a field, without blanks around it; Refusal when it is empty or far too long."""
    words = (form.get(name) or "").strip()
    if not words:
        raise Refusal(missing, status=422)
    if len(words) > LONGEST_ANSWER or "\0" in words:
        raise Refusal(_("That is longer than an answer can be. A few words are enough."), status=422)
    return words


def check_ids(things: Sequence[Any], where: str, tell: Tell) -> None:
    """Tell every id that is used twice in one list."""
    seen: set[str] = set()
    for index, thing in enumerate(things):
        if thing.id in seen:
            tell((where, index, "id"), f"The id `{thing.id}` is used twice in `{where}`.", "Give each its own id.")
        seen.add(thing.id)


def check_same_words(things: Sequence[Any], where: str, tell: Tell) -> None:
    """Tell every text that stands twice in one list, in either language."""
    for lang in ("tr", "en"):
        seen: dict[str, str] = {}
        for index, thing in enumerate(things):
            words = thing.text.of(lang)
            if words in seen:
                tell((where, index, "text"), f"`{thing.id}` and `{seen[words]}` say the same in `{lang}`.", "Say something else in one of them.")
            seen[words] = thing.id


def check_correct(options: Sequence[Option], where: str, tell: Tell, least: int, most: int) -> None:
    """Tell when the number of correct options is not between `least` and `most`."""
    count = sum(option.correct for option in options)
    if least <= count <= most:
        return
    wanted = "exactly one option" if most == 1 else f"{least} to {most} options"
    tell((where,), f"{count} of the options in `{where}` are marked correct; this type needs {wanted}.", "Write `correct: true` where it belongs.")


def asked_options(options: Sequence[Option], order: Sequence[str], lang: str, chosen: Iterable[str]) -> dict[str, Any]:
    """Options as `ask.html` shows them, in the order drawn, and the places of those chosen earlier."""
    words = {option.id: option.text.of(lang) for option in options}
    return {"choices": [(str(place), words[one]) for place, one in enumerate(order)], "chosen": places(order, chosen)}


def reviewed_options(options: Sequence[Option], order: Sequence[str], lang: str, chosen: Iterable[str]) -> dict[str, Any]:
    """The same options with what was right about them and what is said to each."""
    by_id = {option.id: option for option in options}
    ticked = set(chosen)
    return asked_options(options, order, lang, ticked) | {
        "states": {str(place): state(by_id[one].correct, one in ticked) for place, one in enumerate(order)},
        "whys": {str(place): by_id[one].why.of(lang) for place, one in enumerate(order)},
    }


def places(order: Sequence[str], chosen: Iterable[str]) -> list[str]:
    """Where in the order drawn the chosen ids stand."""
    ticked = set(chosen)
    return [str(place) for place, one in enumerate(order) if one in ticked]


def state(correct: bool, ticked: bool) -> str | None:
    """How an option is marked in a review: right, wrong, missed, or not at all."""
    if ticked:
        return "right" if correct else "wrong"
    return "missed" if correct else None


def spoken(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Lines of a dialogue, `Speaker: words`, as speaker and words."""
    rows = []
    for line in lines:
        speaker, colon, words = line.partition(":")
        rows.append((speaker.strip() if colon else "", (words if colon else line).strip()))
    return rows


def as_multi(fields: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """The pairs of a form, as a client sends them."""
    return [(name, value) for name, values in fields.items() for value in values]
