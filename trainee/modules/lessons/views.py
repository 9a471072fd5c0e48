"""The lesson's page and what is sent from it."""

from flask import Response, make_response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, show, wants_fragment
from trainee.modules import library
from trainee.modules.lessons import actions, present, queries, tasks
from trainee.modules.library import module_or_404, pictures
from trainee.modules.library.content import Lesson, Module
from trainee.people import viewer

bp = web.Blueprint("lessons", __name__)


@bp.get("/learn/<module_key>/<lesson_key>")
def lesson(module_key: str, lesson_key: str) -> Response:
    """Read a lesson."""
    return _page(module_key, lesson_key)


def _page(module_key: str, lesson_key: str, status: int = 200, complaint: str | None = None, note: str | None = None) -> Response:
    version_id, content = module_or_404(module_key)
    this = queries.lesson_of(content, lesson_key)
    person_id, lang = viewer().id, language()
    known = queries.reader(person_id, version_id, module_key, lesson_key)
    seed = queries.seed_of(person_id, version_id, lesson_key)
    checks = {question.id: queries.shown_check(this, question.id, known.answers.get(question.id), seed, lang) for question in this.checks}
    place = content.lessons.index(this)
    return show(
        "lessons/lesson.html",
        status=status,
        module=content,
        lesson=this,
        version_id=version_id,
        parts=present.parts(this, lang),
        checks=checks,
        known=known,
        note=known.note if note is None else note,
        complaint=complaint,
        before=content.lessons[place - 1] if place else None,
        after=content.lessons[place + 1] if place + 1 < len(content.lessons) else None,
    )


@bp.get("/learn/<content_key>/pictures/<picture>")
def picture(content_key: str, picture: str) -> Response:
    """A picture of a lesson. A drawing opened by itself may still do nothing but be seen."""
    response = make_response(pictures.clean(picture, library.picture(content_key, picture)))
    response.headers["Content-Type"] = pictures.kind(picture)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@bp.post("/learn/<module_key>/<lesson_key>/checks/<check_id>")
def check(module_key: str, lesson_key: str, check_id: str) -> Response | BaseResponse:
    """Answer a check."""
    version_id, content, this = _posted_to(module_key, lesson_key)
    person_id = viewer().id
    try:
        actions.answer_check(person_id, version_id, content, this, check_id, request.form, language(), now())
    except Refusal as refusal:
        if refusal.status != 422 or wants_fragment():
            raise  # The page's script shows the sentence above the form, where everything typed still stands.
        db.session.rollback()
        return _page(module_key, lesson_key, status=422, complaint=refusal.message)
    db.session.commit()
    if not wants_fragment():
        return back_to(url_for("lessons.lesson", module_key=module_key, lesson_key=lesson_key, _anchor=f"check-{check_id}"))
    known = queries.reader(person_id, version_id, module_key, lesson_key)
    seed = queries.seed_of(person_id, version_id, lesson_key)
    one = queries.shown_check(this, check_id, known.answers.get(check_id), seed, language())
    return show("lessons/_check.html", check=one, module=content, lesson=this, version_id=version_id, finished=known.finished)


def _posted_to(module_key: str, lesson_key: str) -> tuple[int, Module, Lesson]:
    """The lesson a form was sent to; Refusal when the page is older than the lesson."""
    version_id, content = module_or_404(module_key)
    if request.form.get("version") != str(version_id):
        raise Refusal(
            _("This lesson has changed since you opened it. Please load the page again; your note and earlier answers are kept."), 409, "stale"
        )
    return version_id, content, queries.lesson_of(content, lesson_key)


@bp.post("/learn/<module_key>/<lesson_key>/place")
def place(module_key: str, lesson_key: str) -> BaseResponse:
    """Remember the paragraph."""
    _version_id, content = module_or_404(module_key)
    paragraph = request.form.get("paragraph", "").removeprefix("p")
    if not paragraph.isdecimal() or len(paragraph) > 5:
        raise Refusal(_("That is no paragraph of this lesson."), 422)
    actions.keep_place(viewer().id, content, queries.lesson_of(content, lesson_key), int(paragraph), now())
    db.session.commit()
    return make_response("", 204)


@bp.post("/learn/<module_key>/<lesson_key>/note")
def note(module_key: str, lesson_key: str) -> Response | BaseResponse:
    """Keep my note."""
    _version_id, content = module_or_404(module_key)
    words = request.form.get("note", "")
    try:
        actions.keep_note(viewer().id, content, queries.lesson_of(content, lesson_key), words, now())
    except Refusal as refusal:
        db.session.rollback()
        if wants_fragment():
            raise
        return _page(module_key, lesson_key, status=422, complaint=refusal.message, note=words)
    db.session.commit()
    if wants_fragment():
        return make_response("", 204)
    return back_to(url_for("lessons.lesson", module_key=module_key, lesson_key=lesson_key, _anchor="my-note"))


@bp.get("/learn/<module_key>/<lesson_key>/task")
def task(module_key: str, lesson_key: str) -> Response:
    """Say how it went with what the lesson gave to try."""
    _version_id, content = module_or_404(module_key)
    return _task_page(content, queries.lesson_of(content, lesson_key))


def _task_page(
    content: Module, this: Lesson, status: int = 200, errors: dict[str, str] | None = None, typed: tuple[str, str] | None = None
) -> Response:
    report = tasks.report_of(viewer().id, content.key, this.key)
    how, words = typed or ((report.how, report.words) if report is not None else ("", ""))
    after = tasks.next_asked(viewer().id, now(), viewer().time_zone)
    return show(
        "lessons/task.html",
        status=status,
        module=content,
        lesson=this,
        tasks=present.tasks(this, language()),
        options=list(tasks.HOW.items()),
        report=report,
        how=how,
        words=words,
        errors=errors or {},
        after=None if after == (content.key, this.key) else after,
    )


@bp.post("/learn/<module_key>/<lesson_key>/task")
def report(module_key: str, lesson_key: str) -> Response | BaseResponse:
    """Keep how it went."""
    _version_id, content = module_or_404(module_key)
    this = queries.lesson_of(content, lesson_key)
    how, words = request.form.get("how", ""), request.form.get("words", "")
    try:
        actions.report_task(viewer().id, content, this, how, words, now())
    except Refusal as refusal:
        db.session.rollback()
        return _task_page(content, this, 422, {refusal.code: refusal.message}, (how, words))
    db.session.commit()
    return back_to(url_for("lessons.task", module_key=module_key, lesson_key=lesson_key))
