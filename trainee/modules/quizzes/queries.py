"""What is known of a person's attempts at quizzes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.modules.library import asked, reviewed
from trainee.modules.library.content import Module, Quiz
from trainee.modules.questions import Answer, Question
from trainee.modules.quizzes.models import QuizAnswer, QuizAttempt

# An answer that was on its way when the time ran out still counts.
GRACE = timedelta(seconds=10)
CONFIDENCE = ("guess", "fairly", "sure")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that is saved."""

    question_id: str
    answer: Answer
    confidence: str | None
    score: float
    key: str
    turn: int


def attempt_of(attempt_id: int, person_id: int, *, lock: bool = False) -> QuizAttempt:
    """That person's attempt; NotFound when it is somebody else's or there is none. `lock` keeps others from answering meanwhile."""
    statement = select(QuizAttempt).where(QuizAttempt.id == attempt_id, QuizAttempt.person_id == person_id)
    found = db.session.execute(statement.with_for_update() if lock else statement).scalars().first()
    if found is None:
        raise NotFound
    return found


def answers_of(attempt_id: int) -> dict[str, Given]:
    """The saved answers of an attempt, by question."""
    columns = (QuizAnswer.question_id, QuizAnswer.answer, QuizAnswer.confidence, QuizAnswer.score, QuizAnswer.key, QuizAnswer.turn)
    return {row.question_id: Given(*row) for row in db.session.execute(select(*columns).where(QuizAnswer.attempt_id == attempt_id))}


def attempts(person_id: int, module_key: str) -> list[QuizAttempt]:
    """A person's attempts at a module's quiz, the newest first."""
    statement = (
        select(QuizAttempt).where(QuizAttempt.person_id == person_id, QuizAttempt.module_key == module_key).order_by(QuizAttempt.number.desc())
    )
    return list(db.session.execute(statement).scalars())


def is_over(attempt: QuizAttempt, at: datetime) -> bool:
    """Whether nothing can be answered any more: handed in, or its time has run out."""
    return attempt.handed_in_at is not None or (attempt.deadline_at is not None and at > attempt.deadline_at + GRACE)


def may_review(quiz: Quiz, attempt: QuizAttempt, given: Given | None) -> bool:
    """Whether right answers and explanations may be seen: after handing in, or at once where the quiz says so and the answer is given."""
    return attempt.handed_in_at is not None or (quiz.feedback == "immediate" and given is not None)


def questions_of(module: Module, attempt: QuizAttempt) -> list[Question]:
    """The questions drawn for an attempt, in their order."""
    assert module.quiz is not None
    by_id = {question.id: question for question in module.quiz.questions}
    return [by_id[one] for one in attempt.drawn]


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


def best(person_ids: list[int], module_key: str | None = None) -> list[Any]:
    """Rows (person_id, module_key, score, passed, handed_in_at) of the attempts handed in, for progress pages."""
    statement = select(QuizAttempt.person_id, QuizAttempt.module_key, QuizAttempt.score, QuizAttempt.passed, QuizAttempt.handed_in_at)
    statement = statement.where(QuizAttempt.person_id.in_(person_ids), QuizAttempt.handed_in_at.is_not(None))
    if module_key is not None:
        statement = statement.where(QuizAttempt.module_key == module_key)
    return list(db.session.execute(statement))
