"""The team page: what each person needs, in a sentence, and who is good at what."""

import re
from datetime import timedelta

import pytest

from trainee import expectations, plans
from trainee.dashboards.line import line_of
from trainee.expectations import Scope, Terms
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.modules.quizzes.actions import begin, hand_in
from trainee.people import Team
from trainee.people import actions as people
from trainee.people.queries import Viewer
from trainee.skills import framework


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
    html = page(as_(cast.chloe), "/team/skills")
    table = html[html.index("<table") : html.index("</table>")]
    assert "<caption" in table
    assert table.count('scope="row"') == 2
    assert "Proficient" in table
    assert "Not enough evidence yet" in table


def test_three_hundred_people_stand_on_one_page_and_take_as_many_statements_as_two(app, as_, cast, person, shows, counting):
    browser, most = as_(cast.chloe), {"/team": 20, "/team/skills": 19}
    shows(cast.amir, "empathy", "roleplay_choice", 0.6, 6)

    def statements(url):
        # The other page keeps what it has worked out of everybody; this one is to pay for it itself.
        for name in ("line", "sections", "pages"):
            app.extensions.pop(f"trainee.kept.dashboards.{name}", None)
        counting.clear()
        html = page(browser, url)
        return len(counting), html

    # That she looked is noted once a day, at the first look.
    for url in ("/", *most):
        browser.get(url)
    few = {url: statements(url)[0] for url in most}
    chloe = person(cast.chloe)
    for number in range(298):
        new = people.add_person(username=f"more{number}", name=f"Person {number}", job="adviser", at=now(), roles=("employee",))
        people.supervise(new, chloe, now())
        if number % 30 == 0:
            plans.assign(new.id, "greeting", at=now(), given_by_id=cast.chloe, why="Welcome.")
    db.session.commit()
    for url in most:
        many, html = statements(url)
        assert many == few[url] <= most[url], url
        assert "300 people" in html and "Page 1 of" not in html
        assert len(set(re.findall(r'href="/people/\d+"', html))) == 300
        # The most pressing of them stand unfolded.
        assert ("And 250 more people" in html) == (url == "/team")


@pytest.mark.parametrize("url", ["/team", "/team/skills"])
def test_where_nothing_has_changed_the_line_takes_one_statement(as_, cast, shows, counting, url):
    shows(cast.amir, "empathy", "roleplay_choice", 0.6, 6)
    browser = as_(cast.chloe)
    first = page(browser, url)
    counting.clear()
    assert page(browser, url) == first
    # Who is it, and her line with what tells that nothing has changed.
    assert len(counting) == 2


def changes(cast, person):
    """Everything a row of the page rests on, each with what is then to be read."""
    late = local_date(now(), "Europe/Istanbul") - timedelta(days=4)
    return {
        "evidence": (lambda shows: shows(cast.amir, "empathy", "observation_line", 0.0, 12, by=cast.chloe), "Empathy"),
        "an assignment": (
            lambda _shows: plans.assign(cast.amir, "greeting", at=now(), given_by_id=cast.chloe, why="Please.", due_on=late),
            "“Greeting” is 4 days late.",
        ),
        "a name": (lambda _shows: setattr(person(cast.amir), "name", "Amir Yeni"), "Amir Yeni"),
    }


@pytest.mark.parametrize("what", ["evidence", "an assignment", "a name"])
def test_what_has_changed_is_seen_at_once(as_, cast, person, shows, what):
    browser = as_(cast.chloe)
    change, words = changes(cast, person)[what]
    assert words not in page(browser)
    change(shows)
    db.session.commit()
    assert words in page(browser)


@pytest.fixture
def member(app, cast, at):
    """What Chloe's line says of somebody."""

    def read(person_id: int):
        who = Viewer(cast.chloe, "Chloe", "chloe", frozenset({"supervisor"}), "en", "Europe/Istanbul", None, None, None, 0, "", at)
        with app.test_request_context("/"), force_locale("en"):
            (found,) = [one for one in line_of(who, now()).members if one.id == person_id]
        return found

    return read


def test_that_somebody_is_new_here_is_seen_at_once(cast, person, member, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.45, 30)
    assert member(cast.amir).cells["empathy"].diagnosis == "practice"
    person(cast.amir).hired_on = local_date(now(), "Europe/Istanbul")
    db.session.commit()
    # Less is expected of who is new.
    assert member(cast.amir).cells["empathy"].diagnosis == ""


