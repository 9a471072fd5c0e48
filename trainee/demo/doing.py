"""What people of the demonstration company do: read, answer, play, observe. Each deed goes through the action a page would call."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zlib import crc32

from werkzeug.datastructures import MultiDict

from trainee import coaching
from trainee.demo.book import Book
from trainee.demo.company import Member
from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.lessons import actions as lessons
from trainee.modules.lessons.queries import seed_of
from trainee.modules.library.content import Lesson, Module
from trainee.modules.progress import parts_of, progress, required_parts
from trainee.modules.questions import Question, kind_of
from trainee.modules.questions.kind import as_multi
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.queries import questions_of
from trainee.modules.roleplays import actions as roleplays
from trainee.modules.roleplays.play import State
from trainee.modules.roleplays.queries import run_or_404
from trainee.modules.roleplays.scene import Answer, Try
from trainee.modules.roleplays.scenes.typed import TypedScene
from trainee.skills.scorecards import Card

CHANNEL = {"shop": "shop", "phone": "phone", "chat": "chat", "social": "social", "after-sales": "visit"}
# What is looked at when somebody is observed, by the kind of team.
LOOKED_AT = {
    "shop": ("greeting", "empathy", "needs-discovery", "reliability", "service-environment", "follow-up-loyalty"),
    "phone": ("empathy", "reliability", "complaint-handling", "de-escalation", "channel-communication", "trust-building"),
    "chat": ("channel-communication", "empathy", "reliability", "flexibility", "complaint-handling"),
    "social": ("complaint-handling", "empathy", "de-escalation", "channel-communication", "trust-building"),
    "after-sales": ("reliability", "follow-up-loyalty", "flexibility", "complaint-handling", "trust-building"),
}
_LINES_SEEN = 4


@dataclass
class Doer:
    """Lets people do things, in the order of time; every draw comes from one source of chance."""

    book: Book
    rng: Random
    start: datetime
    until: datetime
    done: Counter[str] = field(default_factory=Counter)
    versions: Mapping[str, int] = field(default_factory=dict)
    leniency: dict[int, float] = field(default_factory=dict)
    # The card each kind of team is observed on.
    cards: dict[str, Card] = field(default_factory=dict)
    # What is drawn beside the stories, from a source of its own.
    beside: Random = field(default_factory=lambda: Random(31))
    _number: int = 0

    def __post_init__(self) -> None:
        self.versions = library.current_versions()

    def week(self, at: datetime) -> float:
        """Weeks since the history began."""
        return (at - self.start) / timedelta(weeks=1)

    def key(self) -> str:
        """The next idempotency key."""
        self._number += 1
        return f"demo-{self._number}"

    def module(self, key: str) -> Module:
        """A module in use, as values."""
        found: Module = library.module(self.versions[key])
        return found

    def scenes(self, story: str) -> list[str]:
        """The scenes of a role-play, in the order in which they were written."""
        return [scene for key in self.versions if (found := self.module(key).story(story)) is not None for scene in found.scenes]

    def next_part(self, who: Member, module_key: str) -> str | None:
        """What somebody still has to do of a module; None when it is done."""
        return progress(required_parts(self.module(module_key)), parts_of(who.id).get(module_key, {})).next_part

    def do_part(self, who: Member, module_key: str, part: str, at: datetime, told: Mapping[str, bool] | None = None) -> datetime:
        """Do one part of a module with more care than the first time; `told` says which questions of a quiz go right or wrong."""
        kind, _slash, key = part.partition("/")
        if kind == "quiz":
            return self.quiz(who, module_key, at, told=told, extra=0.2)[0]
        if kind == "roleplay":
            return self.play(who, key, at, extra=0.2)[0]
        lesson = self.module(module_key).lesson(key)
        assert lesson is not None
        return self.read(who, module_key, lesson, at)

    # Lessons -------------------------------------------------------------------------------------------------------------

    def read(self, who: Member, module_key: str, lesson: Lesson, at: datetime) -> datetime:
        """Read a lesson to its end, answering its checks on the way; when it was done."""
        module = self.module(module_key)
        version = self.versions[module_key]
        lessons.keep_place(who.id, module, lesson, len(lesson.blocks(who.language)) - 1, at)
        for question in lesson.checks:
            at += timedelta(seconds=self.rng.randint(60, 240))
            answer = self._answer(question, who.mind.chance("knowing", question.skill, self.week(at)) + 0.1)
            form = MultiDict(as_multi(kind_of(question).form(question, answer, seed_of(who.id, version, lesson.key))))
            lessons.answer_check(who.id, version, module, lesson, question.id, form, who.language, at)
            self.done["checks"] += 1
        self.done["lessons"] += 1
        self._tell_how_it_went(who, module, lesson, at + timedelta(days=4))
        return at

    def _tell_how_it_went(self, who: Member, module: Module, lesson: Lesson, at: datetime) -> None:
        """Two in three say what became of the lesson's task; which ones follows from who and what, so that no other draw moves."""
        chance = crc32(f"{who.username}/{module.key}/{lesson.key}".encode())
        if at < self.until and chance % 3:
            lessons.report_task(who.id, module, lesson, "hard" if chance % 4 == 0 else "well", "", at)

    # Quizzes -------------------------------------------------------------------------------------------------------------

    def seed_with(self, module_key: str, question_id: str) -> str:
        """A seed whose draw asks that question."""
        while True:
            seed = f"{self.rng.getrandbits(48):012x}"
            if question_id in quizzes.draw(self.module(module_key).quiz, seed):
                return seed

    def quiz(
        self, who: Member, module_key: str, at: datetime, *, told: Mapping[str, bool] | None = None, seed: str | None = None, extra: float = 0.0
    ) -> tuple[datetime, bool]:
        """One attempt at a module's quiz, answered and handed in; when, and whether it was passed. `told` says which questions go right or wrong."""
        attempt = quizzes.begin(who.id, module_key, at, seed or f"{self.rng.getrandbits(48):012x}")
        # Who tries again remembers some of it.
        extra += 0.1 * (attempt.number - 1)
        for question in questions_of(self.module(module_key), attempt):
            at += timedelta(seconds=self.rng.randint(20, 70))
            chance = who.mind.chance("knowing", question.skill, self.week(at)) + extra
            right = (told or {}).get(question.id)
            answer = self._answer(question, chance) if right is None else self._told(question, right)
            fields = kind_of(question).form(question, answer, attempt.seed) | {"key": [self.key()], "confidence": [self._sure(chance)]}
            quizzes.save_answer(attempt.id, who.id, question.id, MultiDict(as_multi(fields)), who.language, at)
            self.done["quiz answers"] += 1
        handed_in = quizzes.hand_in(attempt.id, who.id, at)
        self.done["quiz attempts"] += 1
        return at, bool(handed_in.passed)

    def _answer(self, question: Question, chance: float) -> dict[str, Any]:
        kind = kind_of(question)
        return kind.right(question) if self.rng.random() < chance else kind.guess(question, self.rng)

    def _told(self, question: Question, right: bool) -> dict[str, Any]:
        kind = kind_of(question)
        answer = kind.right(question)
        while not right and kind.mark(question, answer).right:
            answer = kind.guess(question, self.rng)
        return answer

    def _sure(self, chance: float) -> str:
        shown = chance + self.rng.gauss(0.0, 0.15)
        return "sure" if shown > 0.8 else ("fairly" if shown > 0.55 else "guess")

    # Role-plays ----------------------------------------------------------------------------------------------------------

    def play(
        self, who: Member, story: str, at: datetime, *, leave: bool = False, weak: Sequence[str] = (), extra: float = 0.0
    ) -> tuple[datetime, int]:
        """Play a role-play to its end, or leave it in the middle; when, and the run. Replies typed in scenes `weak` are full of excuses."""
        run = roleplays.begin(who.id, story, self.key(), at, self.rng.getrandbits(31))
        self.done["role-plays"] += 1
        at, finished = self._go_on(who, run, at, weak, self.rng.randint(2, 6) if leave else 99, extra)
        self.done["role-plays left in the middle"] += not finished
        return at, run

    def replay(self, who: Member, run: int, scene: str, at: datetime, weak: Sequence[str] = (), most: int = 99) -> tuple[datetime, int]:
        """Play a finished role-play again from a scene on, or the whole when the scene was not passed; at most so many scenes."""
        steps = run_or_404(run, who.id).state.steps
        kept = next((step.first for step in steps if step.scene.id == scene), 0)
        again = roleplays.replay_from(run, who.id, kept, self.key(), at, self.rng.getrandbits(31))
        self.done["role-plays"] += 1
        return self._go_on(who, again, at, weak, most)[0], again

    def _go_on(self, who: Member, run: int, at: datetime, weak: Sequence[str], most: int = 99, extra: float = 0.0) -> tuple[datetime, bool]:
        state: State = run_or_404(run, who.id).state
        while state.scene is not None and most:
            at += timedelta(seconds=self.rng.randint(12, 50))
            for given in self._reply(who, state, at, weak, extra):
                assert state.scene is not None
                state = roleplays.move(run, who.id, state.seq, state.scene.id, given, self.key(), who.language, at)
                at += timedelta(seconds=self.rng.randint(5, 30))
                self.done["role-play moves"] += 1
            most -= 1
        return at, state.ended

    def _reply(self, who: Member, state: State, at: datetime, weak: Sequence[str], extra: float) -> list[dict[str, list[str]]]:
        """The forms that this person sends in the scene now open."""
        scene = state.scene
        assert scene is not None
        chance = _mean(who.mind.chance("playing", skill, self.week(at)) for skill in sorted(scene.skills())) + extra
        if isinstance(scene, TypedScene):
            text = self._excuse(scene, who.language) if scene.id in weak else self._typed(scene, who.language, chance)
            return [{"text": [text]}, {"criteria": list(scene.suggest(text, who.language))}]
        ways = sorted(scene.tries(state.situation), key=lambda way: (way.outcome.critical is not None, way.outcome.lost))
        return [_form(answer) for answer in self._way(ways, chance).answers]

    def _way(self, ways: Sequence[Try], chance: float) -> Try:
        if self.rng.random() < chance or len(ways) == 1:
            return ways[0]
        # The second best tempts most, and the more so the more somebody can; a critical error is rare.
        weights = [0.1 if way.outcome.critical else place ** -(4.0 * chance - 1.6) for place, way in enumerate(ways[1:], 1)]
        return self.rng.choices(ways[1:], weights)[0]

    def _typed(self, scene: TypedScene, language: str, chance: float) -> str:
        """The sentences of a good reply that come to this person's mind, and enough of them."""
        sentences = [one.strip().rstrip(".") + "." for one in re.split(r"\.\s+", scene.model_answer.of(language)) if one.strip()]
        kept = [self.rng.random() < chance for _ in sentences]
        while len(text := " ".join(one for one, keep in zip(sentences, kept, strict=True) if keep)) < scene.min_chars and not all(kept):
            kept[kept.index(False)] = True
        return text if scene.min_chars <= len(text) <= scene.max_chars else scene.model_answer.of(language)

    def _excuse(self, scene: TypedScene, language: str) -> str:
        words: str = self.book.texts["stories"]["excuse"][language]
        return (words if len(words) >= scene.min_chars else f"{words} {words}")[: scene.max_chars]

    # Observations --------------------------------------------------------------------------------------------------------

    def observe(self, observer: Member, who: Member, at: datetime, told: Mapping[str, int] | None = None, shared: str | None = None) -> datetime:
        """Watch somebody at work for a while and write down what was seen; when it was written. `told` says some levels."""
        looked_at = LOOKED_AT[who.kind]
        others = [skill for skill in looked_at if skill not in (told or {})]
        chosen = self.rng.sample(others, min(_LINES_SEEN - len(told or {}), len(others)))
        levels = {skill: self._seen(observer, who, skill, at) for skill in sorted(chosen)} | dict(told or {})
        lines = [coaching.Line(skill, level, self._note(skill, level)) for skill, level in levels.items()]
        written = at + timedelta(minutes=self.rng.randint(8, 25))
        words = self.rng.choice(self.book.texts["shared"]) if shared is None else shared
        observation = self._write_down(observer, who, at, lines, words, written)
        read_at = written + timedelta(hours=self.rng.randint(1, 40))
        if self.rng.random() < 0.75 and read_at < self.until:
            coaching.acknowledge(db.session.get_one(coaching.Observation, observation), read_at)
        return written

    def write_down(
        self, observer: Member, who: Member, at: datetime, told: Mapping[str, int], *, self_review: bool = False, contact: str = ""
    ) -> int:
        """Write down what a story says was seen, ten minutes later; the observation."""
        tones = {1: "low", 4: "high"}
        lines = [coaching.Line(skill, level, self.book.note(skill, tones[level])[0] if level in tones else "") for skill, level in told.items()]
        return self._write_down(observer, who, at, lines, self.book.texts["shared"][0], at + timedelta(minutes=10), self_review, contact)

    def _write_down(
        self,
        observer: Member,
        who: Member,
        seen_at: datetime,
        lines: Sequence[coaching.Line],
        shared: str,
        at: datetime,
        self_review: bool = False,
        contact: str = "",
    ) -> int:
        card = self.cards.get(who.kind)
        # What a story looks at beside its team's card is written down without one.
        if card is not None and any(line.skill not in card.skills for line in lines):
            card = None
        # The first thirty seconds go with the whole, and a little with chance.
        marks = [line.level for line in lines if line.level]
        opening = min(max(round(_mean(marks) + self.beside.gauss(0.0, 0.6)), 1), 4)
        observation = coaching.observe(
            observer_id=observer.id,
            person_id=who.id,
            seen_at=seen_at,
            channel=CHANNEL[who.kind],
            lines=lines,
            shared=shared,
            receipt=self.key(),
            at=at,
            card_id=card.id if card else None,
            around=coaching.Around(contact=contact, opening=opening, beyond=_beyond(who, seen_at, marks), professional=True, respectful=True),
            self_review=self_review,
        )
        self.done["observations"] += 1
        self.done["observation lines"] += len(lines)
        return observation

    def _seen(self, observer: Member, who: Member, skill: str, at: datetime) -> int:
        true = who.mind.level("working", skill, self.week(at)) + self.leniency.get(observer.id, 0.0)
        return min(max(round(true + self.rng.gauss(0.0, 0.45)), 1), 4)

    def _note(self, skill: str, level: int) -> str:
        if level in (1, 4):
            return self.rng.choice(self.book.note(skill, "low" if level == 1 else "high"))
        return ""


def _beyond(who: Member, at: datetime, marks: Sequence[int]) -> int | None:
    """What she did beyond the product: the more, the better the rest; which contact follows from who and when, so that no other draw moves."""
    chance = crc32(f"{who.username}/{at:%Y-%m-%d}/beyond".encode()) % 6
    return None if chance == 0 else min(max(round(_mean(marks)) - 2 + chance // 2, 0), 3)


def _form(answer: Answer) -> dict[str, list[str]]:
    """A stored answer as the form that brings it."""
    return {name: list(value) if isinstance(value, (list, tuple)) else [value] for name, value in answer.items()}


def _mean(values: Any) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.5
