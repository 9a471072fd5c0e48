"""What I was told, how I wish it, what comes tomorrow and why, and what could not be delivered."""

from datetime import date, timedelta

from flask import Response, current_app, flash, redirect, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db, is_full
from trainee.kit.errors import NotFound
from trainee.kit.i18n import _
from trainee.kit.web import back_to, csrf, public, show
from trainee.notices import actions, queries
from trainee.notices.decency import CLOSES, DAYS, OPENS
from trainee.notices.forms import WishForm, chosen
from trainee.notices.kind import Kind, kinds
from trainee.notices.mailing import person_of
from trainee.notices.models import NoticeHabit
from trainee.notices.previewing import FAR, preview
from trainee.notices.words import FREQUENCY_NAMES, STATE_NAMES, STEP_NAMES, problem_words, why_words
from trainee.people import require_role, viewer

bp = web.Blueprint("notices", __name__)
_MOST = 300


def _page() -> int:
    asked = request.args.get("page", "1")
    return max(int(asked[:6]), 1) if asked.isascii() and asked.isdecimal() else 1


@bp.get("/notices")
def notices() -> Response | BaseResponse:
    """What I was told, the newest first."""
    who, page = viewer(), _page()
    which = "unread" if request.args.get("show") == "unread" else "all"
    found, total = queries.notices_of(who.id, which, page, who.time_zone, now())
    last = max((total + queries.PAGE - 1) // queries.PAGE, 1)
    if page > last:
        return redirect(url_for("notices.notices", show=which, page=last))
    return show(
        "notices/notices.html",
        told=[(one, url_for("notices.open_notice", notice_id=one.row.id)) for one in found],
        total=total,
        which=which,
        page=page,
        pages=last,
    )


@bp.post("/notices/<int:notice_id>/open")
def open_notice(notice_id: int) -> BaseResponse:
    """Read one, and go where it leads."""
    found = queries.notice_or_404(notice_id, viewer().id)
    kind = kinds.get(found.rule)
    if kind is None:
        raise NotFound
    endpoint, values = kind.place(found.reason)
    place = url_for(endpoint, **values)
    try:
        actions.read(found.id, viewer().id, now())
        db.session.commit()
    except DBAPIError as problem:
        if not is_full(problem.orig):
            raise
        # That she has read it is not worth keeping her from it.
        db.session.rollback()
    return back_to(place)


@bp.post("/notices/read")
def read_all() -> BaseResponse:
    """I have seen them all."""
    actions.read_all(viewer().id, now())
    db.session.commit()
    return back_to(url_for("notices.notices"))


def _mine() -> list[Kind]:
    who = viewer()
    return [kind for kind in kinds if not kind.roles or who.holds(*kind.roles)]


@bp.route("/notices/settings", methods=["GET", "POST"])
def settings() -> Response | BaseResponse:
    """How I wish my messages."""
    who = viewer()
    form = WishForm()
    if request.method == "GET":
        _fill(form, queries.habit_of(who.id))
    elif form.validate_on_submit():
        frequencies = chosen(request.form, {kind.key: kind.choices for kind in _mine()})
        days = "".join(sorted(set(form.days.data or ())))
        hours = {"opens": int(form.opens.data), "closes": int(form.closes.data)}
        actions.wish(who.id, mails=bool(form.mails.data), days=days, frequencies=frequencies, at=now(), **hours)
        db.session.commit()
        flash(_("Saved. From now on your messages come this way."))
        return back_to(url_for("notices.settings"))
    wishes = queries.wishes_of(who.id)
    return show(
        "notices/settings.html",
        form=form,
        kinds=[(kind, wishes.get(kind.key, kind.usual), [(key, FREQUENCY_NAMES[key]) for key in kind.choices]) for kind in _mine()],
        mails=current_app.extensions["trainee"].mails,
        status=422 if request.method == "POST" else 200,
    )


def _fill(form: WishForm, habit: NoticeHabit | None) -> None:
    form.mails.data = habit is None or habit.mails
    form.opens.data = str(habit.opens if habit is not None else OPENS)
    form.closes.data = str(habit.closes if habit is not None else CLOSES)
    form.days.data = list(habit.days if habit is not None else DAYS)


def _asked_day() -> date:
    today = local_date(now(), viewer().time_zone)
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today + timedelta(days=1)
    return min(max(day, today), today + FAR)


def _show_preview(people: list[int] | None, template: str, search: str = "") -> Response:
    day = _asked_day()
    found = preview(day, now(), people, _MOST)
    return show(
        template,
        preview=found,
        today=local_date(now(), viewer().time_zone),
        frequency_names=FREQUENCY_NAMES,
        why_words=why_words,
        most=_MOST,
        search=search,
    )


@bp.get("/notices/coming")
def coming() -> Response:
    """What I get tomorrow, and why."""
    return _show_preview([viewer().id], "notices/coming.html")


@bp.get("/notices/preview")
def everybody() -> Response:
    """Who gets what tomorrow, and why."""
    require_role(viewer(), "hr", "admin")
    search = request.args.get("q", "")[:100]
    return _show_preview(queries.called(search) if search.strip() else None, "notices/everybody.html", search)


@bp.get("/notices/ledger")
def ledger() -> Response:
    """Everything that was told or not told to anybody, with its reason and what became of it."""
    require_role(viewer(), "hr", "admin")
    search, state, page = request.args.get("q", "")[:100], request.args.get("state", ""), _page()
    entries, total = queries.ledger(search, state, page, viewer().time_zone)
    return show(
        "notices/ledger.html",
        lines=entries,
        total=total,
        search=search,
        state=state,
        page=page,
        pages=max((total + queries.PAGE - 1) // queries.PAGE, 1),
        state_names=STATE_NAMES,
        step_names=STEP_NAMES,
        why_words=why_words,
    )


@bp.get("/notices/undelivered")
def undelivered() -> Response:
    """Mails that could not be delivered, and those that wait."""
    require_role(viewer(), "hr", "admin")
    many, since = queries.waiting_mails(now())
    failed = [(row, problem_words(row.problem)) for row in queries.failures()]
    return show("notices/undelivered.html", failed=failed, waiting=many, since=since, mails=current_app.extensions["trainee"].mails)


@bp.route("/unsubscribe/<signed>", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # Mail programs press the button themselves and know no token of ours; the link is signed.
def unsubscribe(signed: str) -> Response | BaseResponse:
    """End the mails to whoever got this link; a mail program does it in one step, a browser is asked first."""
    person_id = person_of(signed)
    if person_id is None:
        raise NotFound
    if request.method == "POST":
        actions.end_mails(person_id, now())
        db.session.commit()
    # Whose program has pressed the button is not asked again.
    habit = queries.habit_of(person_id)
    return show("notices/unsubscribe.html", done=habit is not None and not habit.mails, signed=signed)
