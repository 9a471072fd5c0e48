"""The policy cards: what law and house rules say, for whoever is in a contact right now."""

from flask import Response, request
from markupsafe import Markup

from trainee.kit import trtext
from trainee.kit.clock import local_date, now
from trainee.kit.errors import NotFound
from trainee.kit.i18n import language
from trainee.kit.web import Blueprint, show
from trainee.people import viewer
from trainee.service.cards import Card
from trainee.service.cards import cards as all_cards

bp = Blueprint("service", __name__)


@bp.get("/cards")
def cards() -> Response:
    """All cards in use, searched by what stands in the address."""
    words = request.args.get("q", "")[:100].strip()
    found = [card for card in all_cards().values() if not card.retired and _holds(card, words)]
    today = local_date(now(), viewer().time_zone)
    lang = language()
    rows = sorted(((card, card.stale(today)) for card in found), key=lambda row: trtext.sort_key(row[0].title.of(lang)))
    return show("service/cards.html", rows=rows, words=words)


def _holds(card: Card, words: str) -> bool:
    text = trtext.fold(" ".join((card.title.tr, card.title.en, card.body.tr, card.body.en)))
    return all(word in text for word in trtext.fold(words).split())


@bp.get("/cards/<key>")
def card(key: str) -> Response:
    """One card: the rule, its figures, where it comes from and until when it was looked at."""
    found = all_cards().get(key)
    if found is None:
        raise NotFound
    # The body was rendered from Markdown without raw HTML and passed through nh3 when the card was loaded.
    body = Markup(found.body.of(language()))  # noqa: S704
    return show("service/card.html", card=found, body=body, stale=found.stale(local_date(now(), viewer().time_zone)))
