"""The search finds what one may know of, in whatever spelling, and nothing else."""

import logging
import re
from html import unescape

import pytest

from tests.conftest import AT, CAST
from tests.house.permissions import HR, LINE
from trainee import plans
from trainee.dashboards import searching
from trainee.kit.db import db
from trainee.kit.seeking import words_of
from trainee.modules import library
from trainee.people import Person, ReportingLine
from trainee.people import actions as people
from trainee.people.queries import viewer_named
from trainee.plans.actions import assign
from trainee.service import PolicyCard, handbook


def page(client, query, **more):
    answer = client.get("/search", query_string={"q": query, **more})
    assert answer.status_code == 200
    return unescape(answer.text)


def names_in(html):
    return {username for username, (name, _roles) in CAST.items() if f">{name}</a>" in html}


@pytest.mark.parametrize("query", ["İPEK", "ipek", "ıpek", "IPEK", "hana ipek", "ipek hana", "ha ip"])
def test_hr_finds_somebody_in_every_spelling(as_, cast, query):
    assert "hana" in names_in(page(as_(cast.ela), query))


@pytest.mark.parametrize("query", ["ogut", "Öğüt", "ÖĞÜT", "beth OGUT"])
def test_accents_make_no_difference_in_names(as_, cast, query):
    assert names_in(page(as_(cast.ela), query)) == {"beth"}


def test_everybody_finds_exactly_the_people_she_may_know_of(as_, cast):
    """All by one word they share, their job; asked as every role and every relation."""
    everybody = set(CAST)
    expected = {
        "amir": {"amir"},
        "beth": {"beth"},
        "gus": {"gus"},
        "zoe": {"zoe"},
        "max": {"max"},
        "kai": {"kai"},
        "chloe": {"chloe", "amir", "beth"},
        "hana": {"hana", "chloe", "amir", "beth"},
        "iris": {"iris", "amir"},
        "dev": {"dev", "gus"},
        "ela": everybody,
        "ada": everybody,
        "ferit": everybody,
    }
    assert set(expected) == everybody
    for username, found in expected.items():
        assert names_in(page(as_(getattr(cast, username)), "adviser", **{"in": "people"})) == found, username


def test_each_may_do_what_she_may_do_and_no_more(as_, cast):
    """Every address that stands beside Amir opens for whoever reads it, and the deeds are those of her role."""
    deeds = {
        "observations/new": {*LINE, "ferit"},
        "assignments/new": {*LINE, *HR},
        "account": set(HR),
    }
    for username in CAST:
        client = as_(getattr(cast, username))
        html = page(client, "Amir Kaya")
        links = set(re.findall(r'href="(/[^"]*)"', html.split("<main", 1)[1].split("</main>", 1)[0]))
        mine = {link for link in links if f"/{cast.amir}" in link}
        for link in mine:
            assert client.get(link).status_code in {200, 303}, (username, link)
        for deed, may in deeds.items():
            assert any(link.endswith(f"/{deed}") for link in mine) == (username in may), (username, deed)


def test_a_closed_account_is_found_by_those_who_look_after_accounts_alone(as_, cast, person):
    person(cast.amir).disabled_at = AT
    db.session.commit()
    assert "amir" not in names_in(page(as_(cast.chloe), "amir"))
    assert "amir" not in names_in(page(as_(cast.ferit), "amir"))
    html = page(as_(cast.ela), "amir")
    assert "amir" in names_in(html) and "closed" in html and f"/people/{cast.amir}/assignments/new" not in html


def test_who_left_a_line_is_found_there_no_more(as_, cast):
    assert "amir" in names_in(page(as_(cast.chloe), "kaya"))
    db.session.query(ReportingLine).filter_by(person_id=cast.amir).update({"until": AT})
    db.session.commit()
    assert "amir" not in names_in(page(as_(cast.chloe), "kaya"))


