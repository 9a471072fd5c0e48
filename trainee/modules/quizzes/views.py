"""The quiz's pages: before it, in it, after it."""

import secrets
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import language
from trainee.kit.web import back_to, show, wants_fragment
from trainee.modules import pace
from trainee.modules.library import module, module_or_404
from trainee.modules.library.content import Module
from trainee.modules.quizzes import actions, queries
from trainee.modules.quizzes.models import QuizAttempt
from trainee.people import viewer

bp = web.Blueprint("quizzes", __name__)


@bp.get("/quizzes/<module_key>/")
def quiz(module_key: str) -> Response:
    """What the quiz asks for, what one has reached, and the way in."""
    _version_id, content = module_or_404(module_key)
    if content.quiz is None:
        raise NotFound
    tries = queries.attempts(viewer().id, module_key)
    at = now()
    done = [one for one in tries if one.handed_in_at is not None]
    open_one = next((one for one in tries if not queries.is_over(one, at)), None)
    left = None if content.quiz.attempts is None else max(content.quiz.attempts - len(tries), 0)
    return show(
        "quizzes/quiz.html",
        module=content,
        quiz=content.quiz,
        done=done,
        open_one=open_one,
        left=left,
        best=max((one.score or 0 for one in done), default=None),
        passed=any(one.passed for one in done),
    )


@bp.post("/quizzes/<module_key>/attempts")
def begin(module_key: str) -> BaseResponse:
    """Begin, or go on with the attempt that is open."""
    attempt = actions.begin(viewer().id, module_key, now())
    db.session.commit()
    return back_to(url_for("quizzes.attempt", attempt_id=attempt.id))


@bp.get("/quiz-attempts/<int:attempt_id>")
def attempt(attempt_id: int) -> Response | BaseResponse:
    """The questions of one attempt."""
    found = queries.attempt_of(attempt_id, viewer().id)
    if found.handed_in_at is not None:
        return back_to(url_for("quizzes.result", attempt_id=attempt_id))
    content = module(found.version_id)
    return show("quizzes/attempt.html", **_page(found, content), over=queries.is_over(found, now()), opened_at=int(now().timestamp()))


def _page(attempt: QuizAttempt, content: Module) -> dict[str, Any]:
    assert content.quiz is not None
    given = queries.answers_of(attempt.id)
    lang = language()
    questions = [
        queries.shown(question, content.quiz, attempt, given.get(question.id), lang, place)
        for place, question in enumerate(queries.questions_of(content, attempt), start=1)
    ]
    return {
        "attempt": attempt,
        "module": content,
        "quiz": content.quiz,
        "questions": questions,
        "answered": len(given),
        "keys": _keys(questions),
        "shown_at": pace.stamp(queries.shown_as(attempt.id), now()),
    }


def _keys(questions: list[dict[str, Any]]) -> dict[str, str]:
    """A fresh idempotency key for each question's form."""
    return {one["question_id"]: secrets.token_hex(8) for one in questions}


@bp.post("/quiz-attempts/<int:attempt_id>/answers/<question_id>")
def answer(attempt_id: int, question_id: str) -> Response | BaseResponse:
    """Save one answer."""
    try:
        here = actions.save(attempt_id, viewer().id, question_id, request.form, language(), now())
    except Refusal as refusal:
        if refusal.code == "time_over" and not wants_fragment():
            db.session.rollback()
            return back_to(url_for("quizzes.attempt", attempt_id=attempt_id))  # Which tells it, or leads to the result, which tells it too.
        if refusal.status != 422 or wants_fragment():
            raise  # The page's script shows the sentence above the form, where everything typed still stands.
        db.session.rollback()
        return _with_complaint(attempt_id, question_id, refusal.message)
    db.session.commit()
    if wants_fragment():
        return _question(here)
    return back_to(url_for("quizzes.attempt", attempt_id=attempt_id, _anchor=f"q-{question_id}"))


def _question(here: queries.Place) -> Response:
    """The part of the page that belongs to one question."""
    assert here.content.quiz is not None
    one = queries.shown(here.question, here.content.quiz, here.attempt, here.given, language(), here.number)
    context = {"attempt": here.attempt, "module": here.content, "quiz": here.content.quiz, "keys": _keys([one]), "over": False}
    context["shown_at"] = pace.stamp(queries.shown_as(here.attempt.id), now())
    return show("quizzes/_question.html", one=one, complaint=None, complaint_at=None, **context)


def _with_complaint(attempt_id: int, question_id: str, complaint: str) -> Response:
    """The whole page with a sentence above one question, for a browser without script."""
    found = queries.attempt_of(attempt_id, viewer().id)
    page = _page(found, module(found.version_id))
    page |= {"over": False, "opened_at": int(now().timestamp())}
    return show("quizzes/attempt.html", status=422, complaint=complaint, complaint_at=question_id, **page)


@bp.route("/quiz-attempts/<int:attempt_id>/handing-in", methods=["GET", "POST"])
def hand_in(attempt_id: int) -> Response | BaseResponse:
    """Hand in; while questions have no answer, and could still get one, only when that is what she wants."""
    found = queries.attempt_of(attempt_id, viewer().id)
    missing = queries.missing(found)
    if found.handed_in_at is None and (request.method == "GET" or (missing and not request.form.get("anyway") and not queries.ran_out(found, now()))):
        return show("quizzes/hand_in.html", attempt=found, module=module(found.version_id), missing=missing)
    actions.hand_in(attempt_id, viewer().id, now())
    db.session.commit()
    return back_to(url_for("quizzes.result", attempt_id=attempt_id))


def _left(attempt: QuizAttempt) -> int | None:
    """How many tries are left after this one; None where there may be any number."""
    return None if attempt.allowed is None else max(attempt.allowed - attempt.number, 0)


@bp.get("/quiz-attempts/<int:attempt_id>/result")
def result(attempt_id: int) -> Response | BaseResponse:
    """How it went, question by question."""
    found = queries.attempt_of(attempt_id, viewer().id)
    if found.handed_in_at is None:
        return back_to(url_for("quizzes.attempt", attempt_id=attempt_id))
    content = module(found.version_id)
    page = _page(found, content)
    questions = page["questions"]
    lessons = {lesson.key: lesson for lesson in content.lessons}
    again = sorted({one["lesson"] for one in questions if (one["score"] or 0) < 0.999 and one["lesson"] in lessons})
    return show("quizzes/result.html", ran_out=queries.ran_out(found, now()), left=_left(found), reread=[lessons[key] for key in again], **page)
