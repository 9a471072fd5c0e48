"""Beginning an attempt, answering, handing in. Every answer is saved when it is given, once."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from trainee import profile
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, moment_words
from trainee.kit.straight import Straight
from trainee.modules import pace
from trainee.modules.library import module, module_or_404
from trainee.modules.library.content import Module, Quiz
from trainee.modules.progress import part_done
from trainee.modules.questions import Answer, Question, kind_of
from trainee.modules.questions.kind import Form
from trainee.modules.quizzes.models import ANSWER, QuizAttempt
from trainee.modules.quizzes.queries import (
    CONFIDENCE,
    Given,
    Place,
    answers_of,
    attempt_of,
    is_over,
    place_of,
    questions_of,
    ran_out,
    result,
    shown_as,
)


def draw(quiz: Quiz, seed: str) -> list[str]:
    """The ids of the questions an attempt asks: so many from each pool, or so many of all, in an order given by the seed."""
    rng = Random(seed)
    if quiz.pools:
        chosen = [one for pool, many in quiz.pools.items() for one in rng.sample([q.id for q in quiz.questions if q.pool == pool], many)]
    else:
        ids = [question.id for question in quiz.questions]
        chosen = rng.sample(ids, min(quiz.draw or len(ids), len(ids)))
    rng.shuffle(chosen)
    return chosen


def begin(person_id: int, module_key: str, at: datetime, seed: str | None = None) -> QuizAttempt:
    """A new attempt, or the one that is still open. Refusal when no try is left; NotFound when the module has no quiz."""
    version_id, content = module_or_404(module_key)
    if content.quiz is None:
        raise NotFound
    open_one = _open_attempt(person_id, module_key, at)
    if open_one is not None:
        return open_one
    seed = seed or secrets.token_hex(8)
    number = (
        db.session.execute(
            select(func.max(QuizAttempt.number)).where(QuizAttempt.person_id == person_id, QuizAttempt.module_key == module_key)
        ).scalar()
        or 0
    ) + 1
    attempt = QuizAttempt(
        person_id=person_id,
        version_id=version_id,
        module_key=module_key,
        number=number,
        allowed=content.quiz.attempts,
        seed=seed,
        drawn=draw(content.quiz, seed),
        started_at=at,
        deadline_at=at + timedelta(minutes=content.quiz.minutes) if content.quiz.minutes else None,
        handed_in_at=None,
        score=None,
        passed=None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError:
        # Another tab was quicker, or no try is left: the constraints say so, whatever we counted before.
        standing = _open_attempt(person_id, module_key, at)
        if standing is not None:
            return standing
        raise Refusal(_("You have used all your tries at this quiz. Your supervisor can see your best result.")) from None
    return attempt


def _open_attempt(person_id: int, module_key: str, at: datetime) -> QuizAttempt | None:
    statement = select(QuizAttempt).where(
        QuizAttempt.person_id == person_id, QuizAttempt.module_key == module_key, QuizAttempt.handed_in_at.is_(None)
    )
    found = db.session.execute(statement).scalars().first()
    if found is not None and is_over(found, at):
        hand_in(found.id, person_id, at)
        return None
    return found


def save_answer(attempt_id: int, person_id: int, question_id: str, form: Form, lang: str, at: datetime) -> Given:
    """Save one answer. The same key brings back what was saved; anything that does not fit is refused and changes nothing."""
    given = save(attempt_id, person_id, question_id, form, lang, at).given
    assert given is not None
    return given


def save(attempt_id: int, person_id: int, question_id: str, form: Form, lang: str, at: datetime) -> Place:
    """The same, and where one is then."""
    here = place_of(attempt_id, person_id, question_id, lock=True)
    before, quiz = here.given, here.content.quiz
    assert quiz is not None
    key = (form.get("key") or "")[:64] or secrets.token_hex(8)
    kind = kind_of(here.question)
    if before is not None and before.key == key:
        _require_same(before, kind.read(here.question, form, here.attempt.seed, lang))
        return here
    _require_open(quiz, here.attempt, before, form, at)
    answer = kind.read(here.question, form, here.attempt.seed, lang)
    score = kind.mark(here.question, answer).score
    given = Given(question_id, answer, _confidence(form), score, key, before.turn + 1 if before else 1)
    # Of an answer that is changed nobody knows how long it was thought about.
    took = pace.taken(form, shown_as(attempt_id), at, here.last_at) if before is None else None
    _keep(attempt_id, given, at, took, known=before is not None)
    if quiz.feedback == "immediate":
        profile.record([_showing(here.attempt, here.content, here.question, given, at)], at)
    return replace(here, given=given)


def _require_same(before: Given, answer: Answer) -> None:
    if answer != before.answer:
        raise Refusal(_("Another answer was saved with this very press before, and that one counts. Load the page again to see it."), 409, "answered")


def _confidence(form: Form) -> str | None:
    """How sure she says she is; None when she says nothing."""
    sure = form.get("confidence") or None
    if sure is not None and sure not in CONFIDENCE:
        raise Refusal(_("How sure are you? Choose one of the three, or none."), 422, "confidence")
    return sure


def _require_open(quiz: Quiz, attempt: QuizAttempt, before: Given | None, form: Form, at: datetime) -> None:
    if is_over(attempt, at):
        if ran_out(attempt, at):
            when = moment_words(attempt.deadline_at or at)
            raise Refusal(_("The time of this quiz ran out on %(when)s. What you had answered is kept and counts.", when=when), 409, "time_over")
        raise Refusal(_("This quiz has been handed in, so its answers stay as they are."), 409, "finished")
    if before is None:
        return
    if quiz.feedback == "immediate":
        raise Refusal(_("You have already answered this question. Your first answer counts."), 409, "answered")
    if form.get("turn") != str(before.turn):
        raise Refusal(_("A newer answer to this question is saved. Load the page again to see it."), 409, "stale")


_KEEP = Straight(insert(ANSWER).values({column.name: bindparam(column.name, type_=column.type) for column in ANSWER.c if column.name != "id"}))
_CHANGE = update(ANSWER).where(ANSWER.c.attempt_id == bindparam("of_attempt"), ANSWER.c.question_id == bindparam("of_question"))


def _keep(attempt_id: int, given: Given, at: datetime, took: int | None, known: bool) -> None:
    values: dict[str, Any] = {"answer": given.answer, "confidence": given.confidence, "score": given.score, "key": given.key, "turn": given.turn}
    values |= {"answered_at": at, "seconds": took}
    if known:
        db.session.execute(_CHANGE, {**values, "of_attempt": attempt_id, "of_question": given.question_id})
    else:
        _KEEP({**values, "attempt_id": attempt_id, "question_id": given.question_id})


def _record(attempt: QuizAttempt, content: Module, given: Mapping[str, Given], at: datetime) -> None:
    profile.record(
        [_showing(attempt, content, question, given[question.id], at) for question in questions_of(content, attempt) if question.id in given], at
    )


def _showing(attempt: QuizAttempt, content: Module, question: Question, given: Given, at: datetime) -> profile.Showing:
    return profile.Showing(
        person_id=attempt.person_id,
        skill=question.skill,
        source="quiz_answer",
        score=given.score,
        item=f"{content.key}/quiz/{question.id}",
        occurred_at=at,
        receipt=f"quiz_answer/{attempt.id}/{question.id}",
        detail={"attempt": attempt.id, "question": question.id, "version": attempt.version_id, "confidence": given.confidence},
        choices=kind_of(question).choices(question),
    )


def hand_in(attempt_id: int, person_id: int, at: datetime) -> QuizAttempt:
    """Close an attempt and count it; doing it again changes nothing. Questions without an answer count as not answered, with no points."""
    attempt = attempt_of(attempt_id, person_id, lock=True)
    if attempt.handed_in_at is not None:
        return attempt
    content = module(attempt.version_id)
    assert content.quiz is not None
    given = answers_of(attempt_id)
    attempt.score = result(attempt, given)
    # Compared in hundredths as shown, so that nobody sees "80 %, not passed".
    attempt.passed = int(attempt.score * 100 + 0.5) >= content.quiz.pass_mark
    attempt.handed_in_at = min(at, attempt.deadline_at) if attempt.deadline_at else at
    db.session.flush()
    if attempt.passed:
        part_done(person_id, attempt.module_key, "quiz", at)
    if content.quiz.feedback == "end" and given:
        _record(attempt, content, given, at)
    return attempt
