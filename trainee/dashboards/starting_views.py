"""The guided start of an empty installation: the first administrator with the start code, then what there is to set up, step by step."""

from typing import Any

from flask import Response, current_app, flash, g, make_response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.dashboards.forms import BeginForm, NameForm
from trainee.dashboards.starting import following, onward, steps
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import beside, complaints
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, public, show
from trainee.modules import library
from trainee.people import actions, organisation, passwords, require_role, viewer
from trainee.people.queries import is_empty, not_in, service_name
from trainee.people.views import device, let_in

bp = Blueprint("starting", __name__)


@bp.route("/start", methods=["GET", "POST"])
@public
def begin() -> Response | BaseResponse:
    """Begin an empty installation: who knows the start code becomes its administrator. Where anybody is here it leads to the site."""
    if g.get("viewer") is not None or organisation.house().founded or not is_empty():
        return back_to("/")
    if not current_app.extensions["trainee"].passwords:
        raise Refusal(_("Here only the sign-in service lets people in, so the first administrator is added on the server: trainee people add-admin"))
    form = BeginForm()
    if form.validate_on_submit():
        token = _begun(form)
        if token is not None:
            return let_in(token, False, url_for(".naming"))
    status = 422 if request.method == "POST" else 200
    return show("starting/begin.html", form=form, status=status)


def _begun(form: BeginForm) -> str | None:
    """A sign-in of the new administrator; None when something is wrong, which stands in the form then."""
    at, address = now(), request.remote_addr or ""
    try:
        organisation.allow_try(address, at)
    except Refusal as refusal:
        form.code.errors = [refusal.message]
        return None
    finally:
        # The count stands even when the try is refused.
        db.session.commit()
    fits = organisation.is_start_code(form.code.data or "")
    db.session.rollback()
    if not fits:
        form.code.errors = [
            _("That is not the start code. It was printed where the site was started; there, the command trainee people start-code prints it again.")
        ]
        return None
    username = (form.username.data or "").strip()
    try:
        # Slow on purpose, and so before anybody waits for it.
        made = passwords.made(form.password.data or "", username)
    except Refusal as refusal:
        form.password.errors = [refusal.message]
        return None
    try:
        organisation.found(at)
        person = actions.add_person(
            username=username, name=form.name.data or "", job=_("Administrator"), at=at, language=language(), roles=("admin", "employee")
        )
    except Refusal as refusal:
        db.session.rollback()
        if refusal.code == "begun":
            raise
        form.username.errors = [refusal.message]
        return None
    person.password_hash = made
    token = actions.open_sign_in(person.id, username, device(), False, at)
    db.session.commit()
    return token


@bp.get("/organisation/logo/<logo_digest>.png")
@public
def logo_file(logo_digest: str) -> Response:
    """The organisation's logo, also for who signs in."""
    found = organisation.logo(logo_digest)
    if found is None:
        raise NotFound
    response = make_response(found)
    response.headers["Content-Type"] = "image/png"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/setup")
def guide() -> Response:
    """Every step with how it stands, and the next one."""
    require_role(viewer(), "admin")
    found, house = steps(), organisation.house()
    told: dict[str, Any] = {"steps": found, "next": following(found), "done": sum(one.done for one in found), "house": house}
    return show("starting/guide.html", without=not_in().without, service=service_name(), **told)


def _page(template: str, key: str, status: int = 200, **more: Any) -> Response:
    found, house = steps(), organisation.house()
    place = [one.key for one in found].index(key)
    if house.beginning:
        g.area = "dashboards.today"
    told: dict[str, Any] = {"step": found[place], "number": place + 1, "of": len(found), "beginning": house.beginning, "house": house}
    return show(template, status=status, **told, **more)


def _on(key: str) -> BaseResponse:
    """To the next step while the beginning lasts; afterwards back to the page itself."""
    if not organisation.house().beginning:
        return back_to(next(one.url for one in steps() if one.key == key))
    return back_to(onward(key))


@bp.route("/setup/name", methods=["GET", "POST"])
def naming() -> Response | BaseResponse:
    """What the organisation is called and which language comes first; what the environment says is shown and stays."""
    require_role(viewer(), "admin")
    given, house = current_app.extensions["trainee"], organisation.house()
    form = NameForm()
    # What is set on the server is told and not asked.
    if given.organisation:
        del form.name
    if given.default_language:
        del form.language
    if request.method == "GET":
        if form.name is not None:
            form.name.data = house.name
        if form.language is not None:
            form.language.data = organisation.default_language()
    elif form.validate():
        try:
            name, lang = (field.data if field is not None else None for field in (form.name, form.language))
            organisation.call(name, lang, now(), viewer().id)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Saved."))
            return _on("name")
    db.session.rollback()
    status = 422 if request.method == "POST" else 200
    return _page("starting/naming.html", "name", status, form=form, complaints=complaints(form), fixed=(given.organisation, given.default_language))


@bp.route("/setup/logo", methods=["GET", "POST"])
def logo() -> Response | BaseResponse:
    """The logo: taken, looked at, taken away."""
    require_role(viewer(), "admin")
    wrong = ""
    if request.method == "POST":
        upload = request.files.get("logo")
        try:
            if request.form.get("remove"):
                organisation.remove_logo(now(), viewer().id)
            elif upload is None or not upload.filename:
                raise Refusal(_("Please choose a picture first."), 422)
            else:
                organisation.set_logo(upload.read(), now(), viewer().id)
        except Refusal as refusal:
            db.session.rollback()
            wrong = refusal.message
        else:
            db.session.commit()
            flash(_("Saved."))
            return back_to(url_for(".logo")) if request.form.get("remove") else _on("logo")
    return _page("starting/logo.html", "logo", 422 if wrong else 200, wrong=wrong)


@bp.get("/setup/module")
def module() -> Response:
    """Modules to begin with, each one press from being assigned; and where there is nobody yet, what comes first."""
    require_role(viewer(), "admin")
    path = next((one for one in library.pieces().paths if "employee" in one.audience), None)
    known = {one.key: one for one in library.catalogue_modules() if "employee" in one.audience}
    keys = [key for key in (path.modules if path is not None else ()) if key in known] or list(known)
    rows = [
        (known[key].title.of(language()), known[key].summary.of(language()), known[key].minutes, url_for("plans.assign_many", what=f"module/{key}"))
        for key in keys[:3]
    ]
    found = {one.key: one for one in steps()}
    return _page("starting/module.html", "module", rows_offered=rows, first=f"module/{keys[0]}" if keys else "", people=found["people"])


@bp.post("/setup/left-out")
def leave_out() -> BaseResponse:
    """Put a step off for later, or take it up again."""
    require_role(viewer(), "admin")
    key, wanted = request.form.get("step", ""), request.form.get("later") == "1"
    if key not in organisation.STEPS:
        raise Refusal(_("There is no such step."), 422)
    left = organisation.house().left_out
    organisation.leave_out(sorted(left | {key} if wanted else left - {key}))
    db.session.commit()
    return _on(key) if wanted else back_to(url_for(".guide"))


@bp.post("/setup/end")
def finish() -> BaseResponse:
    """It is enough: Today speaks of it no more."""
    require_role(viewer(), "admin")
    organisation.finish(now(), viewer().id)
    db.session.commit()
    flash(_("That is done. Name and logo stay under People, should you want to change them."))
    return back_to("/")
