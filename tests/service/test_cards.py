"""Policy cards: dated, sourced, found by any spelling, and filled into texts by their keys."""

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask import g
from sqlalchemy import select, update

from tests.conftest import CONTENT
from trainee import service
from trainee.kit.db import db
from trainee.kit.findings import Findings
from trainee.kit.words import Text
from trainee.service import Card, Figure, PolicyCard, fill_cards
from trainee.service.actions import figure_lines, versions_of, write_card
from trainee.service.fields import read
from trainee.service.stored import cards, forget
from trainee.service.views import CARD_FIELDS

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
    words=Text("", ""),
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


def test_a_card_past_its_date_is_told_beside_its_name_once_a_text(app):
    words = fill_cards("{{card:late}} {{card:late.share}} {{card:late}}", {"late": CARD}, "en", date(2027, 1, 1))
    assert words.count("past its date, ask first") == 1 and words.index("badge") < words.index("2.5")
    assert "past its date, ask first" in fill_cards("{{card:late.share}}", {"late": CARD}, "en", date(2027, 1, 1))
    assert "badge" not in fill_cards("{{card:late}}", {"late": CARD}, "en", date(2026, 12, 31))


def test_a_lesson_says_that_a_card_it_names_is_past_its_date(as_, cast):
    page = "/learn/after-sales/warranty-service-repair"
    db.session.execute(update(PolicyCard).values(review_by=date(2999, 1, 1)))
    db.session.commit()
    assert "past its date" not in as_(cast.amir).get(page).text
    db.session.execute(update(PolicyCard).values(review_by=date(2020, 1, 1)))
    db.session.commit()
    assert "past its date, ask first" in as_(cast.amir).get(page).text


def test_a_card_is_stale_the_day_after_its_review():
    assert not CARD.stale(date(2026, 12, 31))
    assert CARD.stale(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("source", "tr", "en"),
    [
        ("Kanun m.5 / Law art. 5", "Kanun m.5", "Law art. 5"),
        ("6502 sayılı Kanun m.11", "6502 sayılı Kanun m.11", "6502 sayılı Kanun m.11"),
        ("a / b / c", "a / b / c", "a / b / c"),
    ],
)
def test_a_source_in_two_languages_is_told_in_the_readers(source, tr, en):
    card = replace(CARD, source=source)
    assert (card.source_in("tr"), card.source_in("en")) == (tr, en)


def test_all_cards_are_listed_with_a_total(as_, cast):
    html = as_(cast.amir).get("/cards").get_data(as_text=True)
    assert f"{len(service.cards())} cards" in html
    assert 'href="/cards/late-delivery"' in html


@pytest.mark.parametrize("words", ["TESLİMAT", "teslımat geciken", "late delivery"])
def test_a_card_is_found_by_any_spelling(as_, cast, words):
    html = as_(cast.amir).get(f"/cards?q={words}").get_data(as_text=True)
    assert 'href="/cards/late-delivery"' in html
    assert 'href="/cards/greeting-standard"' not in html


@pytest.mark.parametrize("words", ["kvkk", "6698", "İNSAN KAYNAKLARI 6698", "hizmet standardimiz kvkk"])
def test_a_card_is_found_by_the_law_it_rests_on_and_by_who_keeps_it(as_, cast, words):
    html = as_(cast.amir).get(f"/cards?q={words}").get_data(as_text=True)
    assert 'href="/cards/staff-monitoring"' in html
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


FORM = {
    "title_tr": "Hediye paketi",
    "title_en": "Gift wrapping",
    "owner_tr": "Mağaza müdürü",
    "owner_en": "Shop manager",
    "valid_from": "2026-01-01",
    "review_by": "2999-12-31",
    "body_tr": "**Ücretsizdir.**",
    "body_en": "It is **free**. <script>alert(1)</script>",
    "figures": "minutes = 2,5 | dakika | minutes\nlimit = 3",
    "source": "House rule",
    "legal_review": "no",
    "gives_right": "no",
    "number": "0",
}


def test_a_card_says_whether_it_gives_the_customer_a_right(as_, cast):
    trainer = as_(cast.ferit)
    assert trainer.post("/cards/new", data={**FORM, "gives_right": "yes"}).status_code == 303
    assert cards()["gift-wrapping"].gives_right and not cards()["phone-standard"].gives_right
    assert '<option value="yes" selected>Yes: a complaint may be put right by it' in trainer.get("/cards/gift-wrapping/change").text


