"""What is known of a person's attempts at quizzes."""

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select

from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.kit.straight import Straight
from trainee.modules.library import asked, module, reviewed
from trainee.modules.library.content import Module, Quiz
from trainee.modules.questions import Answer, Question
from trainee.modules.quizzes.models import ANSWER, QuizAnswer, QuizAttempt

# An answer that was on its way when the time ran out still counts.
GRACE = timedelta(seconds=10)
CONFIDENCE = ("guess", "fairly", "sure")
_ATTEMPT = cast(Table, QuizAttempt.__table__)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that is saved."""

    question_id: str
    answer: Answer
    confidence: str | None
    score: float
    key: str
    turn: int


@dataclass(frozen=True, slots=True)
class Place:
    """One question of an attempt, its number in it, and the answer that is saved. `attempt` has the columns of `QuizAttempt`."""

    attempt: Any
    content: Module
    question: Question
    number: int
    given: Given | None
    # When the answer before this one came, to whichever question of the attempt.
    last_at: datetime | None


_COLUMNS = (ANSWER.c.question_id, ANSWER.c.answer, ANSWER.c.confidence, ANSWER.c.score, ANSWER.c.key, ANSWER.c.turn)
_AS_KEPT = namedtuple("_AS_KEPT", _ATTEMPT.c.keys())  # type: ignore[misc]  # Its fields are the table's.
_BEFORE = ANSWER.alias()
_LAST_AT = select(func.max(_BEFORE.c.answered_at)).where(_BEFORE.c.attempt_id == bindparam("attempt")).scalar_subquery().label("last_at")
_HERE = (
    select(*_ATTEMPT.c, *(column.label(f"given_{column.name}") for column in _COLUMNS), _LAST_AT)
    .outerjoin(ANSWER, (ANSWER.c.attempt_id == _ATTEMPT.c.id) & (ANSWER.c.question_id == bindparam("question")))
    .where(_ATTEMPT.c.id == bindparam("attempt"), _ATTEMPT.c.person_id == bindparam("person"))
)
# An answer is what is sent most often.
_PLACE, _PLACE_LOCKED = Straight(_HERE), Straight(_HERE.with_for_update(of=_ATTEMPT))
_ANSWERS = select(*_COLUMNS).where(ANSWER.c.attempt_id == bindparam("attempt"))


def place_of(attempt_id: int, person_id: int, question_id: str, *, lock: bool = False) -> Place:
    """That question of that person's attempt. One statement.

    NotFound when the attempt is somebody else's or there is none; a Refusal when the question is not in it. `lock` keeps others from answering
    meanwhile.
    """
    values = {"attempt": attempt_id, "person": person_id, "question": question_id}
    rows = _PLACE_LOCKED(values) if lock else _PLACE(values)
    if not rows:
        raise NotFound
    *whole, last_at = rows[0]
    attempt: Any = _AS_KEPT(*whole[: -len(_COLUMNS)])
    kept = whole[-len(_COLUMNS) :]
    content = module(attempt.version_id)
    question = next((one for one in questions_of(content, attempt) if one.id == question_id), None)
    if question is None:
        raise Refusal(_("That question is not part of this quiz attempt."), 404, "not_in_attempt")
    given = None if kept[0] is None else Given(*kept)
    return Place(attempt, content, question, attempt.drawn.index(question_id) + 1, given, last_at)


def attempt_of(attempt_id: int, person_id: int, *, lock: bool = False) -> QuizAttempt:
    """That person's attempt; NotFound when it is somebody else's or there is none. `lock` keeps others from answering meanwhile."""
    statement = select(QuizAttempt).where(QuizAttempt.id == attempt_id, QuizAttempt.person_id == person_id)
    found = db.session.execute(statement.with_for_update() if lock else statement).scalars().first()
    if found is None:
        raise NotFound
    return found


def answers_of(attempt_id: int) -> dict[str, Given]:
    """The saved answers of an attempt, by question."""
    return {row.question_id: Given(*row) for row in db.session.execute(_ANSWERS, {"attempt": attempt_id})}


def missing(attempt: QuizAttempt) -> list[str]:
    """The questions of an attempt that have no answer yet, in their order."""
    given = answers_of(attempt.id)
    return [one for one in attempt.drawn if one not in given]


def attempts(person_id: int, module_key: str) -> list[QuizAttempt]:
    """A person's attempts at a module's quiz, the newest first."""
    statement = (
        select(QuizAttempt).where(QuizAttempt.person_id == person_id, QuizAttempt.module_key == module_key).order_by(QuizAttempt.number.desc())
    )
    return list(db.session.execute(statement).scalars())


def is_over(attempt: QuizAttempt, at: datetime) -> bool:
    """Whether nothing can be answered any more: handed in, or its time has run out."""
    return attempt.handed_in_at is not None or (attempt.deadline_at is not None and at > attempt.deadline_at + GRACE)


def ran_out(attempt: QuizAttempt, at: datetime) -> bool:
    """Whether its time has run out, though an answer on its way may still count. One that was handed in is told by when it was."""
    return attempt.deadline_at is not None and (attempt.handed_in_at or at) >= attempt.deadline_at


def may_review(quiz: Quiz, attempt: QuizAttempt, given: Given | None) -> bool:
    """Whether right answers and explanations may be seen: after handing in, or at once where the quiz says so and the answer is given."""
    return attempt.handed_in_at is not None or (quiz.feedback == "immediate" and given is not None)


def questions_of(content: Module, attempt: QuizAttempt) -> list[Question]:
    """The questions drawn for an attempt, in their order."""
    assert content.quiz is not None
    by_id = {question.id: question for question in content.quiz.questions}
    return [by_id[one] for one in attempt.drawn]


def shown_as(attempt_id: int) -> str:
    """What the moment is signed for at which an attempt's questions are shown."""
    return f"quiz/{attempt_id}"