def test_that_somebody_leads_or_no_longer_leads_is_seen_at_once(cast, person, member):
    assert not any(framework().skill(key).family == "lead" for key in member(cast.amir).cells)
    people.set_roles(person(cast.amir), ("employee", "trainer"), now(), cast.ada)
    db.session.commit()
    before = member(cast.amir).cells
    people.set_roles(person(cast.amir), ("employee", "supervisor"), now(), cast.ada)
    db.session.commit()
    assert {key for key in member(cast.amir).cells if framework().skill(key).family == "lead"} - set(before)


def test_who_leads_a_team_is_seen_at_once(cast, person, member, shows):
    shows(cast.amir, "empathy", "observation_line", 0.7, 14, by=cast.dev)
    asked = {"why": "Fair.", "ways": ("observation",), "rhythm": "weekly", "audience": "nobody"}
    terms = Terms(skill="empathy", level=4, starts_on=local_date(now(), "Europe/Istanbul"), **asked)
    expectations.issue(Scope("team", person(cast.amir).team_id), terms, by_id=cast.chloe, at=now())
    db.session.commit()
    assert member(cast.amir).cells["empathy"].diagnosis == "transfer"
    # What is expected of a team is not expected of who leads it.
    people.lead(db.session.get(Team, person(cast.amir).team_id), person(cast.amir))
    db.session.commit()
    assert member(cast.amir).cells["empathy"].diagnosis == ""


def test_an_excuse_and_a_new_expectation_are_seen_at_once(as_, cast, shows):
    browser = as_(cast.chloe)
    late = local_date(now(), "Europe/Istanbul") - timedelta(days=4)
    one = plans.assign(cast.amir, "greeting", at=now() - timedelta(days=20), given_by_id=cast.chloe, why="Please.", due_on=late)
    shows(cast.amir, "empathy", "observation_line", 0.7, 14, by=cast.dev)
    assert "4 days late" in page(browser)
    plans.excuse(one, "On leave.", now(), cast.chloe)
    db.session.commit()
    html = page(browser)
    assert "4 days late" not in html and "coaching beside the work" not in html
    today = local_date(now(), "Europe/Istanbul")
    terms = Terms(skill="empathy", level=4, starts_on=today, why="Peer coach.", ways=("observation",), rhythm="weekly", audience="nobody")
    expectations.issue(Scope("person", cast.amir), terms, by_id=cast.chloe, at=now())
    db.session.commit()
    assert "coaching beside the work" in page(browser)


def test_a_quiz_that_was_tried_three_times_in_vain_is_named(as_, cast):
    for number in (1, 2, 3):
        attempt = begin(cast.amir, "greeting", now())
        hand_in(attempt.id, cast.amir, now())
        db.session.commit()
        assert ("tries at the quiz" in page(as_(cast.chloe))) == (number == 3)
    assert "3 tries at the quiz “Greeting”, none passed yet." in page(as_(cast.chloe), "/team?show=stuck")


def test_what_has_risen_to_where_it_is_expected_is_worth_praise(as_, cast, shows):
    shows(cast.amir, "empathy", "observation_line", 0.2, 8, ago=100, by=cast.chloe)
    shows(cast.amir, "empathy", "observation_line", 1.0, 30, ago=1, by=cast.chloe)
    html = page(as_(cast.chloe), "/team?show=praise")
    assert "Empathy has risen to “" in html
    # Praising is the next tap, and not a page that says why.
    assert f'href="/people/{cast.amir}/praise/new"' in html or f'href="/people/{cast.amir}/praise"' in html
    assert "Amir Kaya" in html and "Beth Öğüt" not in html


def test_the_map_is_narrowed_by_skill_family_quality_and_kind_of_gap(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.95, 14, ago=20)
    shows(cast.amir, "empathy", "observation_line", 0.0, 10, by=cast.chloe)
    browser = as_(cast.chloe)

    def columns(query):
        html = page(browser, f"/team/skills?{query}")
        return html.count('class="map-skill"'), "Amir Kaya" in html, "Beth Öğüt" in html

    everything = columns("")
    assert everything[0] > 5 and everything[1:] == (True, True)
    assert columns("skill=empathy") == (1, True, True)
    family, quality = framework().skill("empathy").family, framework().skill("empathy").quality
    assert columns(f"family={family}")[0] == len([one for one in framework().skills if one.family == family])
    assert 0 < columns(f"quality={quality}")[0] < everything[0]
    assert columns("gap=transfer")[1:] == (True, False)
    assert columns("gap=transfer&skill=empathy") == (1, True, False)
    assert "Nobody fits that search" in page(browser, "/team/skills?gap=impact")