def test_a_trainer_writes_a_card_and_its_next_version_and_all_stay_to_be_read(as_, cast):
    trainer, amir = as_(cast.ferit), as_(cast.amir)
    assert trainer.post("/cards/new", data=FORM).location.endswith("/cards/gift-wrapping")
    shown = amir.get("/cards/gift-wrapping").text
    assert "<strong>free</strong>" in shown and "<script>alert" not in shown and "Write a new version" not in shown
    assert "There is a card of that title already" in trainer.post("/cards/new", data=FORM).text
    assert fill_cards("{{card:gift-wrapping.minutes}}", service.cards(), "tr") == "2,5\u00a0dakika"
    assert "minutes = 2.5 | dakika | minutes\nlimit = 3" in trainer.get("/cards/gift-wrapping/change").text
    again = {**FORM, "number": "1", "body_en": "It costs nothing."}
    assert trainer.post("/cards/gift-wrapping/change", data=again).status_code == 303
    late = trainer.post("/cards/gift-wrapping/change", data={**again, "body_en": "Late."})
    assert late.status_code == 409 and "Here now stands: “" in late.text and ">Late.</textarea>" in late.text
    assert "It costs nothing." in amir.get("/cards/gift-wrapping").text
    assert "<strong>free</strong>" in amir.get("/cards/gift-wrapping/versions/1").text
    assert "Version 2" in amir.get("/cards/gift-wrapping/versions").text and amir.get("/cards/gift-wrapping/versions/3").status_code == 404
    assert amir.post("/cards/gift-wrapping/change", data=again).status_code == 403


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"review_by": "2025-12-31"}, "lies before the day from which it holds"),
        ({"figures": "limit = a lot"}, "Line 1 has no number"),
        ({"figures": "limit = 1 | gün"}, "Line 1 is no figure"),
        ({"figures": "a = 1\na = 2"}, "Line 2 is no figure"),
        ({"title_en": "???"}, "a title of a few words"),
        ({"valid_from": "2998-01-01"}, "nothing stands in its place until then"),
        ({"body_en": ""}, "Please fill this in."),
    ],
)
def test_what_is_wrong_with_a_written_card_is_told(as_, cast, change, says):
    answer = as_(cast.ela).post("/cards/new", data={**FORM, **change})
    assert answer.status_code == 422 and says in answer.text


def test_a_figure_that_lessons_may_use_cannot_be_left_out(as_, cast):
    form = {**FORM, "number": "1", "figures": "limit = 3"}
    assert "so they have to stay: " in as_(cast.ela).post("/cards/late-delivery/change", data=form).text


def test_the_house_text_stands_over_the_file_until_somebody_takes_the_file_again(as_, cast, at):
    wanted = service.read_cards(CONTENT / "service" / "cards", Findings())
    ela, key = as_(cast.ela), "greeting-standard"
    figures = "answer_seconds = 15\nnotice_seconds = 10\nchat_first_reply_seconds = 45"
    ela.post(f"/cards/{key}/change", data={**FORM, "number": "1", "figures": figures})
    # The files come again as they were, and then with another text.
    service.load_cards(wanted, at)
    assert service.cards()[key].figures["answer_seconds"].value == 15
    changed = replace(wanted[key], title=Text("Yeni", "Anew"))
    service.load_cards({**wanted, key: changed}, at)
    db.session.commit()
    assert service.cards()[key].title.en == "Gift wrapping" and "The content brought another text" in ela.get(f"/cards/{key}").text
    assert "The content brought" not in as_(cast.amir).get(f"/cards/{key}").text
    ela.post(f"/cards/{key}/file")
    assert service.cards()[key].title.en == "Anew" and service.cards()[key].origin == "file"
    # A card that was taken out of use here is not brought back by its file.
    ela.post(f"/cards/{key}/retirement")
    service.load_cards(wanted, at)
    assert service.cards()[key].retired


def test_a_version_for_a_later_day_holds_from_that_day_on(app, cast, at):
    values, _wrong = read(CARD_FIELDS, {**FORM, "valid_from": "2026-04-01", "figures": "refund_days = 20"})
    today = {"day": at.date(), "at": at, "by_id": cast.ela}
    figures = dict(service.cards()["late-delivery"].figures)
    values["figures"] = figure_lines(figures | {"refund_days": Figure(20)})
    write_card("late-delivery", values, number=1, **today)
    for day, holds in ((date(2026, 3, 31), 14), (date(2026, 4, 1), 20)):
        forget()
        g.day_of_reading = day
        assert service.cards()["late-delivery"].figures["refund_days"].value == holds
        forget()
        assert service.cards_in("{{card:late-delivery}}")["late-delivery"].figures["refund_days"].value == holds
    # What is written after that day follows it.
    values["figures"] = figure_lines(figures | {"refund_days": Figure(25)})
    write_card("late-delivery", values | {"valid_from": "2026-04-10"}, number=2, day=date(2026, 4, 10), at=at, by_id=cast.ela)
    assert db.session.get_one(PolicyCard, "late-delivery").number == 3
    assert [row.coming for row in versions_of("late-delivery")] == [False, False, False]


def test_there_is_no_card_that_is_not(as_, cast):
    assert as_(cast.amir).get("/cards/nothing").status_code == 404


def test_a_card_that_leaves_the_content_is_retired_and_can_still_be_read(as_, cast, at):
    wanted = service.read_cards(CONTENT / "service" / "cards", Findings())
    service.load_cards({key: card for key, card in wanted.items() if key != "withdrawal"}, at)
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


def test_a_manager_finds_on_today_what_was_to_be_looked_at_again(as_, cast):
    assert "To be looked at again" not in as_(cast.amir).get("/").text
    db.session.execute(update(PolicyCard).values(review_by=date(2099, 1, 1)))
    db.session.commit()
    assert "To be looked at again" not in as_(cast.chloe).get("/").text
    row = db.session.execute(select(PolicyCard.key, PolicyCard.title_en).order_by(PolicyCard.key)).first()
    db.session.execute(update(PolicyCard).where(PolicyCard.key == row.key).values(review_by=date(2020, 1, 1)))
    db.session.commit()
    shown = as_(cast.chloe).get("/").text
    assert "To be looked at again" in shown and row.title_en in unescape(shown)
    assert "To be looked at again" not in as_(cast.amir).get("/").text