def test_modules_lessons_skills_and_cards_stand_in_groups_with_what_was_met_marked(as_, cast):
    html = page(as_(cast.amir), "late deliv")
    assert 'href="/cards/late-delivery"' in html
    assert "<mark>Late</mark> <mark>deliv</mark>ery" in html
    html = page(as_(cast.amir), "empathy")
    assert 'href="/learn/empathy"' in html and 'href="/skills/empathy"' in html
    assert html.index(">Modules, lessons and role-plays</h2>") < html.index(">Skills</h2>")


@pytest.mark.parametrize(("query", "mark"), [("kvkk", "<mark>KVKK</mark>"), ("6698 kvkk", "<mark>6698</mark>"), ("hizmet standardimiz 6698", "6698")])
def test_a_card_is_found_by_the_law_it_rests_on_in_either_language(as_, cast, query, mark):
    html = page(as_(cast.ela), query)
    assert 'href="/cards/staff-monitoring"' in html and mark in html
    assert 'href="/cards/greeting-standard"' not in html


def test_who_is_named_so_comes_first_and_who_merely_works_as_that_comes_last(as_, cast, at):
    people.add_person(username="nur", name="Nur Ak", job="Empathy coach", at=at, roles=("employee",))
    db.session.commit()
    browser = as_(cast.ela)

    def order() -> list[str]:
        return re.findall(r'<section class="section" id="(\w+)"', page(browser, "empathy"))

    assert order()[-1] == "people" and len(order()) > 2
    people.add_person(username="empa", name="Empathy Ak", job="adviser", at=at, roles=("employee",))
    db.session.commit()
    assert order()[0] == "people"


def test_a_word_of_the_other_language_is_told(as_, cast):
    _version, module = library.module_or_404("greeting")
    html = page(as_(cast.amir), module.title.tr)
    assert f'href="/learn/{module.key}"' in html
    assert '<span lang="tr"><mark>' in html


def test_what_stands_in_the_handbook_is_found_until_it_is_taken_out(as_, cast, at):
    words = {"tr": "Süt ısıtıcısı değişimi", "en": "Milk frother swap"}
    position = {"level": "front", "greeting": "2", "needs": "2", "channel": "2", "skills": {"tr": "", "en": ""}}
    key = handbook.add("position", {"name": words, "duties": words, "service": words, **position}, at=at, by_id=cast.ela)
    db.session.commit()
    assert f"/service/book/position/{key}" in page(as_(cast.amir), "frother")
    handbook.retire(handbook.entries("position")[0], at=at, by_id=cast.ela)
    db.session.commit()
    assert f"/service/book/position/{key}" not in page(as_(cast.amir), "frother")


def test_no_answer_of_a_quiz_and_no_scene_of_a_role_play_is_found(as_, cast):
    _version, module = library.module_or_404("greeting")
    told = " ".join(thing.found_by.text for thing in searching.learning(viewer_named("ada"), "en"))
    assert module.quiz.questions and module.stories
    kept = [question.stem for question in module.quiz.questions]
    kept += [choice.say for story in module.stories for scene in story.scenes.values() for choice in getattr(scene, "choices", ())]
    assert len(kept) > len(module.quiz.questions)
    assert not [text.en for text in kept if searching.sought("", text.en).text.strip() in told]


def test_of_a_module_that_is_not_for_her_she_finds_nothing_unless_it_is_asked_of_her(as_, cast):
    other = next(one for one in library.catalogue_modules() if "employee" not in one.audience)
    address = f'href="/learn/{other.key}'
    assert address not in page(as_(cast.amir), other.title.en)
    assert address in page(as_(cast.ferit), other.title.en)
    assign(cast.amir, other.key, at=AT, given_by_id=cast.chloe, due_on=None, why="For the shift.")
    db.session.commit()
    assert address in page(as_(cast.amir), other.title.en)


def test_of_a_module_that_a_path_keeps_locked_its_lessons_are_not_found(as_, cast, monkeypatch):
    _version, module = library.module_or_404("greeting")
    lesson = module.lessons[0]
    address = f"/learn/greeting/{lesson.key}"
    assert address in page(as_(cast.amir), lesson.title.en)
    monkeypatch.setattr(plans, "locks", lambda _todo, _parts: {"greeting": object()})
    html = page(as_(cast.amir), lesson.title.en)
    assert address not in html
    assert 'href="/learn/greeting"' in page(as_(cast.amir), module.title.en)


