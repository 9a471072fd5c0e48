"""By what the company knows a satisfied customer stands in its service model, and every page of such a figure goes by it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.house.world import service_words
from trainee import voice
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.people import Team
from trainee.service import model
from trainee.service.model.queries import forget
from trainee.voice import arithmetic

BOTH = {"tr": "Nöbetçi yönetici", "en": "Duty manager"}
POINT = {"name": BOTH, "stage": "arrive", "channel": "shop", "owner": BOTH, "quality": "empathy", "score": 3, "priority": "high"}


def stated(cast, measure: str, threshold: int) -> None:
    """The company's service model says that a customer is satisfied from there on."""
    model.write({**service_words(), "measure": measure, "threshold": threshold}, revision=0, at=now(), by_id=cast.ela)
    model.publish([POINT], at=now(), by_id=cast.ela)
    db.session.commit()
    forget()


def answered(cast, question: str, *values: int, of: tuple[int, ...] = ()) -> None:
    """Customers answered that yesterday, of Amir or of these in turn."""
    when, of = now() - timedelta(days=1), of or (cast.amir,)
    told = [voice.Answer(of[one % len(of)], when, question, value, "crm", f"{question}{one}", "") for one, value in enumerate(values)]
    voice.take_ratings(told, now())
    db.session.commit()


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_share_is_counted_from_an_answer_on():
    found = arithmetic.at_least({7: 30, 5: 30, 4: 20, 1: 20}, 5)
    assert (found.value, found.n) == (60, 100)
    # Wilson's interval of 60 of 100, as published tables have it.
    assert (round(found.low, 1), round(found.high, 1)) == (50.2, 69.1)
    assert arithmetic.at_least({}, 5).value is None


def test_who_found_it_easy_is_a_share_beside_the_mean_and_drawn_with_its_threshold(as_, cast):
    stated(cast, "ces", 70)
    answered(cast, "easy", *[6] * 57, *[2] * 3)
    max_ = as_(cast.max)
    page = max_.get("/customers?measure=ces").text
    told = words(page)
    assert "95% Found it easy 5, 6 or 7 of 7; very likely 86% to 98%" in told
    assert "Threshold of a satisfied customer, as “How we serve” says 70% · reached" in told
    assert page.count('class="curve-good"') == 1
    # The ends of the scale are written as the reader writes them, whoever read the page first.
    assert [page.count(f'aria-hidden="true">{end}</p>') for end in ("100%", "%100")] == [1, 0]
    max_.post("/language", data={"language": "tr"})
    turkish = max_.get("/customers?measure=ces").text
    assert [turkish.count(f'aria-hidden="true">{end}</p>') for end in ("100%", "%100")] == [0, 1]
    assert page.index("Found it easy, three months at a time") < page.index('class="curve-good"')


@pytest.mark.parametrize(("threshold", "says"), [(60, "reached"), (90, "not clear whether it is reached"), (99, "not reached")])
def test_the_interval_decides_whether_the_threshold_is_reached(as_, cast, threshold, says):
    stated(cast, "csat", threshold)
    answered(cast, "satisfied", *[5] * 50, *[2] * 10)
    assert f"Threshold of a satisfied customer, as “How we serve” says {threshold}% · {says}" in words(as_(cast.max).get("/customers").text)
    assert f"Good from {threshold}% on, as “How we serve” says: {says}." in words(as_(cast.max).get("/service/chain").text)


def test_the_chain_tells_ease_where_a_satisfied_customer_is_known_by_it(as_, cast):
    stated(cast, "ces", 70)
    answered(cast, "satisfied", *[5] * 20)
    answered(cast, "easy", *[6] * 57, *[2] * 3)
    told = words(as_(cast.max).get("/service/chain").text)
    assert "Found it easy: 95% (n = 60). Good from 70% on, as “How we serve” says: reached." in told
    assert told.count("Good from") == 1


def test_recommending_goes_by_it_too(as_, cast):
    stated(cast, "nps", 40)
    answered(cast, "recommend", *[10] * 60, *[0] * 3, of=(cast.amir, cast.beth))
    assert "Threshold of a satisfied customer, as “How we serve” says +40 · reached" in words(as_(cast.max).get("/customers?measure=nps").text)
    assert "Good from +40 on, as “How we serve” says: reached." in words(as_(cast.max).get("/service/chain").text)


def test_the_report_draws_it_and_without_a_service_model_nothing_is_drawn(as_, cast):
    answered(cast, "satisfied", *[5] * 30)
    assert "How we serve” says" not in words(as_(cast.max).get("/reports/customers").text)
    assert "Good from" not in words(as_(cast.max).get("/service/chain").text)
    stated(cast, "csat", 80)
    assert "Good from 80% on, as “How we serve” says." in words(as_(cast.max).get("/reports/customers").text)


@pytest.mark.parametrize("threshold", ["101", "-5", "eighty"])
def test_a_threshold_that_no_share_can_reach_is_refused_with_what_was_typed(as_, cast, threshold):
    sent = {"satisfied_tr": "Memnun.", "satisfied_en": "Happy.", "measure": "csat", "threshold": threshold, "revision": "0"}
    refused = as_(cast.ela).post("/service/draft/satisfied", data=sent)
    assert refused.status_code == 422 and "Please write a whole number from 0 to 100, without signs." in refused.text
    assert f'value="{threshold}"' in refused.text


