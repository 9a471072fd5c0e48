"""Answers that somebody gave in quizzes and lessons, for the reviews to come from."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.lessons import actions as lessons
from trainee.modules.lessons.queries import seed_of
from trainee.modules.questions import Question, as_multi, kind_of
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.queries import attempt_of, questions_of
from trainee.modules.reviews import ReviewSet, actions, queries

ZONE = "Europe/Istanbul"


def sent(question: Question, seed: str, right: bool, **more: str) -> MultiDict[str, str]:
    """The form of a right or a wrong answer."""
    kind = kind_of(question)
    answer = kind.right(question) if right else _wrong(question)
    form = MultiDict(as_multi(kind.form(question, answer, seed)))
    form.update(more)
    return form


def _wrong(question: Question) -> dict[str, Any]:
    kind = kind_of(question)
    return next(guess for number in range(500) if kind.mark(question, guess := kind.guess(question, Random(number))).score < 0.6)


@pytest.fixture
def takes_quiz(app) -> Callable[..., list[str]]:
    """Let somebody take a quiz to its end; the items of its questions. `wrong` and `sure` count from the first question on."""

    def take(person_id: int, at: datetime, module: str = "greeting", wrong: int = 0, sure: int = 0) -> list[str]:
        attempt = quizzes.begin(person_id, module, at)
        asked = questions_of(library.module(attempt.version_id), attempt)
        for number, question in enumerate(asked):
            said = {"key": f"{attempt.id}-{number}", "confidence": "sure" if number < sure else "guess"}
            quizzes.save_answer(attempt.id, person_id, question.id, sent(question, attempt.seed, number >= wrong, **said), "en", at)
        quizzes.hand_in(attempt_of(attempt.id, person_id).id, person_id, at)
        db.session.commit()
        return [f"{module}/quiz/{question.id}" for question in asked]

    return take


@pytest.fixture
def checks(app) -> Callable[..., list[str]]:
    """Let somebody answer every check of a module's first lesson; their items."""

    def check(person_id: int, at: datetime, module: str = "greeting", right: bool = True) -> list[str]:
        version_id, content = library.module_or_404(module)
        lesson = content.lessons[0]
        seed = seed_of(person_id, version_id, lesson.key)
        for question in lesson.checks:
            lessons.answer_check(person_id, version_id, content, lesson, question.id, sent(question, seed, right), "en", at)
        db.session.commit()
        return [f"{module}/{lesson.key}/{question.id}" for question in lesson.checks]

    return check


@pytest.fixture
def begins(app) -> Callable[..., ReviewSet | None]:
    """Let somebody begin the day's set; the set, or None when there is nothing to ask."""

    def begin(person_id: int, at: datetime) -> ReviewSet | None:
        actions.begin(person_id, {"employee"}, ZONE, at)
        db.session.commit()
        found = queries.set_on(person_id, at.date())
        assert found is not None
        return found if found.items else None

    return begin


@pytest.fixture
def replies(app) -> Callable[..., None]:
    """Let somebody answer the question at a place of a set."""

    def reply(found: ReviewSet, place: int, at: datetime, right: bool = True, **more: str) -> None:
        form = sent(question_at(found, place), queries.seed_of(found, place), right, **more)
        actions.answer(found.id, found.person_id, place, form, "en", ZONE, at)
        db.session.commit()

    return reply


def question_at(found: ReviewSet, place: int) -> Question:
    """The question at a place of a set."""
    item, version_id = found.items[place - 1]
    question = queries.question_of(library.module(version_id), item)
    assert question is not None
    return question
