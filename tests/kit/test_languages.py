"""Which language a reader gets, and numbers and moments as she writes them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import g
from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.i18n import LANGUAGES, _, _l, _n, ago, date_words, force_locale, language, moment_words, number, percent
from trainee.people.models import Person

SUMMER = datetime(2026, 8, 3, 21, 30, tzinfo=UTC)


def read_in(page) -> str:
    """The language a page says it is written in; its words must agree."""
    said = "tr" if '<html lang="tr"' in page.text else "en"
    assert ("Ana içeriğe" in page.text or "İçeriğe" in page.text) == (said == "tr")
    assert ("Skip to the content" in page.text) == (said == "en")
    return said


@pytest.mark.parametrize(
    ("lang", "value", "digits", "said"),
    [
        ("tr", 1234.5, 1, "1.234,5"),
        ("en", 1234.5, 1, "1,234.5"),
        ("tr", 1234567, 0, "1.234.567"),
        ("en", 0, 0, "0"),
        ("tr", -12.25, 2, "−12,25"),
        ("en", -0.04, 1, "0.0"),
        ("en", 3.14159, 2, "3.14"),
    ],
)
def test_a_number_is_written_as_the_reader_writes_it(app, lang, value, digits, said):
    with force_locale(lang):
        assert number(value, digits) == said


@pytest.mark.parametrize(
    ("value", "turkish", "english"),
    [(0.34, "%34", "34%"), (0, "%0", "0%"), (1, "%100", "100%"), (0.005, "%1", "1%"), (0.125, "%13", "13%"), (-0.034, "−%3", "−3%")],
)
def test_a_share_is_written_with_the_sign_before_in_turkish_and_after_in_english(app, value, turkish, english):
    with force_locale("tr"):
        assert percent(value) == turkish
    with force_locale("en"):
        assert percent(value) == english


def test_a_moment_is_said_in_the_readers_language_and_in_her_zone(app):
    for lang, zone, said in (
        ("tr", "Europe/Istanbul", "4 Ağu 2026 00:30"),
        ("en", "Europe/Istanbul", "4 Aug 2026 00:30"),
        ("en", "Europe/Berlin", "3 Aug 2026 23:30"),
        ("tr", "America/New_York", "3 Ağu 2026 17:30"),
    ):
        with app.app_context(), app.test_request_context():
            g.language, g.time_zone = lang, zone
            assert moment_words(SUMMER) == said
            assert date_words(date(2026, 8, 3)) == ("3 Ağu 2026" if lang == "tr" else "3 Aug 2026")


def test_how_long_ago_it_was_is_said_in_words(app):
    with force_locale("tr"):
        assert ago(SUMMER - timedelta(days=3), SUMMER) == "3 gün önce"
        assert ago(SUMMER, SUMMER) == ago(SUMMER - timedelta(seconds=30), SUMMER) == "az önce"
    with force_locale("en"):
        assert ago(SUMMER - timedelta(days=3), SUMMER) == "3 days ago"
        assert ago(SUMMER, SUMMER) == ago(SUMMER + timedelta(seconds=3), SUMMER) == "just now"
        assert ago(SUMMER - timedelta(minutes=2), SUMMER) == "2 minutes ago"
        assert ago(SUMMER + timedelta(hours=2), SUMMER) == "in 2 hours"


def test_a_message_written_before_anybody_reads_is_said_in_each_readers_language(app):
    early = _l("Please sign in first.")
    with force_locale("en"):
        assert str(early) == "Please sign in first."
    with force_locale("tr"):
        assert str(early) == _("Please sign in first.") != "Please sign in first."


def test_one_and_many_are_told_apart(app):
    with force_locale("en"):
        assert _n("%(num)d minute", "%(num)d minutes", 1) == "1 minute"
        assert _n("%(num)d minute", "%(num)d minutes", 5) == "5 minutes"


def test_a_forced_language_ends_with_its_block_even_when_the_block_fails(app):
    def fail_in_turkish() -> None:
        with force_locale("tr"):
            assert language() == "tr"
            raise ZeroDivisionError

    with app.app_context():
        g.language = "en"
        with pytest.raises(ZeroDivisionError):
            fail_in_turkish()
        assert language() == "en"


def test_the_persons_own_language_comes_before_everything_else(app, cast, as_, person):
    person(cast.amir).language = "tr"
    db.session.commit()
    client = as_(cast.amir)
    with client.session_transaction() as session:
        session["language"] = "en"
    assert read_in(client.get("/me", headers={"Accept-Language": "en"})) == "tr"


def test_what_a_stranger_chose_comes_before_what_her_browser_offers(app):
    client = app.test_client()
    assert client.post("/language", data={"language": "tr", "next": "/sign-in"}).status_code == 303
    assert read_in(client.get("/sign-in", headers={"Accept-Language": "en"})) == "tr"


@pytest.mark.parametrize(
    ("offered", "read"),
    [
        ("tr", "tr"),
        ("en", "en"),
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("en-GB,en;q=0.9,tr;q=0.5", "en"),
        ("de,tr;q=0.5", "tr"),
        ("fr;q=1, en;q=0.1", "en"),
    ],
)
def test_a_browser_is_answered_in_the_language_it_would_rather_have(app, offered, read):
    assert read_in(app.test_client().get("/sign-in", headers={"Accept-Language": offered})) == read


@pytest.mark.parametrize("standard", sorted(LANGUAGES))
@pytest.mark.parametrize("offered", [None, "de", "xx-invalid;q=zero", "*;q=0"])
def test_who_offers_nothing_we_speak_gets_the_installations_language(app, monkeypatch, standard, offered):
    monkeypatch.setitem(app.extensions, "trainee", replace(app.extensions["trainee"], default_language=standard))
    headers = {} if offered is None else {"Accept-Language": offered}
    assert read_in(app.test_client().get("/sign-in", headers=headers)) == standard


@pytest.mark.parametrize("unknown", ["de", "", "TR", "tr-TR", "../en", "t" * 5000])
def test_a_language_we_do_not_speak_is_refused_and_nothing_changes(app, cast, as_, unknown):
    stranger = app.test_client()
    refused = stranger.post("/language", data={"language": unknown, "next": "/"}, headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "Choose Turkish or English." in refused.text
    assert read_in(stranger.get("/sign-in", headers={"Accept-Language": "en"})) == "en"
    assert as_(cast.amir).post("/language", data={"language": unknown}).status_code == 422
    form = {"name": "Amir Kaya", "language": unknown, "time_zone": "Europe/Istanbul"}
    assert as_(cast.amir).post("/me/profile", data=form).status_code == 422
    assert db.session.scalar(select(Person.language).where(Person.id == cast.amir)) == "en"


def test_a_language_chosen_on_any_page_stays_with_the_person_on_her_next_device(app, cast, as_):
    as_(cast.amir).post("/language", data={"language": "tr", "next": "/me"})
    assert read_in(as_(cast.amir).get("/me", headers={"Accept-Language": "en"})) == "tr"


def test_a_session_that_holds_an_unknown_language_is_passed_over(app):
    client = app.test_client()
    with client.session_transaction() as session:
        session["language"] = "klingon"
    assert read_in(client.get("/sign-in", headers={"Accept-Language": "tr"})) == "tr"
