"""The team page: what each person needs, in a sentence, and who is good at what."""

from datetime import timedelta

import pytest

from trainee import plans
from trainee.dashboards import team
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.people import actions as people
from trainee.people.queries import Viewer, team_of


def page(client, url="/team") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_stranger_is_sent_to_sign_in(as_):
    response = as_(None).get("/team")
    assert response.status_code == 302
    assert "/sign-in" in response.location


def test_it_is_for_supervisors_and_others_are_told_so(as_, cast):
    for who in (cast.amir, cast.ela, cast.ferit, cast.max):
        response = as_(who).get("/team")
        assert response.status_code == 403
        assert "other roles" in response.get_data(as_text=True)


def test_a_supervisor_sees_her_line_and_nobody_beside_it(as_, cast):
    ours = page(as_(cast.chloe))
    assert "Amir Kaya" in ours and "Beth Öğüt" in ours
    assert "Gus Çelik" not in ours
    above = page(as_(cast.hana))
    assert "Chloe Irmak" in above and "Amir Kaya" in above
    assert "Gus Çelik" not in above


def test_who_has_no_line_yet_is_told_how_that_changes(as_, cast, person):
    people.supervise(person(cast.gus), person(cast.chloe), now())
    db.session.commit()
    assert "Nobody reports to you yet" in page(as_(cast.dev))


def test_each_need_is_a_sentence_and_the_most_pressing_comes_first(as_, cast, shows):
    shows(cast.amir, "empathy", "observation_line", 0.9, 12, by=cast.chloe)
    plans.assign(
        cast.beth, "greeting", at=now() - timedelta(days=9), given_by_id=cast.chloe, why="Please.",
        due_on=local_date(now(), "Europe/Istanbul") - timedelta(days=2),
    )  # fmt: skip
    db.session.commit()
    html = page(as_(cast.chloe))
    assert "“Greeting” is 2 days late." in html
    assert html.index("Beth Öğüt") < html.index("Amir Kaya")


def test_the_largest_gap_is_said_with_its_diagnosis(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.95, 14, ago=20)
    shows(cast.amir, "empathy", "observation_line", 0.0, 10, by=cast.chloe)
    assert "it works in practice and not yet at work" in page(as_(cast.chloe))


@pytest.mark.parametrize(("ago", "words"), [(45, "Nothing for 45 days."), (29, None)])
def test_who_was_not_seen_for_thirty_days_is_named(as_, cast, shows, ago, words):
    shows(cast.amir, "empathy", "roleplay_choice", 0.9, 12, ago=ago)
    html = page(as_(cast.chloe))
    assert words in html if words else "Nothing for" not in html


def test_it_is_searched_whatever_the_dots_and_accents(as_, cast):
    browser = as_(cast.chloe)
    found = page(browser, "/team?q=ogut")
    assert "Beth Öğüt" in found and "Amir Kaya" not in found
    assert "1 person" in found
    assert "Nobody fits that search" in page(browser, "/team?q=nobody")


def test_only_who_needs_me_can_be_shown(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.95, 14)
    html = page(as_(cast.chloe), "/team?show=needs")
    assert "Beth Öğüt" in html
    assert f'href="/people/{cast.amir}"' not in html


def test_the_map_is_a_table_that_can_be_read_aloud(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.9, 14)
    html = page(as_(cast.chloe))
    table = html[html.index("<table") : html.index("</table>")]
    assert "<caption" in table
    assert table.count('scope="row"') == 2
    assert "Proficient" in table
    assert "Not enough evidence yet" in table


def test_three_hundred_people_take_as_many_statements_as_two(app, as_, cast, person, shows, counting):
    browser = as_(cast.chloe)
    shows(cast.amir, "empathy", "roleplay_choice", 0.6, 6)
    page(browser)
    counting.clear()
    page(browser)
    few = len(counting)
    chloe = person(cast.chloe)
    for number in range(298):
        new = people.add_person(username=f"more{number}", name=f"Person {number}", job="adviser", at=now(), roles=("employee",))
        people.supervise(new, chloe, now())
        if number % 30 == 0:
            plans.assign(new.id, "greeting", at=now(), given_by_id=cast.chloe, why="Welcome.")
    db.session.commit()
    counting.clear()
    html = page(browser)
    assert "300 people" in html
    assert "Page 1 of 6" in html
    assert len(counting) == few <= 14


def test_the_order_does_not_depend_on_the_readers_page(app, cast, at):
    who = Viewer(cast.chloe, "Chloe", "chloe", frozenset({"supervisor"}), "en", "UTC", None, None, None, 0, "", at)
    with force_locale("en"):
        names = [one.name for one in team.members(who, team_of(who), now())]
    assert names == ["Amir Kaya", "Beth Öğüt"]


def test_a_page_of_fifty_stays_light(app, as_, cast, person):
    chloe = person(cast.chloe)
    for number in range(48):
        new = people.add_person(username=f"more{number}", name=f"Person {number}", job="adviser", at=now(), roles=("employee",))
        people.supervise(new, chloe, now())
    db.session.commit()
    assert len(page(as_(cast.chloe))) < 50 * 3500
