"""The policy cards: what law and house rules say, for whoever is in a contact right now."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, current_app, flash, g, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import trtext
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import REVISIONS, whole
from trainee.kit.i18n import _, _l, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import names, require_role, viewer
from trainee.service import actions
from trainee.service.card import Card
from trainee.service.fields import Field, changed_meanwhile, choice, drawn, read
from trainee.service.models import FILE, HOUSE
from trainee.service.stored import card_of
from trainee.service.stored import cards as all_cards

bp = Blueprint("service", __name__)
WRITERS = ("hr", "admin", "trainer")
_CHECKED = (("no", _l("No: it is our own rule, or has been confirmed")), ("yes", _l("Yes: a lawyer has yet to confirm it")))
_RIGHT = (("no", _l("No")), ("yes", _l("Yes: a complaint may be put right by it, without a limit")))
CARD_FIELDS = (
    Field("title", _l("Title"), "line"),
    Field("owner", _l("Who answers for it"), "line"),
    Field("valid_from", _l("Valid from"), "date", both=False, hint=_l("With a later day it waits, and what holds today holds until then.")),
    Field(
        "review_by",
        _l("To be looked at again by"),
        "date",
        both=False,
        hint=_l("From the day after, every lesson that uses it says that it may be out of date."),
    ),
    Field(
        "body", _l("The rule"), hint=_l("Short enough to read during a contact. Two stars make **bold**, a hyphen begins a line of a list."), rows=9
    ),
    Field(
        "figures",
        _l("Figures that lessons fill in"),
        both=False,
        required=False,
        hint=_l("One a line: name = number | unit in Turkish | unit in English. For instance: refund_days = 14 | gün | days"),
    ),
    Field("source", _l("Source"), both=False, hint=_l("The law, the contract, or whose decision it is.")),
    choice("legal_review", _l("Does a lawyer still have to confirm it?"), lambda: _CHECKED),
    choice("gives_right", _l("Does it give the customer a right to money back, a replacement or a repair?"), lambda: _RIGHT),
)


@bp.before_app_request
def look_at_the_calendar() -> None:
    """Which day it is where the company is: a text that names a card past its date says so, and what is to hold from a day on holds from then."""
    g.day_of_reading = _today()


@bp.get("/cards")
def cards() -> Response:
    """All cards in use, searched by what stands in the address."""
    words = request.args.get("q", "")[:100].strip()
    found = [card for card in all_cards().values() if not card.retired and _holds(card, words)]
    today = local_date(now(), viewer().time_zone)
    lang = language()
    rows = sorted(((card, card.stale(today)) for card in found), key=lambda row: trtext.sort_key(row[0].title.of(lang)))
    return show("service/cards.html", rows=rows, words=words, writes=viewer().holds(*WRITERS))


def _holds(card: Card, words: str) -> bool:
    texts = (one for both in (card.title, card.body, card.owner) for one in (both.tr, both.en))
    text = trtext.fold(" ".join((*texts, card.source)))
    return all(word in text for word in trtext.fold(words).split())


@bp.get("/cards/<key>")
def card(key: str) -> Response:
    """One card: the rule, its figures, where it comes from and until when it was looked at."""
    found = _card_or_404(key)
    writes, versions = viewer().holds(*WRITERS), actions.versions_of(key)
    told = next((one for one in versions if one.number == found.number), None)
    newer = next((one for one in versions if one.origin == FILE and one.number > found.number and found.origin == HOUSE), None)
    return show(
        "service/card.html",
        card=found,
        body=_body(found),
        stale=found.stale(local_date(now(), viewer().time_zone)),
        writes=writes,
        version=told,
        by=names({told.by_id}).get(told.by_id) if told is not None and told.by_id else None,
        coming=next((one for one in versions if one.coming and one.number != found.number), None),
        newer=newer if writes and not found.retired else None,
        from_file=any(one.origin == FILE for one in versions),
        here=HOUSE,
    )


def _card_or_404(key: str) -> Card:
    found = all_cards().get(key)
    if found is None:
        raise NotFound
    return found


def _body(found: Card) -> Markup:
    # The body was rendered from Markdown without raw HTML and passed through nh3 when the card was kept.
    return Markup(found.body.of(language()))  # noqa: S704


@bp.get("/cards/<key>/versions")
def card_versions(key: str) -> Response:
    """Every version of a card."""
    found, versions = _card_or_404(key), actions.versions_of(key)
    called = names({one.by_id for one in versions if one.by_id is not None})
    return show("service/card_versions.html", card=found, versions=versions, names=called, house=HOUSE)


@bp.get("/cards/<key>/versions/<int:version_number>")
def card_version(key: str, version_number: int) -> Response:
    """A card as it said in one version."""
    found = _card_or_404(key)
    row = next((one for one in actions.versions_of(key) if one.number == version_number), None)
    if row is None:
        raise NotFound
    then = card_of(row)
    figures = _figures(then) if viewer().holds(*WRITERS) else []
    return show("service/card_version.html", card=found, then=then, body=_body(then), version=row, figures=figures)


def _figures(found: Card) -> list[tuple[str, str]]:
    return [(name, one.words(language())) for name, one in found.figures.items()]


@bp.route("/cards/new", methods=["GET", "POST"])
def new_card() -> Response | BaseResponse:
    """Write a card that is not there yet."""
    require_role(viewer(), *WRITERS)
    return _written(None) if request.method == "POST" else _form({"valid_from": _today().isoformat(), "legal_review": "no", "gives_right": "no"}, {})


@bp.route("/cards/<key>/change", methods=["GET", "POST"])
def change_card(key: str) -> Response | BaseResponse:
    """Write a new version of a card."""
    found = _card_or_404(key)
    require_role(viewer(), *WRITERS)
    if request.method == "POST":
        return _written(found)
    return _form(_values(found), {}, found)


def _today() -> date:
    return local_date(now(), current_app.extensions["trainee"].default_time_zone)


def _values(found: Card) -> dict[str, Any]:
    """A card as the form holds it."""
    both = {name: {"tr": text.tr, "en": text.en} for name, text in (("title", found.title), ("owner", found.owner), ("body", found.words))}
    days = {"valid_from": found.valid_from.isoformat(), "review_by": found.review_by.isoformat()}
    checked, right = ("yes" if said else "no" for said in (found.legal_review, found.gives_right))
    return {**both, **days, "source": found.source, "legal_review": checked, "gives_right": right, "figures": actions.figure_lines(found.figures)}


def _written(found: Card | None) -> Response | BaseResponse:
    values, wrong = read(CARD_FIELDS, request.form)
    if wrong:
        return _form(values, wrong, found)
    number = whole(request.form.get("number"), REVISIONS, 0)
    try:
        key = actions.write_card(found.key if found else None, values, number=number, day=_today(), at=now(), by_id=viewer().id)
    except Refusal as refusal:
        db.session.rollback()
        if refusal.status != 422 and found is not None:
            # Somebody saved meanwhile: what stands now is told beside what was typed, and the next press is meant for that version.
            found = _card_or_404(found.key)
            stale = changed_meanwhile(CARD_FIELDS, _values(found), values)
            return _form(values, stale or {"title_tr": refusal.message}, found, actions.newest_number(found.key))
        return _form(values, {refusal.code: refusal.message}, found)
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("service.card", key=key))


def _form(values: Mapping[str, Any], wrong: Mapping[str, str], found: Card | None = None, standing: int | None = None) -> Response:
    number = standing or request.form.get("number") or (actions.newest_number(found.key) if found is not None else 0)
    inputs, status = drawn(CARD_FIELDS, values, wrong), (409 if standing is not None else 422) if wrong else 200
    shown: dict[str, Any] = {"inputs": inputs, "card": found, "number": number, "wrong": list(wrong.items())}
    return show("service/edit_card.html", **shown, stale=standing is not None, status=status)


@bp.post("/cards/<key>/file")
def take_card_file(key: str) -> BaseResponse:
    """Let the content's file say again what the card says."""
    _card_or_404(key)
    require_role(viewer(), *WRITERS)
    actions.take_file(key, at=now(), by_id=viewer().id)
    db.session.commit()
    flash(_("The card says what its file says."))
    return back_to(url_for("service.card", key=key))


@bp.post("/cards/<key>/retirement")
def retire_card(key: str) -> BaseResponse:
    """Take a card out of use."""
    _card_or_404(key)
    require_role(viewer(), *WRITERS)
    actions.retire_card(key, at=now(), by_id=viewer().id)
    db.session.commit()
    flash(_("It is out of use."))
    return back_to(url_for("service.card", key=key))
