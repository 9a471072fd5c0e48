"""Guides for interviews: written here in both languages and in versions, or taken over from the content; and what came of each."""

import secrets
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.dashboards.interview_views import READERS, guide_of, named
from trainee.kit import trtext
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import REVISIONS, beside, both_stand, complaints, whole
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.modules import library
from trainee.people import require_role, viewer
from trainee.voice.interviews import queries, writing
from trainee.voice.interviews.forms import SIDE_NAMES, SPOKEN, GuideForm
from trainee.voice.interviews.models import InterviewGuide
from trainee.voice.surveys.views import EDITORS

bp = Blueprint("interview_guides", __name__)


@bp.get("/interviews/guides")
def guides() -> Response:
    """Every guide: those written here, and those that come with the content."""
    who = viewer()
    require_role(who, *READERS)
    own = queries.guides()
    known = {one.key for one in own}
    return show(
        "interviews/guides.html",
        guides=own,
        ready=[one for one in library.pieces().interviews if one.key not in known],
        held=queries.talks_along(),
        may_edit=who.holds(*EDITORS),
    )


@bp.route("/interviews/guides/new", methods=["GET", "POST"])
def new() -> Response | BaseResponse:
    """Write a guide."""
    who = viewer()
    require_role(who, *EDITORS)
    form = GuideForm()
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(8)
        for lang, words in writing.usual_consent().items():
            form[f"consent_{lang}"].data = words
    elif form.validate_on_submit():
        try:
            key = f"own-{trtext.slug(form.receipt.data or '')[:40] or secrets.token_hex(8)}"
            made = writing.make_guide(form.written(), key=key, by_id=who.id, at=now())
            db.session.commit()
            return back_to(url_for("interview_guides.guide", guide_id=made))
        except Refusal as refusal:
            beside(form, refusal)
    return _edit_page(form, None, False)


def _changed_meanwhile(form: GuideForm, newest: InterviewGuide) -> Response:
    """The form as it was sent, with what stands in the newest version beside each field; the next press is meant for that."""
    stands = GuideForm(formdata=None)
    stands.fill(queries.plain(newest))
    form.revision.data = str(newest.revision)
    both_stand(form, stands)
    return _edit_page(form, newest, writing.is_used(newest.id), stale=True)


def _edit_page(form: GuideForm, guide: InterviewGuide | None, used: bool, stale: bool = False) -> Response:
    status = (409 if stale else 422) if request.method == "POST" else 200
    told = {"wrong": complaints(form), "stale": stale, "least": writing.LEAST}
    return show("interviews/edit_guide.html", None, status, form=form, guide=guide, used=used, **told)


@bp.post("/interviews/guides/ready/<guide_key>")
def adopt(guide_key: str) -> BaseResponse:
    """Take a guide of the content over, to be changed here; once."""
    who = viewer()
    require_role(who, *EDITORS)
    made = adopted(guide_key, who.id)
    db.session.commit()
    flash(_("Taken over. From now on talks begin along your version."))
    return back_to(url_for("interview_guides.guide", guide_id=made))


def adopted(guide_key: str, by_id: int | None) -> int:
    """A guide of the content as one that is kept here. NotFound where there is none of that key."""
    if guide_key not in {one.key for one in library.pieces().interviews}:
        raise NotFound
    found = guide_of(guide_key)
    questions = [one | {"row": number} for number, one in enumerate(found["questions"], 1)]
    return writing.make_guide(found | {"questions": questions}, key=guide_key, by_id=by_id, at=now())


@bp.get("/interviews/guides/<int:guide_id>")
def guide(guide_id: int) -> Response:
    """One version of a guide in both languages, its other versions, and what was said along all of them."""
    who = viewer()
    require_role(who, *READERS)
    found = queries.guide_or_404(guide_id)
    versions = queries.versions_of(found.key)
    skills, qualities = map(dict, named())
    return show(
        "interviews/guide.html",
        guide=found,
        versions=versions,
        newest=versions[0].id == found.id,
        columns=queries.two_columns(guide_key=found.key),
        held=_held(found.key),
        skills=skills,
        qualities=qualities,
        side_names=SIDE_NAMES,
        spoken=SPOKEN,
        lang=request.args.get("lang") if request.args.get("lang") in writing.LANGUAGES else language(),
        may_edit=who.holds(*EDITORS),
    )


def _held(key: str) -> list[tuple[str, int]]:
    """How many talks there were, in words: by language, and where none was noted."""
    found: Any = queries.talks_along(key).get(key, {})
    return [(str(SPOKEN[spoken]) if spoken else _("language not noted"), many) for spoken, many in sorted(found.items(), reverse=True)]


@bp.route("/interviews/guides/<int:guide_id>/edit", methods=["GET", "POST"])
def edit(guide_id: int) -> Response | BaseResponse:
    """Change a guide; where somebody has talked along this version, the next one is made."""
    who = viewer()
    require_role(who, *EDITORS)
    found = queries.guide_or_404(guide_id)
    newest = queries.versions_of(found.key)[0].id
    if request.method == "GET" and newest != guide_id:
        return back_to(url_for("interview_guides.edit", guide_id=newest))
    form, used = GuideForm(), writing.is_used(guide_id)
    if request.method == "GET":
        form.fill(queries.plain(found))
        form.revision.data = str(found.revision)
    elif form.validate_on_submit():
        try:
            kept = writing.change_guide(found, whole(form.revision.data, REVISIONS, 0), form.written(), who.id, now())
            db.session.commit()
            flash(_("Saved as a new version; talks that were held keep theirs.") if kept != guide_id else _("Saved."))
            return back_to(url_for("interview_guides.guide", guide_id=kept))
        except Refusal as refusal:
            if refusal.status == 409:
                db.session.rollback()
                return _changed_meanwhile(form, queries.guide_or_404(queries.versions_of(queries.guide_or_404(guide_id).key)[0].id))
            beside(form, refusal)
    return _edit_page(form, found, used)


@bp.post("/interviews/guides/<int:guide_id>/setting-aside")
def set_aside(guide_id: int) -> BaseResponse:
    """Offer a guide no more, or again."""
    who = viewer()
    require_role(who, *EDITORS)
    found = queries.guide_or_404(guide_id)
    aside = request.form.get("aside") == "1"
    writing.set_aside(found, aside, who.id, now())
    db.session.commit()
    flash(_("It is not offered any more. What was said along it stays.") if aside else _("It is offered again."))
    return back_to(url_for("interview_guides.guide", guide_id=guide_id))
