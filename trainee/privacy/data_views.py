"""Everything that is held about one person: for herself, and for HR, who says why; and making somebody anonymous."""

import json
import secrets
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _
from trainee.kit.web import back_to, show
from trainee.people import Person, person_or_404, require_role, viewer
from trainee.people.looks import note_look
from trainee.privacy import anonymising, subject
from trainee.privacy.forms import AnonymityForm, ReasonForm
from trainee.privacy.models import Anonymity
from trainee.privacy.telling import told_parts
from trainee.privacy.views import bp

# These pages stand in the blueprint of the package.
__all__ = ["bp"]

# So many rows of each table stand on the page; the file holds all.
_SHOWN = 10


@bp.get("/me/data")
def my_data() -> Response:
    """Everything that is held about the viewer, to read."""
    return _show(viewer().id)


@bp.get("/me/data.json")
def my_data_file() -> Response:
    """The same as a file."""
    return _file(viewer().id, by_hr=False)


def _show(person_id: int, person: Person | None = None, form: ReasonForm | None = None) -> Response:
    parts = told_parts(person_id, by_hr=person is not None, most=_SHOWN)
    return show("privacy/data.html", parts=parts, person=person, form=form, most=_SHOWN)


def _file(person_id: int, by_hr: bool) -> Response:
    at = now()
    body = json.dumps(subject.as_json(person_id, by_hr, at), ensure_ascii=False, indent=1)
    response = Response(body, mimetype="application/json")
    day = local_date(at, viewer().time_zone).isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="data-{person_id}-{day}.json"'
    return response


@bp.route("/people/<int:person_id>/data", methods=["GET", "POST"])
def data_of(person_id: int) -> Response | BaseResponse:
    """Everything that is held about somebody else, once HR has said why; the person reads that, and who it was."""
    require_role(viewer(), "hr")
    person = person_or_404(person_id, viewer())
    if person_id == viewer().id:
        return back_to(url_for("privacy.my_data"))
    form = ReasonForm()
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        words = " ".join((form.reason.data or "").split())
        note_look(viewer(), person_id, "privacy.data_of", now(), reason=words, receipt=f"data/{viewer().id}/{form.receipt.data}"[:120])
        db.session.commit()
        return _file(person_id, by_hr=True) if request.form.get("as") == "json" else _show(person_id, person, form)
    return show("privacy/data_why.html", form=form, person=person, status=422 if request.method == "POST" else 200)


@bp.route("/people/<int:person_id>/anonymity", methods=["GET", "POST"])
def anonymity(person_id: int) -> Response | BaseResponse:
    """What it means that somebody is made anonymous, and asking for it."""
    require_role(viewer(), "hr")
    person = person_or_404(person_id, viewer())
    asked = db.session.get(Anonymity, person_id)
    form = AnonymityForm()
    if request.method == "POST" and asked is None and form.validate_on_submit():
        try:
            anonymising.ask(person_id, ground=form.ground.data, typed=form.typed.data or "", by_id=viewer().id, at=now())
        except Refusal as refusal:
            beside(form, refusal)
            return _show_anonymity(db.session.get_one(Person, person_id), None, form, 422)
        db.session.commit()
        flash(_("It is done within a few minutes."))
        return back_to(url_for("privacy.anonymity", person_id=person_id))
    return _show_anonymity(person, asked, form, 422 if request.method == "POST" and asked is None else 200)


def _show_anonymity(person: Person, asked: Any, form: AnonymityForm, status: int) -> Response:
    return show("privacy/anonymity.html", person=person, asked=asked, form=form, own=person.id == viewer().id, status=status)
