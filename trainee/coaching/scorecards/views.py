"""Pages of scorecards: reading them, and publishing a new version."""

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.scorecards.forms import BEYOND, CHANNEL_NAMES, LEVELS, SLOTS, TEAM, Typed, choices, read, typed, typed_of
from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _, _l, language
from trainee.kit.web import back_to, show
from trainee.people import names, require_role, viewer
from trainee.skills import framework, scorecards

bp = web.Blueprint("scorecards", __name__)

EDITORS = ("trainer", "hr")
ORIGINS = {"content": _l("as shipped"), "browser": _l("edited here")}


@bp.get("/scorecards")
def cards() -> Response:
    """What observers watch for, for everybody: who is observed may know it beforehand."""
    return show("scorecards/cards.html", cards=scorecards.current_cards(), channel_names=CHANNEL_NAMES, edits=viewer().holds(*EDITORS))


@bp.get("/scorecards/<card_key>")
def card(card_key: str) -> Response:
    """One card as it is in use, with its versions."""
    found, book = scorecards.current_card(card_key), framework()
    versions = scorecards.versions(card_key)
    return show(
        "scorecards/card.html",
        card=found,
        channel=CHANNEL_NAMES[found.channel],
        skills={one.skill: book.skill(one.skill) for one in found.lines},
        steps=book.steps,
        levels=book.levels,
        beyond=BEYOND if found.channel != TEAM else (),
        criticals=[book.critical_errors[one] for one in found.critical if one in book.critical_errors],
        versions=versions,
        origins=ORIGINS,
        names=names(row.published_by_id for row in versions if row.published_by_id),
        edits=viewer().holds(*EDITORS),
    )


@bp.route("/scorecards/new", methods=["GET", "POST"])
def new_card() -> Response | BaseResponse:
    """A card that was not there before, or that was taken out of use: then it is its next version."""
    require_role(viewer(), *EDITORS)
    if request.method == "GET":
        return _form(Typed({"channel": "phone"}), None)
    sent = typed(request.form)
    key = sent.value("key")
    if any(row.retired_at is None for row in scorecards.versions(key[:120])):
        sent.wrong.append(("key", str(_("There is a card of that name already."))))
    return _publish(sent, key, None)


@bp.route("/scorecards/<card_key>/edit", methods=["GET", "POST"])
def edit_card(card_key: str) -> Response | BaseResponse:
    """Publish a new version of a card; what was observed on the old one stays on it."""
    if not viewer().holds(*EDITORS):
        raise Forbidden(_("Scorecards are edited by trainers and HR."))
    found = scorecards.current_card(card_key)
    if request.method == "GET":
        return _form(typed_of(found), card_key)
    return _publish(typed(request.form), card_key, card_key)


def _publish(sent: Typed, key: str, known: str | None) -> Response | BaseResponse:
    made = read(sent, framework(), key)
    if made is None:
        return _form(sent, known, 422)
    scorecards.publish(made, now(), viewer().id, "browser")
    db.session.commit()
    flash(_("Published. New observations are made on this version."))
    return back_to(url_for("scorecards.card", card_key=key))


def _form(sent: Typed, key: str | None, status: int = 200) -> Response:
    book, lang = framework(), language()
    return show(
        "scorecards/edit.html",
        status=status,
        sent=sent,
        key=key,
        slots=range(SLOTS),
        levels=LEVELS,
        skills=[("", "—"), *((one.key, one.name.of(lang)) for one in book.skills)],
        channels=list(CHANNEL_NAMES.items()),
        criticals=choices(book.critical_errors, lang),
    )


@bp.post("/scorecards/<card_key>/retirement")
def retire(card_key: str) -> BaseResponse:
    """Take a card out of use."""
    if not viewer().holds(*EDITORS):
        raise Forbidden(_("Scorecards are edited by trainers and HR."))
    found = scorecards.current_card(card_key)
    if len(scorecards.current_cards()) == 1:
        raise Refusal(_("This is the last card; without it nobody could be observed."))
    scorecards.retire(found.key, now())
    db.session.commit()
    flash(_("Taken out of use. What was observed on it stays."))
    return back_to(url_for("scorecards.cards"))
