"""A trainer's own module: uploaded, told what is wrong with it, looked at as its readers would, published."""

from typing import Any

from flask import Response, current_app, flash, make_response, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from trainee.config import content_dir
from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.findings import Finding
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, show, takes
from trainee.kit.yamltree import Unreadable
from trainee.modules import library
from trainee.modules.lessons import present as lessons
from trainee.modules.library import pictures, uploading
from trainee.modules.library.bundle import LARGEST_BUNDLE
from trainee.modules.library.turkish import in_turkish
from trainee.modules.questions import kind_of
from trainee.modules.roleplays import present as roleplays
from trainee.people import viewer
from trainee.people.queries import require_role

bp = Blueprint("publishing", __name__)
LARGEST_KB = LARGEST_BUNDLE // 1000


@bp.route("/publishing", methods=["GET", "POST"])
@takes(LARGEST_KB)
def upload() -> Response | BaseResponse:
    """Choose the archive; what is wrong with it is told by file and line."""
    require_role(viewer(), "trainer", "admin")
    if request.method == "GET":
        return _form()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _form([_("Please choose a file first.")])
    try:
        findings = uploading.take(sent.read(), sent.filename, viewer().id, content_dir(current_app.extensions["trainee"]), now())
    except Unreadable as unreadable:
        findings = unreadable.findings
    if not findings.ok:
        db.session.rollback()
        return _form([_("Nothing is published: please mend what stands below, and upload it again.")], list(findings))
    db.session.commit()
    return back_to(url_for("publishing.draft"))


def _form(errors: list[str] | None = None, findings: list[Finding] | None = None, status: int = 422) -> Response:
    waiting = uploading.upload_of(viewer().id)
    return show(
        "publishing/upload.html",
        errors=errors or [],
        findings=[_told(one.path, one.line, one.message, one.mend, one.severity == "error") for one in findings or ()],
        waiting=waiting,
        megabytes=LARGEST_KB // 1000,
        status=status if errors else 200,
    )


def _told(path: str, line: int, message: str, mend: str, stops: bool) -> dict[str, Any]:
    """One finding as its reader is told it: in her language, without the archive's name before the file's."""
    turkish = [in_turkish(one) if language() == "tr" else None for one in (message, mend)]
    words, lang = ((turkish[0], turkish[1]), "tr") if None not in turkish else ((message, mend), "en")
    return {"file": path.partition("/")[2] or path, "line": line, "message": words[0], "mend": words[1], "lang": lang, "stops": stops}


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response | HTTPException:
    """A file that is too large is told beside its field."""
    db.session.rollback()
    if request.endpoint != "publishing.upload" or web.wants_fragment():
        return web.refused(error)
    return _form(
        [_("This file is larger than %(num)s megabytes. Please take out what does not belong to the module.", num=LARGEST_KB // 1000)], status=413
    )


@bp.get("/publishing/draft")
def draft() -> Response | BaseResponse:
    """What was uploaded, as its readers would find it."""
    require_role(viewer(), "trainer", "admin")
    return _draft() if uploading.upload_of(viewer().id) is not None else back_to(url_for("publishing.upload"))


def _draft(findings: list[Finding] | None = None) -> Response:
    upload = uploading.upload_or_404(viewer().id)
    module, lang = uploading.module_in(upload), language()
    before = library.current_version(module.key)
    return show(
        "publishing/draft.html",
        status=422 if findings else 200,
        upload=upload,
        module=module,
        changes=before is not None,
        refused=[_told(one.path, one.line, one.message, one.mend, True) for one in findings or ()],
        warnings=[_told(path, line, message, mend, False) for path, line, message, mend in upload.told],
        lessons=[(lesson, _lesson(lesson, lang)) for lesson in module.lessons],
        questions=[library.reviewed(one, _right(one), "draft", lang) for one in module.quiz.questions],
        stories=[(story, roleplays.drawn(story, {})) for story in module.stories],
    )


def _lesson(lesson: Any, lang: str) -> list[tuple[Any, Any]]:
    """The lesson in its parts, each with the answered check that follows it."""
    parts = lessons.preview(lesson, lang)
    checks = {question.id: library.reviewed(question, _right(question), "draft", lang) for question in lesson.checks}
    return [(part, checks.get(part.check_id)) for part in parts]


def _right(question: Any) -> Any:
    return kind_of(question).right(question)


@bp.get("/publishing/pictures/<picture>")
def picture(picture: str) -> Response:
    """A picture of what was uploaded."""
    require_role(viewer(), "trainer", "admin")
    response = make_response(pictures.clean(picture, uploading.picture_in(uploading.upload_or_404(viewer().id), picture)))
    response.headers["Content-Type"] = pictures.kind(picture)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/publishing/version")
def publish() -> Response | BaseResponse:
    """Publish what was looked at."""
    require_role(viewer(), "trainer", "admin")
    settings = current_app.extensions["trainee"]
    try:
        key = uploading.publish_upload(viewer().id, request.form.get("digest", ""), content_dir(settings), now())
    except library.NotPublished as refused:
        db.session.rollback()
        return _draft(refused.findings.errors)
    except NotFound:
        raise Refusal(_("What you looked at is not waiting here any more. Please look at what is, or upload it again."), 409, "stale") from None
    db.session.commit()
    flash(_("It is published: whoever opens Learn finds it now."))
    return back_to(url_for("library.module_page", module_key=key))


@bp.post("/publishing/discard")
def discard() -> BaseResponse:
    """Put it aside unpublished."""
    require_role(viewer(), "trainer", "admin")
    uploading.put_aside(viewer().id)
    db.session.commit()
    flash(_("Put aside. Nothing was published."))
    return back_to(url_for("publishing.upload"))
