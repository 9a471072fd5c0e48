"""Walks: a dated score by area, a trend from three on, and a card for each welcome that was missing."""

from datetime import timedelta

import pytest
from markupsafe import escape
from sqlalchemy import update

from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.people import Person
from trainee.service import board, walks
from trainee.service.walks.checklist import GROUPS, checklist, score_of


def seen(at, days=0, **marks):
    return walks.Seen("shop", "Bursa", at.date() - timedelta(days=days), {name.replace("_", "-"): mark for name, mark in marks.items()})


@pytest.mark.parametrize("area", ["shop", "web", "phone"])
def test_every_area_looks_at_the_first_impression_the_welcome_order_and_the_brand(area):
    items = checklist()[area]
    assert {one.group for one in items} == set(GROUPS)
    assert any(one.welcome for one in items)
    assert len({one.key for one in items}) == len(items)


def test_the_score_is_the_share_of_what_applies():
    assert score_of({"a": 2, "b": 1, "c": 0}) == 0.5
    assert score_of({}) == 0.0


def test_three_walks_make_a_trend_and_two_a_change(app, at):
    for days, mark in ((60, 0), (30, 1), (0, 2)):
        walks.keep(seen(at, days, front=mark), receipt=f"w{days}", at=at, by_id=None)
        (place,) = walks.places(at.date())
        assert place.trend == ([0.0, 0.5, 1.0] if days == 0 else [])
    assert (place.latest.score, place.change) == (1.0, 0.5)


def test_a_missing_seat_opens_one_card_and_a_dusty_window_none(cast, at):
    made = walks.keep(seen(at, seat=0, front=0, badge=2), receipt="w", at=at, by_id=cast.chloe)
    assert walks.keep(seen(at, seat=0, front=0, badge=2), receipt="w", at=at, by_id=cast.chloe) == made
    (card,) = [row[0] for row in board.cards()["new"]]
    assert card.source == f"walk/{made}" and "elderly" in card.issue
    db.session.commit()


def test_a_supervisor_walks_and_everybody_reads_how_it_went(as_, cast):
    typed = {"place": "Bursa", "walked_on": "2026-03-10", "steps_to_human": "3", "receipt": "x"}
    typed |= {"mark-answer": "2", "mark-greeting": "0", "note-greeting": "No name."}
    answer = as_(cast.chloe).post("/walks/new/phone", data=typed)
    assert answer.status_code == 303
    page = as_(cast.amir).get(answer.location).text
    assert "50%" in page and "No name." in page
    assert "3 steps to a person" in as_(cast.amir).get("/walks").text
    assert as_(cast.amir).get("/walks/new/phone").status_code == 403
    assert as_(cast.chloe).post("/walks/new/phone", data={**typed, "walked_on": "2999-01-01"}).status_code == 422
    assert as_(cast.chloe).post("/walks/new/phone", data={"place": "x", "walked_on": "2026-03-10"}).status_code == 422


@pytest.mark.parametrize("written_in", ["tr", "en"])
def test_a_card_of_a_walk_stands_in_its_readers_language_until_somebody_writes_it_anew(as_, cast, at, written_in):
    with force_locale(written_in):
        walks.keep(walks.Seen("shop", "Çarşı", at.date(), {"seat": 0, "badge": 0}), receipt="w", at=at, by_id=cast.chloe)
    board.open_card("Kasada kuyruk", receipt="mine", at=at, by_id=cast.chloe)
    db.session.commit()
    first, second, _mine = (row[0] for row in board.cards()["new"])
    seat, badge = ({one.key: one.words for one in checklist()["shop"]}[key] for key in ("seat", "badge"))
    chloe = as_(cast.chloe)
    for lang, says in (("en", '<span lang="tr">Çarşı</span>: missing on the walk of'), ("tr", "Çarşı, ")):
        reads(cast.chloe, lang)
        for page in (chloe.get("/improvements").text, chloe.get(f"/improvements/{first.id}").text):
            assert says in page and escape(seat.of(lang)) in page, lang
        typed = chloe.get(f"/improvements/{first.id}/change").text
        assert "Çarşı" in typed and f"{escape(seat.of(lang))}</textarea>" in typed
    # Saved as it stands it is the same in both; what somebody writes anew is hers.
    filled = {"issue": f"Çarşı: {badge.en}", "revision": "0"}
    assert chloe.post(f"/improvements/{second.id}/change", data=filled).status_code == 303
    reads(cast.chloe, "tr")
    assert f"Çarşı: {escape(badge.en)}" in chloe.get(f"/improvements/{second.id}").text
    assert list(walks.missing_of([board.Improvement(id=9, receipt=f"walk/{10**17}/seat", issue="x"), second])) == []


def reads(person_id, lang):
    db.session.execute(update(Person).where(Person.id == person_id).values(language=lang))
    db.session.commit()