def shown(question: Question, quiz: Quiz, attempt: QuizAttempt, given: Given | None, lang: str, place: int) -> dict[str, Any]:
    """Everything the question's part of the page needs; what may not be seen yet is not in it."""
    if may_review(quiz, attempt, given):
        part = reviewed(question, given.answer if given else None, attempt.seed, lang)
    else:
        part = asked(question, attempt.seed, lang, given.answer if given else None)
    return {
        "part": part | {"number": place, "of": len(attempt.drawn)},
        "question_id": question.id,
        "place": place,
        "answered": given is not None,
        "reviewed": may_review(quiz, attempt, given),
        "confidence": given.confidence if given else None,
        "turn": given.turn if given else 0,
        "score": given.score if given and may_review(quiz, attempt, given) else None,
        "lesson": question.lesson,
    }


def result(attempt: QuizAttempt, given: Mapping[str, Given]) -> float:
    """The share of all points that the answers reached, 0..1; a question without an answer has none."""
    return sum(one.score for one in given.values()) / len(attempt.drawn) if attempt.drawn else 0.0


def hard_lately(tries: int, people: int, below: float) -> list[tuple[int, str]]:
    """The questions that most people miss, in the newest first tries that were handed in, `tries` of them: those that at least so many people
    answered, with a mean score under `below` (0..1), as (version, question), the hardest first. One statement, which reads no more than these tries.
    """
    newest = select(QuizAttempt.id, QuizAttempt.version_id).where(QuizAttempt.handed_in_at.is_not(None), QuizAttempt.number == 1)
    of = newest.order_by(QuizAttempt.id.desc()).limit(tries).subquery()
    version, question, mean = of.c.version_id, QuizAnswer.question_id, func.avg(QuizAnswer.score)
    statement = select(version, question).join(of, of.c.id == QuizAnswer.attempt_id).group_by(version, question)
    rows = db.session.execute(statement.having(func.count() >= people, mean < below).order_by(mean, version, question))
    return [(row.version_id, row.question_id) for row in rows]


def overdue(at: datetime) -> list[tuple[int, int]]:
    """The attempts that are open though their time has run out, as (attempt, person), the oldest first."""
    statement = select(QuizAttempt.id, QuizAttempt.person_id).where(QuizAttempt.handed_in_at.is_(None), QuizAttempt.deadline_at < at)
    return [(row.id, row.person_id) for row in db.session.execute(statement.order_by(QuizAttempt.id))]