def test_the_map_says_where_a_skill_goes(as_, cast, shows):
    shows(cast.amir, "empathy", "observation_line", 0.9, 20, ago=100, by=cast.chloe)
    shows(cast.amir, "empathy", "observation_line", 0.1, 20, ago=1, by=cast.chloe)
    html = page(as_(cast.chloe), "/team/skills?skill=empathy")
    cell = html[html.index("<td", html.index('scope="row"')) :]
    assert "falling" in cell[: cell.index("</td>")]
    assert re.match(r'<td class="[^"]*\bfalling"', cell)


def test_the_order_does_not_depend_on_the_readers_page(app, cast, at):
    who = Viewer(cast.chloe, "Chloe", "chloe", frozenset({"supervisor"}), "en", "UTC", None, None, None, 0, "", at)
    with app.test_request_context("/"), force_locale("en"):
        names = [one.name for one in line_of(who, now()).members]
    assert names == ["Amir Kaya", "Beth Öğüt"]


def test_the_line_is_another_when_the_day_turns_where_somebody_lives(app, cast, person, at):
    person(cast.amir).time_zone = "Pacific/Auckland"
    db.session.commit()
    who = Viewer(cast.chloe, "Chloe", "chloe", frozenset({"supervisor"}), "en", "UTC", None, None, None, 0, "", at)
    # Midnight in Auckland is noon in the reader's zone, in June.
    noon = at.replace(month=6, day=15, hour=12, minute=0, second=0)
    with app.test_request_context("/"), force_locale("en"):
        before, again, after = (line_of(who, noon + timedelta(minutes=minutes)).stamp for minutes in (-20, -10, 10))
    assert before == again != after


@pytest.mark.parametrize("url", ["/team", "/team/skills"])
def test_what_is_kept_of_one_search_is_not_shown_for_another(as_, cast, url):
    browser = as_(cast.chloe)
    for words, there in (("", (True, True)), ("amir", (True, False)), ("ogut", (False, True)), ("amir", (True, False)), ("", (True, True))):
        html = page(browser, f"{url}?q={words}")
        assert (f'href="/people/{cast.amir}"' in html, f'href="/people/{cast.beth}"' in html) == there


def test_a_page_of_fifty_stays_light(app, as_, cast, person):
    chloe = person(cast.chloe)
    for number in range(48):
        new = people.add_person(username=f"more{number}", name=f"Person {number}", job="adviser", at=now(), roles=("employee",))
        people.supervise(new, chloe, now())
    db.session.commit()
    browser = as_(cast.chloe)
    assert len(page(browser)) < 50 * 1500
    assert len(page(browser, "/team/skills")) < 50 * 2000


def test_how_a_team_came_along_stands_on_a_page_of_its_own_beside_the_map(as_, cast):
    browser = as_(cast.chloe)
    assert 'href="/team/months"' in page(browser, "/team/skills")
    assert "Two months are needed" in page(browser, "/team/months")
    assert as_(cast.amir).get("/team/months").status_code == 403


def test_who_leads_leaders_finds_her_own_people_before_those_further_below(as_, cast, shows):
    plans.assign(
        cast.beth, "greeting", at=now() - timedelta(days=9), given_by_id=cast.chloe, why="Please.",
        due_on=local_date(now(), "Europe/Istanbul") - timedelta(days=2),
    )  # fmt: skip
    db.session.commit()
    html = page(as_(cast.hana))
    order = [html.index(words) for words in ('id="own"', "Chloe Irmak", 'id="further"', "Beth Öğüt")]
    assert order == sorted(order)
    assert re.search(r"1 person could use you just now, the most pressing first\.\s+Further below, 2 people could use somebody\.", html)
    whole = page(as_(cast.hana), "/team/skills")
    table = whole[whole.index("<table") :]
    assert table.index("Chloe Irmak") < table.index("Further below") < table.index("Amir Kaya")
    # Of whom all report to the reader nothing of the kind is said.
    assert "Further below" not in page(as_(cast.chloe)) + page(as_(cast.chloe), "/team/skills")
