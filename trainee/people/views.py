"""Signing in and out, one's own account, and the people HR looks after."""

from zoneinfo import available_timezones

from flask import Response, abort, current_app, flash, g, make_response, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import select
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import LANGUAGES, _
from trainee.kit.web import back_to, local_path, public, show
from trainee.people import actions, organisation, passwords, queries
from trainee.people.forms import ROLE_NAMES, ChangePasswordForm, ForgotForm, NewPasswordForm, PersonForm, ProfileForm, SignInForm
from trainee.people.models import OidcIdentity, Person, Photo
from trainee.people.queries import Viewer, viewer, viewer_by_token

bp = web.Blueprint("people", __name__)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/")))


# The ones most people here look for. The whole list is longer than the rest of the page and has an address of its own.
NEAR = (
    "Europe/Istanbul",
    "Asia/Nicosia",
    "Asia/Baku",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Asia/Tbilisi",
    "Europe/Amsterdam",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/London",
    "Europe/Paris",
    "Europe/Sofia",
    "Europe/Vienna",
    "Europe/Zurich",
    "America/New_York",
)


def _zones(own: str) -> list[str]:
    """The time zones to choose from: the near ones and her own, or every one there is when she asks for them."""
    if request.args.get("zones") == "all":
        return ZONES
    wanted = {*NEAR, own, current_app.extensions["trainee"].default_time_zone}
    return [zone for zone in ZONES if zone in wanted]