def test_a_retired_card_is_found_no_more(as_, cast):
    assert 'href="/cards/late-delivery"' in page(as_(cast.amir), "late delivery")
    db.session.query(PolicyCard).filter_by(key="late-delivery").update({"retired": True})
    db.session.commit()
    assert 'href="/cards/late-delivery"' not in page(as_(cast.amir), "late delivery")


def test_a_group_shows_a_handful_and_leads_to_all_of_them_page_by_page(as_, cast):
    html = page(as_(cast.ela), "adviser")
    assert len(names_in(html)) == 5
    assert "All 13" in html and "/search?q=adviser&in=people" in html
    assert len(names_in(page(as_(cast.ela), "adviser", **{"in": "people"}))) == 13
    everything = page(as_(cast.ferit), "a", **{"in": "learning"})
    assert "Page 1 of" in everything and "page=2" in everything
    assert page(as_(cast.ferit), "a", **{"in": "learning", "page": 2}) != everything
    assert "Nothing fits" not in page(as_(cast.ferit), "a", **{"in": "learning", "page": 1})


def test_an_empty_search_says_what_can_be_done(as_, cast):
    assert "What are you looking for?" in page(as_(cast.amir), "")
    assert "What are you looking for?" in page(as_(cast.amir), " - ")
    html = page(as_(cast.amir), "qqqq <b>")
    assert "Nothing fits" in html and 'href="/learn"' in html
    assert "<b>" not in as_(cast.amir).get("/search?q=%3Cb%3E").text
    assert 'href="/people"' in page(as_(cast.ela), "qqqq") and 'href="/people"' not in page(as_(cast.amir), "qqqq")


def test_it_takes_the_same_number_of_statements_whatever_is_found(as_, cast, counting):
    for username in ("amir", "chloe", "ferit", "ela"):
        client = as_(getattr(cast, username))
        client.get("/search?q=a")
        seen = set()
        for query in ("a", "adviser", "empathy", "qqqq"):
            counting.clear()
            client.get("/search", query_string={"q": query})
            seen.add(len(counting))
        assert max(seen) <= 10 and len(seen) == 1, (username, seen)


def test_what_was_looked_for_is_in_no_log_and_told_to_no_other_site(as_, cast, caplog):
    caplog.set_level(logging.DEBUG)
    answer = as_(cast.ela).get("/search?q=Öğüt")
    assert "Beth Öğüt" in answer.text
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    lines = [str(vars(record)) for record in caplog.records]
    assert any("search.search" in line for line in lines)
    assert not any("Öğüt" in line or "%C3%96" in line for line in lines)


def test_every_page_of_somebody_signed_in_leads_to_it_and_a_strangers_does_not(as_, cast):
    assert 'action="/search"' in as_(cast.amir).get("/").text
    assert 'action="/search"' in as_(cast.amir).get("/nowhere").text
    assert 'action="/search"' not in as_(None).get("/sign-in").text


def test_of_many_thousand_people_a_page_reads_only_those_it_shows(app, cast, counting):
    """The names are gone through in one statement and only a handful is read whole."""
    ela = viewer_named("ela")
    one = db.session.get_one(Person, cast.amir)
    columns = {column.name: getattr(one, column.name) for column in Person.__table__.columns if column.name != "id"}
    many = [
        {**columns, "username": f"p{n}", "username_key": f"p{n}", "email": None, "email_key": None, "employee_no": None, "name": f"Işıl Yılmaz {n}"}
        for n in range(3000)
    ]
    db.session.execute(Person.__table__.insert(), many)
    db.session.commit()
    counting.clear()
    ids = searching.people(ela, words_of("isil 2999"))
    assert len(ids) == 1 and len(counting) == 1
    assert len(searching.people(ela, words_of("IŞIL"))) == 3000
