"""Policy cards: dated, sourced, found by any spelling, and filled into texts by their keys."""

from datetime import date

import pytest
from sqlalchemy import update

from tests.conftest import CONTENT
from trainee import service
from trainee.kit.db import db
from trainee.kit.findings import Findings
from trainee.kit.words import Text
from trainee.service import Card, Figure, PolicyCard, fill_cards

CARD = Card(
    key="late",
    title=Text("Geç <teslim>", "Late <delivery>"),
    owner=Text("a", "b"),
    valid_from=date(2026, 1, 1),
    review_by=date(2026, 12, 31),
    source="x",
    legal_review=False,
    figures={"limit": Figure(186000, Text("TL", "TL")), "share": Figure(2.5)},
    body=Text("", ""),
)


@pytest.mark.parametrize(
    ("html", "lang", "filled"),
    [
        ("{{card:late}}", "tr", '<a class="card-name" href="/cards/late">Geç &lt;teslim&gt;</a>'),
        ("{{ card:late }}", "en", '<a class="card-name" href="/cards/late">Late &lt;delivery&gt;</a>'),
        ("{{card:late.limit}}", "tr", "186.000\u00a0TL"),
        ("{{card:late.limit}}", "en", "186,000\u00a0TL"),
        ("{{card:late.share}}", "tr", "2,5"),
        ("{{card:gone}} {{card:late.gone}}", "tr", "– –"),
        ("<p>a</p>", "tr", "<p>a</p>"),
    ],
)
def test_a_card_is_filled_in_as_the_reader_writes_it(html, lang, filled):
    assert fill_cards(html, {"late": CARD}, lang) == filled


def test_a_card_is_stale_the_day_after_its_review():
    assert not CARD.stale(date(2026, 12, 31))
    assert CARD.stale(date(2027, 1, 1))


def test_all_cards_are_listed_with_a_total(as_, cast):
    html = as_(cast.amir).get("/cards").get_data(as_text=True)
    assert f"{len(service.cards())} cards" in html
    assert 'href="/cards/late-delivery"' in html


@pytest.mark.parametrize("words", ["TESLİMAT", "teslımat geciken", "late delivery"])
def test_a_card_is_found_by_any_spelling(as_, cast, words):
    html = as_(cast.amir).get(f"/cards?q={words}").get_data(as_text=True)
    assert 'href="/cards/late-delivery"' in html
    assert 'href="/cards/greeting-standard"' not in html


def test_no_card_found_says_what_to_do(as_, cast):
    assert "No card fits." in as_(cast.amir).get("/cards?q=zzz").get_data(as_text=True)


def test_a_card_says_since_when_it_holds_and_until_when_it_was_looked_at(as_, cast):
    html = as_(cast.amir).get("/cards/late-delivery").get_data(as_text=True)
    assert "Jan 1, 2026" in html or "1 Jan 2026" in html
    assert "Dec 31, 2026" in html or "31 Dec 2026" in html
    assert "<strong>no later than 30 days</strong>" in html
    assert "A lawyer has yet to confirm this card." in html


def test_a_card_past_its_review_warns(as_, cast):
    db.session.execute(update(PolicyCard).where(PolicyCard.key == "late-delivery").values(review_by=date(2020, 1, 1)))
    db.session.commit()
    assert "This may be out of date" in as_(cast.amir).get("/cards/late-delivery").get_data(as_text=True)
    assert "review is late" in as_(cast.amir).get("/cards").get_data(as_text=True)


def test_there_is_no_card_that_is_not(as_, cast):
    assert as_(cast.amir).get("/cards/nothing").status_code == 404


def test_a_card_that_leaves_the_content_is_retired_and_can_still_be_read(as_, cast):
    wanted = service.read_cards(CONTENT / "service" / "cards", Findings())
    service.load_cards({key: card for key, card in wanted.items() if key != "withdrawal"})
    db.session.commit()
    assert service.cards()["withdrawal"].retired
    assert f"{len(service.cards()) - 1} cards" in as_(cast.amir).get("/cards").get_data(as_text=True)
    assert "no longer in use" in as_(cast.amir).get("/cards/withdrawal").get_data(as_text=True)


def test_loading_cards_keeps_everything_they_say(app):
    wanted = service.read_cards(CONTENT / "service" / "cards", Findings())
    assert dict(service.cards()) == wanted


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("valid_from: 2026-01-01", "valid_from: soon", "`valid_from` must be a date"),
        ("legal_review: true", "legal_review: yes", "`legal_review` must be true or false"),
        ("value: 14", "value: fourteen", "`figures.refund_days.value` must be a number"),
        ("key: late-delivery", "key: Late", "`key` is not a key"),
        ("owner:", "ovner:", "`owner` is missing"),
    ],
)
def test_a_broken_card_is_told(old, new, says):
    findings = Findings()
    text = (CONTENT / "service" / "cards" / "late-delivery.yaml").read_text()
    assert old in text
    assert service.read_card(text.replace(old, new, 1), "cards/late-delivery.yaml", findings) is None
    assert any(says in str(finding) for finding in findings)
