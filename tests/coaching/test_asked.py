"""Somebody asks to be seen at work: whoever leads her is told, and it is met by what is seen."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from tests.notices.conftest import tell
from trainee import notices
from trainee.coaching import Line, observe
from trainee.coaching.observations import PlannedObservation
from trainee.coaching.observations.planned import ASKED
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import date_words, force_locale
from trainee.notices.models import NOTICE, NoticeRule
from trainee.notices.queries import said
from trainee.people import Person

BUTTON, ADDRESS = "Ask to be seen", "/skills/empathy/observations"


@pytest.fixture
def until(cast):
    """By which day of Amir's what he asks for now is to be seen."""
    return local_date(now(), "Europe/Istanbul") + ASKED


def planned():
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(select(*(getattr(PlannedObservation, name) for name in ("person_id", "skill_key", "due_on"))))]


def seen(cast, when):
    made = observe(
        observer_id=cast.hana, person_id=cast.amir, seen_at=when, channel="phone", lines=[Line("empathy", 3)], shared="", receipt="seen", at=when
    )
    db.session.commit()
    return made


def test_one_press_asks_once_and_says_until_when(as_, cast, until):
    amir = as_(cast.amir)
    assert BUTTON in amir.get("/skills/empathy").text
    for _time in range(2):
        assert amir.post(ADDRESS).status_code == 303
    assert planned() == [(cast.amir, "empathy", until)]
    page = amir.get("/skills/empathy").text
    with force_locale("en"):
        day = date_words(until)
    assert BUTTON not in page and f"To be seen at work by {day}." in page
    assert (
        f"You have asked Chloe Irmak to see Empathy at work by {day}. It stands on Team at once; the message comes within Chloe Irmak's hours."
        in unescape(page)
    )
    assert BUTTON in amir.get("/skills/greeting").text
    # Another asks for herself.
    assert BUTTON in as_(cast.beth).get("/skills/empathy").text


def test_whoever_leads_her_finds_it_where_she_looks_until_it_was_seen(as_, cast, until):
    chloe = as_(cast.chloe)
    assert "Asks to be seen" not in chloe.get("/team").text
    as_(cast.amir).post(ADDRESS)
    team = chloe.get("/team").text
    assert "Asks to be seen" in team and "Empathy: to be seen at work by " in team
    assert f'href="/people/{cast.amir}/observations/new?skill=empathy"' in team
    assert "asked for, by " in chloe.get("/observations?show=by-me").text
    assert "Asked for by " in chloe.get(f"/people/{cast.amir}/observations/new").text
    assert "Asks to be seen" not in as_(cast.dev).get("/team").text
    seen(cast, now() + timedelta(minutes=1))
    assert "Asks to be seen" not in chloe.get("/team").text
    assert "asked for, by " not in chloe.get("/observations?show=by-me").text
    # What was seen may be asked for again, on the same day too.
    as_(cast.amir).post(ADDRESS)
    assert len(planned()) == 2


def test_the_nearest_who_leads_her_is_told_once(as_, cast, at):
    db.session.add_all(NoticeRule(rule=kind.key, began_at=now() - timedelta(days=60)) for kind in notices.kinds)
    db.session.commit()
    as_(cast.amir).post(ADDRESS)
    for days in (1, 2):
        tell(now() + timedelta(days=days))
    rows = db.session.execute(select(NOTICE).where(NOTICE.c.rule == "observation_asked")).all()
    assert [(row.person_id, row.state) for row in rows] == [(cast.chloe, "sent")]
    with force_locale("en"):
        (told,) = said(rows, "Europe/Istanbul")
        assert told.sentence.startswith("Amir Kaya asks you to see Empathy at work by ")


def test_where_nobody_leads_her_she_reads_what_to_do(as_, cast):
    answer = as_(cast.zoe).post(ADDRESS)
    assert answer.status_code == 409 and "Nobody leads you here yet" in answer.text
    assert planned() == []
    db.session.execute(update(Person).where(Person.id.in_([cast.chloe, cast.hana, cast.iris])).values(disabled_at=now()))
    db.session.commit()
    assert as_(cast.amir).post(ADDRESS).status_code == 409


@pytest.mark.parametrize("skill", ["nothing", "empathy'", "9" * 300])
def test_what_is_no_skill_is_not_found(as_, cast, skill):
    assert as_(cast.amir).post(f"/skills/{skill}/observations").status_code == 404
    assert planned() == []