def device() -> str:
    """The kind of device, in two words: enough to recognise one's own, not to follow anybody."""
    agent = request.user_agent.string
    system = next(
        (
            name
            for mark, name in (
                ("Android", "Android"),
                ("iPhone", "iPhone"),
                ("iPad", "iPad"),
                ("Windows", "Windows"),
                ("Mac OS", "Mac"),
                ("Linux", "Linux"),
            )
            if mark in agent
        ),
        "?",
    )
    browser = next(
        (name for mark, name in (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")) if mark in agent), "?"
    )
    return f"{browser} · {system}"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response | BaseResponse:
    """Come in."""
    if g.get("viewer") is not None and request.method == "GET":
        return back_to(local_path(request.args.get("next")))
    if request.method == "GET" and not organisation.as_known().founded and not g.get("database_away") and queries.is_empty():
        # An empty installation has nobody to sign in; whoever set it up knows the start code.
        return back_to(url_for("starting.begin"))
    form = SignInForm()
    if request.method == "POST" and not current_app.extensions["trainee"].passwords:
        raise Refusal(_("People sign in here by the sign-in service alone. Please use its button."), 403, "no_passwords")
    if request.method == "GET":
        # The rows under a demonstration's form lead here; the page fills in the password beside it only there.
        form.login.data = request.args.get("try", "")[:40] if current_app.extensions["trainee"].demo else None
    if form.validate_on_submit():
        try:
            token = _try_to_sign_in(form)
        except Refusal as refusal:
            return _wait_to_sign_in(form, refusal)
        if token is not None:
            return let_in(token, bool(form.remember.data), request.args.get("next"))
        form.password.errors = [_("User name and password do not fit together. Please try again.")]
    return _show_sign_in(form, 422 if request.method == "POST" else 200)


def _show_sign_in(form: SignInForm, status: int) -> Response:
    told = {"next": local_path(request.args.get("next")), "service": queries.service_name(), "passwords": current_app.extensions["trainee"].passwords}
    return show("people/sign_in.html", form=form, status=status, **told)


def _wait_to_sign_in(form: SignInForm, refusal: Refusal) -> Response:
    form.password.errors = [refusal.message]
    response = _show_sign_in(form, refusal.status)
    response.headers["Retry-After"] = str(actions.wait_to_sign_in(form.login.data or "", request.remote_addr or "", now()))
    return response


def _try_to_sign_in(form: SignInForm) -> str | None:
    login = form.login.data or ""
    try:
        actions.allow_try(login, request.remote_addr or "", now())
    finally:
        # The count stands even when the try is refused, and the write lock is not held while the slow check runs.
        db.session.commit()
    person_id, stored = queries.credentials(login)
    db.session.rollback()
    if not passwords.matches(stored, form.password.data or "") or person_id is None:
        return None
    token = actions.open_sign_in(person_id, login, device(), bool(form.remember.data), now(), request.remote_addr or "")
    db.session.commit()
    return token


def let_in(token: str, remember: bool, then: str | None) -> BaseResponse:
    """Sign somebody in with a new sign-in's token, and send her where she wanted to go."""
    settings = current_app.extensions["trainee"]
    who = viewer_by_token(token, now(), settings.lasts(False), settings.lasts(True))
    if who is None:
        abort(401)
    language = session.get("language")
    session.clear()  # Nothing that was planted in a stranger's session goes along.
    login_user(who, remember=remember, duration=settings.lasts(True))
    session["reads"] = language if language in LANGUAGES else who.language
    if language in LANGUAGES and language != who.language:
        actions.choose_language(who.id, language)
        db.session.commit()
    return back_to(local_path(then))


@bp.post("/sign-out")
def sign_out() -> BaseResponse:
    """Leave on this device."""
    actions.sign_out(viewer().sign_in_id, now())
    db.session.commit()
    logout_user()
    session.clear()
    response = back_to(url_for("people.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/language")
@public
def language() -> BaseResponse:
    """Read everything in the other language, from now on."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Refusal(_("Choose Turkish or English."), 422)
    session["language"] = chosen
    if g.get("viewer") is not None:
        actions.choose_language(viewer().id, chosen)
        db.session.commit()
    return back_to(local_path(request.form.get("next")))


@bp.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> Response | BaseResponse:
    """Ask HR for a new link."""
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            actions.ask_for_link(form.login.data or "", request.remote_addr or "", now())
        finally:
            db.session.commit()
        flash(_("If there is such an account, HR has been asked to send you a link. Please ask them in person if it is urgent."))
        return back_to(url_for("people.sign_in"))
    return show("people/forgot.html", form=form, status=422 if request.method == "POST" else 200)


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> Response | BaseResponse:
    """Set a password with a one-time link."""
    person = actions.link_holder(token, now())
    if person is None:
        raise Refusal(_("This link has been used or has expired. Please ask HR for a new one."), 404, "link")
    form = NewPasswordForm()
    if form.validate_on_submit():
        username = person.username
        # Making it is slow on purpose; nobody who writes waits for that.
        db.session.rollback()
        try:
            made = passwords.made(form.password.data or "", username)
        except Refusal as refusal:
            form.password.errors = [refusal.message]
        else:
            return _welcomed(actions.use_link(token, made, now()))
    return show("people/welcome.html", form=form, person=person, status=422 if request.method == "POST" else 200)


def _welcomed(person: Person) -> BaseResponse:
    """She has just shown the link and chosen the password; asking for both again would prove nothing more."""
    if not current_app.extensions["trainee"].passwords:
        db.session.commit()
        flash(_("Your password is set. Please sign in with it now."))
        return back_to(url_for("people.sign_in"))
    token = actions.open_sign_in(person.id, person.username, device(), False, now())
    db.session.commit()
    response = let_in(token, False, None)
    flash(_("Your password is set, and you are signed in."))
    return response


def _me() -> Person:
    return db.session.execute(select(Person).where(Person.id == viewer().id)).scalar_one()


def _show_me(status: int = 200, profile: ProfileForm | None = None, password: ChangePasswordForm | None = None, photo: str = "") -> Response:
    person = _me()
    who = viewer()
    profile, password = profile or ProfileForm(formdata=None, obj=person), password or ChangePasswordForm(formdata=None)
    complaints = [(field.id, str(field.errors[0])) for form in (profile, password) for field in form if field.errors]
    return show(
        "people/me.html",
        status=status,
        person=person,
        zones=[(zone, zone) for zone in _zones(person.time_zone)],
        every_zone=request.args.get("zones") == "all",
        devices=queries.sign_ins(who.id),
        present=who.sign_in_id,
        profile=profile,
        password=password,
        complaints=[*complaints, ("photo", photo)] if photo else complaints,
        photo_errors=[photo] if photo else [],
        supervisors=queries.supervisors_of(who.id),
        role_names=[ROLE_NAMES[role] for role in sorted(who.roles)],
    )


@bp.get("/me")
def me() -> Response:
    """My account."""
    return _show_me()


@bp.post("/me/profile")
def edit_me() -> Response | BaseResponse:
    """Change name, language, time zone."""
    form = ProfileForm()
    if form.validate_on_submit():
        try:
            actions.edit_profile(_me(), name=form.name.data or "", language=form.language.data, time_zone=form.time_zone.data or "", at=now())
        except Refusal as refusal:
            field = form.name if refusal.code == "name" else form.time_zone
            field.errors = [refusal.message]
        else:
            db.session.commit()
            session["language"] = form.language.data
            flash(_("Saved."))
            return back_to(url_for("people.me"))
    db.session.rollback()
    return _show_me(422, profile=form)


@bp.post("/me/password")
def change_password() -> Response | BaseResponse:
    """Change my password."""
    form = ChangePasswordForm()
    if form.validate_on_submit() and _changed(form, viewer()):
        flash(_("Your password is changed. Other devices have been signed out."))
        return back_to(url_for("people.me"))
    return _show_me(422, password=form)


def _changed(form: ChangePasswordForm, who: Viewer) -> bool:
    """Whether the password is changed now; what is wrong is noted on the form."""
    try:
        actions.allow_change(who.id, now())
    finally:
        # The count stands even when the try is refused, and nobody who writes waits for the slow check and the slow making.
        db.session.commit()
    known = _me().password_hash
    db.session.rollback()
    if not passwords.matches(known, form.old.data or ""):
        form.old.errors = [_("The present password is not right.")]
        return False
    try:
        made = passwords.made(form.password.data or "", who.username)
    except Refusal as refusal:
        form.password.errors = [refusal.message]
        return False
    actions.change_password(_me(), known, made, now(), who.sign_in_id)
    db.session.commit()
    return True


@bp.post("/me/photo")
def change_photo() -> Response | BaseResponse:
    """Set or remove my picture."""
    upload = request.files.get("photo")
    try:
        if request.form.get("remove"):
            actions.remove_photo(_me())
        elif upload is None or not upload.filename:
            raise Refusal(_("Please choose a picture first."), 422)
        else:
            actions.set_photo(_me(), upload.read())
    except Refusal as refusal:
        db.session.rollback()
        return _show_me(refusal.status, photo=refusal.message)
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("people.me"))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response | HTTPException:
    """A picture that is too large is told beside its field, as everything else that is wrong with one."""
    if request.endpoint != "people.change_photo" or web.wants_fragment():
        return web.refused(error)
    db.session.rollback()
    return _show_me(413, photo=_("That picture is too large. Please choose a smaller one."))


@bp.post("/me/sign-ins/<int:sign_in_id>/end")
def end_sign_in(sign_in_id: int) -> BaseResponse:
    """Sign out one of my devices."""
    actions.sign_out_device(viewer().id, sign_in_id, now())
    db.session.commit()
    flash(_("That device is signed out."))
    return back_to(url_for("people.me"))


@bp.post("/me/sign-ins/end")
def end_sign_ins() -> BaseResponse:
    """Sign out everywhere, here as well."""
    actions.sign_out_everywhere(viewer().id, now())
    db.session.commit()
    logout_user()
    session.clear()
    flash(_("You are signed out on every device."))
    return back_to(url_for("people.sign_in"))


@bp.get("/people/<int:person_id>/photo/<digest>.jpg")
def photo(person_id: int, digest: str) -> Response:
    """A person's picture, for those who may see her."""
    row = db.session.execute(select(Photo.body).where(Photo.person_id == person_id, Photo.digest == digest)).first()
    if row is None or not queries.may_see(viewer(), person_id):
        raise NotFound
    response = make_response(row.body)
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@bp.get("/people")
def directory() -> Response:
    """Everybody this viewer looks after."""
    queries.require_role(viewer(), "hr", "admin")
    search, which = request.args.get("q", "")[:100], request.args.get("show", "active")
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.directory(viewer(), search, which, page)
    return show(
        "people/directory.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(-(-total // queries.DIRECTORY), 1),
        q=search,
        which=which,
        role_names=ROLE_NAMES,
    )


def person_form(person: Person | None = None) -> PersonForm:
    """The form for a person, with the teams there are and those who may be her supervisor or are it already."""
    form = PersonForm()
    offered = dict(queries.supervisors())
    if person is not None:
        form.person_id = person.id
        # Whoever stands above her today stays in the choices, so that saving the form changes nothing that was not touched.
        offered |= {row.id: row.name for row in queries.supervisors_of(person.id)}
        offered.pop(person.id, None)
    form.offer(queries.teams(), list(offered.items()))
    return form


def lines_of(person: Person) -> dict[str, int]:
    """The line of each kind that the form shows: the first of each."""
    found: dict[str, int] = {}
    for row in queries.supervisors_of(person.id):
        found.setdefault(row.kind, row.id)
    return found


def place(person: Person, form: PersonForm) -> None:
    """Put somebody where the form says: into a team, under a supervisor, perhaps with a second one. What was not changed stays untouched."""
    actions.move(person, form.team_id.data or None, now())
    lines = lines_of(person)
    for kind, chosen in (("direct", form.supervisor_id.data), ("dotted", form.dotted_id.data)):
        if (chosen or None) == lines.get(kind):
            continue
        if kind in lines:
            actions.end_line(person.id, lines[kind], now(), kind)
        if chosen:
            supervisor = db.session.execute(select(Person).where(Person.id == chosen)).scalar_one()
            actions.supervise(person, supervisor, now(), kind, viewer().id)


def require_admin_for_admin_roles(wanted: list[str], held: frozenset[str]) -> None:
    """HR may not make herself or others an administrator, nor take the role away."""
    if ("admin" in wanted) != ("admin" in held):
        queries.require_role(viewer(), "admin")


@bp.get("/people/<int:person_id>/account")
def manage(person_id: int) -> Response:
    """One person's account: place, roles, and how she gets in."""
    queries.require_role(viewer(), "hr", "admin")
    person = queries.person_or_404(person_id, viewer())
    return _show_account(person)


def _show_account(person: Person, link: str | None = None) -> Response:
    team = next((team for team in queries.teams() if team.id == person.team_id), None)
    return show(
        "people/account.html",
        person=person,
        team=team,
        supervisors=queries.supervisors_of(person.id),
        link=link,
        tied=db.session.scalar(select(OidcIdentity).where(OidcIdentity.person_id == person.id)),
        may_close=person.id != viewer().id and ("admin" not in queries.roles_of(person.id) or viewer().holds("admin")),
        role_names=[ROLE_NAMES[role] for role in sorted(queries.roles_of(person.id))],
    )


@bp.post("/people/<int:person_id>/links")
def make_link(person_id: int) -> Response:
    """Make a one-time link to hand over. It is shown once, here, and never again."""
    queries.require_role(viewer(), "hr", "admin")
    person = queries.person_or_404(person_id, viewer())
    require_admin_over_admins(person)
    if person.disabled_at is not None:
        raise Refusal(_("This account is closed. Open it first."))
    purpose = "invitation" if person.password_hash is None else "reset"
    token = actions.make_link(person, purpose, now(), viewer().id)
    db.session.commit()
    return _show_account(person, link=url_for("people.welcome", token=token, _external=True))


def require_admin_over_admins(person: Person) -> None:
    """HR may not open or close the door of an administrator."""
    if "admin" in queries.roles_of(person.id):
        queries.require_role(viewer(), "admin")