def test_the_goals_and_a_persons_own_pages_say_from_where_on_it_is_good(as_, cast):
    stated(cast, "csat", 80)
    answered(cast, "satisfied", *[5] * 50, *[2] * 2)
    answered(cast, "listened", *[5] * 20)
    goal = {"title_tr": "Memnun", "title_en": "Content", "why_tr": "Onlar için.", "why_en": "For them.", "measure": "satisfied", "target": "97"}
    sent = {**goal, "due_on": (now() + timedelta(days=40)).date().isoformat(), "teams": [], "receipt": "r"}
    assert as_(cast.ela).post("/goals/new", data=sent).status_code == 303
    good = "Good from 80% on, as “How we serve” says: reached."
    ela = as_(cast.ela)
    assert [page for page in ("/goals", "/goals/1") if good not in words(ela.get(page, follow_redirects=True).text)] == []
    assert good in words(as_(cast.chloe).get("/team").text)
    for client, page in ((as_(cast.amir), "/my-ratings"), (as_(cast.chloe), f"/people/{cast.amir}/ratings")):
        told = words(client.get(page).text)
        assert "52 answers; very likely between 87% and 99%; good from 80% on, as “How we serve” says: reached" in told
        # Whether somebody listened is no measure that the company goes by.
        assert told.count("good from") == 1


def test_nobodys_nps_is_told_under_a_hundred_answers_on_any_page(as_, cast):
    stated(cast, "nps", 40)
    answered(cast, "recommend", *[10] * 80, *[0] * 19)
    pages = {"amir": ["/my-ratings", "/me", "/"], "chloe": [f"/people/{cast.amir}/ratings", f"/people/{cast.amir}", "/customers?measure=nps"]}
    goal = {"title_tr": "Tavsiye", "title_en": "Recommended", "why_tr": "Onlar için.", "why_en": "For them.", "measure": "recommend", "target": "90"}
    sent = {**goal, "due_on": (now() + timedelta(days=40)).date().isoformat(), "teams": [], "receipt": "r"}
    assert as_(cast.ela).post("/goals/new", data=sent).status_code == 303
    pages["ela"] = [
        "/goals",
        "/goals/1",
        "/",
        f"/people/{cast.amir}/ratings",
        "/customers?measure=nps&team=1",
        "/reports/customers",
        "/service/chain",
    ]
    # 80 of 99 less 19 of 99: +62, -8 to +77 about it.
    seen = {page: words(as_(getattr(cast, who)).get(page, follow_redirects=True).text) for who, several in pages.items() for page in several}
    assert [page for page, told in seen.items() if "+62" in told or "+61.6" in told or "81%" in told] == []
    assert "99 answers so far" in seen["/my-ratings"] and "99 answers; a figure from 100 on" in seen["/customers?measure=nps"]
    answered_more = voice.Answer(cast.amir, now() - timedelta(days=1), "recommend", 10, "crm", "hundredth", "")
    voice.take_ratings([answered_more], now())
    db.session.commit()
    mine = words(as_(cast.amir).get("/my-ratings").text)
    # From a hundred on it is the NPS with its own interval, 81 of 100 less 19, and not the share of those who promote.
    assert re.search(
        r"\+62 Would recommend 100 answers; very likely between \+4\d and \+7\d; good from \+40 on, as “How we serve” says: reached", mine
    )
    assert "+62" in words(as_(cast.chloe).get("/customers?measure=nps").text)


def test_what_a_team_of_several_is_recommended_by_is_told_from_few_answers_on(as_, cast):
    answered(cast, "recommend", *[10] * 8, *[0] * 2)
    when = now() - timedelta(days=1)
    voice.take_ratings([voice.Answer(cast.beth, when, "recommend", 10, "crm", f"b{one}", "") for one in range(10)], now())
    db.session.commit()
    assert "+80" in words(as_(cast.chloe).get("/customers?measure=nps").text)


@pytest.mark.parametrize(("measure", "threshold", "told"), [("csat", 80, "80%"), ("ces", 70, "70%"), ("nps", 40, "+40")])
def test_how_we_serve_tells_it_in_the_unit_of_its_measure(as_, cast, measure, threshold, told):
    stated(cast, measure, threshold)
    assert f"Good from {told}" in words(as_(cast.max).get("/service").text)
    assert f"Good from {told}" in words(as_(cast.max).get("/service/versions/1").text)


def test_a_measure_opens_on_the_first_own_team_with_answers_else_on_everybody(cast, as_):
    def opened(who=None):
        page = as_(who or cast.chloe).get("/customers?measure=ces").text
        return re.search(r'<option value="(\d+)" selected', page.split('name="team"')[1].split("</select>")[0])

    own = db.session.scalars(select(Team.id).where(Team.supervisor_id == cast.chloe)).all()
    before = now() - timedelta(days=200)
    voice.take_ratings([voice.Answer(cast.amir, before, "easy", 4, "crm", "long-ago")], now())
    db.session.commit()
    assert opened() is None
    answered(cast, "easy", 4)
    assert int(opened()[1]) in own
    assert opened(cast.max) is None
