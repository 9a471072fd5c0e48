"""What customers said: for the person they said it of, for those who lead her, and as tasks for who has to see to it."""

from typing import Any

from flask import Response, current_app, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _, _n, number
from trainee.kit.web import back_to, show, takes
from trainee.people import leads, person_or_404, require_role, viewer
from trainee.voice import actions, duties, queries  # noqa: F401  # What HR and supervisors find on Today is told when it is imported.
from trainee.voice.forms import ConcernForm, ImportForm, ReplyForm
from trainee.voice.measures.measure import EASY, reached
from trainee.voice.reading import COLUMNS, read
from trainee.voice.survey import QUESTIONS, instruments

bp = web.Blueprint("voice", __name__)
_REFUSED_SHOWN = 100


def _page(template: str, person_id: int, own_words: bool, status: int = 200, wrong: Any = None, **more: Any) -> Response:
    at = now()
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    comments, total = queries.comments_of(person_id, page) if own_words else ([], 0)
    shares = queries.shares_of(person_id, at - queries.RECENT, at)
    return show(
        template,
        shares=[_told(one) for one in shares],
        # While a figure is held back, so are the marks it would be made of.
        marked={one.question.key for one in shares if one.enough},
        least=queries.LEAST,
        comments=comments,
        questions=QUESTIONS,
        total=total,
        page=page,
        pages=max((total + queries.PAGE - 1) // queries.PAGE, 1),
        wrong=wrong,
        status=status,
        **more,
    )


def _told(share: queries.Share) -> dict[str, Any]:
    """A figure of somebody in words, with from where on it is good; a dash where too few answered, and why where that takes more than elsewhere."""
    found, measure = share.figure, "nps" if share.question.measure == "nps" else ""
    if found.value is None:
        note = str(_n("%(num)d answer so far", "%(num)d answers so far", share.n))
        if share.least > queries.LEAST:
            note += "; " + str(_("of one person a figure appears from %(least)s on", least=number(share.least)))
        return {"name": share.question.short, "value": "–", "note": note}
    value, low, high = (EASY.say(measure, one) for one in (found.value, found.low, found.high))
    note = str(_("%(n)s answers; very likely between %(low)s and %(high)s", n=number(share.n), low=low, high=high))
    good = reached(share.question.measure, found)
    return {"name": share.question.short, "value": value, "note": f"{note}; {good}" if good else note}


@bp.get("/my-ratings")
def my_ratings() -> Response:
    """My own ratings of the last twelve months, and what customers wrote."""
    return _page("voice/my_ratings.html", viewer().id, True)


@bp.post("/my-ratings/<int:rating_id>/reply")
def reply(rating_id: int) -> Response | BaseResponse:
    """Say how I see a comment; those who lead me read it beside."""
    form = ReplyForm()
    if not form.validate_on_submit():
        wrong = {"id": rating_id, "typed": form.words.data or "", "told": [*form.words.errors]}
        return _page("voice/my_ratings.html", viewer().id, True, 422, wrong)
    actions.reply(rating_id, viewer().id, form.words.data or "", now())
    db.session.commit()
    flash(_("Saved. Whoever leads you reads it beside the comment."))
    return back_to(url_for("voice.my_ratings", page=request.args.get("page", type=int)))


@bp.get("/people/<int:person_id>/ratings")
def ratings_of(person_id: int) -> Response:
    """What customers say of somebody: figures from enough answers on; their words only for her and those who lead her."""
    who = viewer()
    found = person_or_404(person_id, who)
    return _page("voice/ratings_of.html", person_id, who.id == person_id or leads(who, person_id), person=found)


@bp.get("/concerns")
def concerns() -> Response:
    """Customers who felt that nobody cared, for whoever has to see to it."""
    who = viewer()
    require_role(who, "supervisor", "hr")
    return show("voice/concerns.html", concerns=queries.concerns_of(who), today=local_date(now(), who.time_zone))


@bp.route("/concerns/<int:concern_id>", methods=["GET", "POST"])
def concern(concern_id: int) -> Response | BaseResponse:
    """One of them: what she answered, and what was done about it."""
    who = viewer()
    found, around = queries.concern_or_404(concern_id, who)
    form = ConcernForm()
    if form.validate_on_submit():
        try:
            actions.close_concern(found, form.done.data or "", who.id, now())
            db.session.commit()
            flash(_("Saved. Thank you for seeing to it."))
            return back_to(url_for("voice.concerns"))
        except Refusal as refusal:
            if refusal.status == 409:
                # Somebody was quicker; what she wrote stands beside the other's words, for her to take along.
                db.session.rollback()
                found, around = queries.concern_or_404(concern_id, who)
                form.done.errors = [refusal.message]
            else:
                beside(form, refusal)
    status = 422 if request.method == "POST" else 200
    return show(
        "voice/concern.html", concern=found, around=around, form=form, questions=QUESTIONS, status=status, today=local_date(now(), who.time_zone)
    )


@bp.route("/ratings/import", methods=["GET", "POST"])
@takes(8192)
def import_ratings() -> Response:
    """Take in ratings from another system's file; what cannot be read is told with its line, and a file taken twice counts once."""
    who = viewer()
    require_role(who, "hr", "admin")
    form, taken, refused = ImportForm(), None, []
    if form.validate_on_submit():
        sent = form.file.data
        if not sent:
            form.file.errors = [_("Please choose a file.")]
        else:
            at = now()
            found = read(sent.read(), form.system.data or "", queries.people_by_name(), current_app.extensions["trainee"].default_time_zone, at)
            taken, refused = actions.take_ratings(found.answers, at), found.refused
            db.session.commit()
    status = 422 if form.errors or (request.method == "POST" and taken is None) else 200
    many = len(refused)
    return show(
        "voice/import.html",
        form=form,
        taken=taken,
        refused=refused[:_REFUSED_SHOWN],
        many=many,
        columns=[*COLUMNS, "comment"],
        questions=QUESTIONS,
        instruments=instruments(),
        status=status,
    )
