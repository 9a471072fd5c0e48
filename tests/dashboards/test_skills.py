"""My skills, and why: levels with their certainty, gaps with what to do, and rows that add up."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import render_template_string

from trainee import evidence, profile, skills
from trainee.dashboards.person import first_words, picture
from trainee.dashboards.standing import lines, place, standing
from trainee.dashboards.why import SIZE
from trainee.expectations import Target
from trainee.kit.clock import end_of_day, now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.profile import Figure, Level
from trainee.profile.policy import threshold


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.mark.parametrize("url", ["/skills", "/skills/empathy"])
def test_a_stranger_is_sent_to_sign_in(as_, url):
    response = as_(None).get(url)
    assert response.status_code == 302
    assert "/sign-in" in response.location


def test_where_nothing_is_known_it_says_so_and_what_would_help(as_, cast):
    html = page(as_(cast.zoe), "/skills")
    assert "There is not enough evidence yet to say anything." in html
    assert 'class="meter-at"' not in html
    assert re.search(r'<a href="/roleplays/[^"]+/">Play “', html)


def test_a_skill_with_evidence_has_level_band_target_and_why(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.8, 14)
    html = page(as_(cast.amir), "/skills")
    assert "meter-band" in html
    assert "Expected: Proficient" in html
    assert 'href="/skills/empathy">Why?' in html


def test_a_gap_says_what_kind_it_is_and_offers_the_fitting_step(as_, cast, shows):
    shows(cast.amir, "empathy", "quiz_answer", 0.95, 14, ago=30)
    shows(cast.amir, "empathy", "roleplay_choice", 0.1, 14)
    html = page(as_(cast.amir), "/skills")
    gap = html[html.index('id="gaps"') : html.index('id="skills"')]
    assert "To practise" in gap
    assert "known, and to be practised" in gap
    assert "/roleplays/" in gap


def test_a_good_skill_is_no_gap(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.95, 14)
    assert 'id="gaps"' not in page(as_(cast.amir), "/skills")


def test_one_step_that_closes_several_gaps_has_its_button_once(app):
    step = {
        "title": "Two at once",
        "sentence": "It trains both.",
        "minutes": 12,
        "expected": "",
        "url": "/roleplays/two/",
        "what": "",
        "opens_with": "",
        "ask_url": "",
    }
    shared = {
        "kind": "practice",
        "diagnosis": "To practise",
        "steps": [step],
        **dict.fromkeys(("rows", "tried", "shared", "sentence", "sure", "rests_on", "target", "course"), ""),
    }
    gaps = [{**shared, "skill": skill, "name": name} for skill, name in (("empathy", "Empathy"), ("greeting", "Greeting"))]
    with app.test_request_context():
        told = {"gaps": gaps, "assign_url": None, "may_lead": False, "first_is_primary": True, "outer_first": "empathy", "why_url": lambda skill: "#"}
        html = render_template_string('{% from "ui/actions.html" import link_button %}{% include "dashboards/_gaps.html" %}', **told)
    assert html.count('href="/roleplays/two/"') == 1
    assert "“Two at once”, as under Empathy, closes this gap too." in html


def test_there_is_one_primary_button_however_many_gaps(as_, cast, shows):
    for skill in ("empathy", "greeting", "reliability"):
        shows(cast.amir, skill, "roleplay_choice", 0.1, 14)
    html = page(as_(cast.amir), "/skills")
    assert html.count('class="card gap') == 3
    assert html.count("button-primary") == 1


def test_one_sees_nobody_elses(as_, cast, shows):
    shows(cast.beth, "empathy", "roleplay_choice", 0.8, 14)
    assert 'class="meter-at"' not in page(as_(cast.amir), "/skills")


def test_there_is_no_page_for_a_skill_there_is_not(as_, cast):
    assert as_(cast.amir).get("/skills/juggling").status_code == 404


def test_without_evidence_the_page_says_what_the_first_row_would_be(as_, cast):
    html = page(as_(cast.zoe), "/skills/empathy")
    assert "No evidence yet" in html
    assert "Four lines, never one score" in html
    assert "The first level" in html


def test_every_row_says_what_happened_when_by_whom_and_what_it_moved(as_, cast, shows):
    shows(cast.amir, "empathy", "observation_line", 0.25, 4, by=cast.chloe)
    shows(cast.amir, "empathy", "roleplay_choice", 0.9, 3, ago=10)
    html = page(as_(cast.amir), "/skills/empathy")
    assert html.count('<li class="piece">') == 7
    assert html.count("Was observed at work: 25% of the points.") == 4
    assert "Chloe Irmak" in html
    assert "The washing machine that did not come" in html
    assert "It adds up" in html


def test_rows_are_paged_newest_first_and_none_is_lost(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.6, 2 * SIZE + 3)
    browser = as_(cast.amir)
    pages = [page(browser, f"/skills/empathy?page={number}").count('<li class="piece">') for number in (1, 2, 3)]
    assert pages == [SIZE, SIZE, 3]
    assert page(browser, "/skills/empathy?page=99").count('<li class="piece">') == 3
    assert page(browser, "/skills/empathy?page=two").count('<li class="piece">') == SIZE


def test_what_was_taken_back_is_shown_with_its_reason_and_does_not_count(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.9, 4)
    row = evidence.of_skill(cast.amir, "empathy")[0]
    profile.retract(row["id"], reason="Scored in the wrong line.", at=now(), actor_id=cast.chloe)
    db.session.commit()
    html = page(as_(cast.amir), "/skills/empathy")
    assert html.count('<li class="piece">') == 3
    assert "Scored in the wrong line." in html


def test_what_one_says_of_oneself_is_shown_and_not_counted(as_, cast, shows):
    shows(cast.amir, "empathy", "self_assessment", 1.0, 2)
    html = page(as_(cast.amir), "/skills/empathy")
    assert "Shown and not counted" in html
    assert '<li class="piece">' not in html


def test_the_meter_gives_each_level_the_same_width():
    assert [place(score) for score in (0.0, 0.45, 0.65, 0.85, 1.0)] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert 1.4 < place(0.55) < 1.6


def test_without_anything_seen_at_work_the_line_stays_short_of_the_highest_level(app, cast, shows, at):
    shows(cast.amir, "empathy", "roleplay_choice", 1.0, 40)
    with force_locale("en"):
        level = profile.levels(cast.amir, now())["empathy"]
        assert level.held_back
        shown = standing(level, Target(3, "experienced", None))
        assert shown.at is not None and shown.high is not None
        assert shown.at <= shown.high < 3.0
        assert "seen at work" in shown.note


def test_both_pages_take_the_same_statements_however_long_the_history(as_, cast, shows, counting):
    browser = as_(cast.amir)
    shows(cast.amir, "empathy", "observation_line", 0.4, 6, by=cast.chloe)
    for url in ("/skills", "/skills/empathy"):
        page(browser, url)
    counts = []
    for _round in range(2):
        for url in ("/skills", "/skills/empathy"):
            counting.clear()
            page(browser, url)
            counts.append(len(counting))
        for ago in (20, 80, 140):
            for skill in ("empathy", "greeting"):
                shows(cast.amir, skill, "roleplay_choice", 0.6, 20, ago=ago)
                shows(cast.amir, skill, "observation_line", 0.6, 10, ago=ago, by=cast.chloe)
    assert counts[:2] == counts[2:]
    assert counts[0] <= 8
    assert counts[1] <= 12


def test_every_skill_of_the_framework_has_its_page(as_, cast):
    browser = as_(cast.zoe)
    for skill in skills.framework().skills:
        page(browser, f"/skills/{skill.key}")


def test_the_first_words_count_as_the_gaps_do(as_, cast, shows):
    """A gap is below, what is clearly reached is well, and everything between is said not to be clear."""
    shows(cast.amir, "empathy", "quiz_answer", 0.95, 14, ago=30)
    shows(cast.amir, "empathy", "roleplay_choice", 0.1, 14)
    shows(cast.amir, "greeting", "observation_line", 1.0, 30, by=cast.chloe)
    with force_locale("en"):
        seen = picture(cast.amir, ["employee"], now(), "Europe/Istanbul")
        words = first_words(seen)
    below = sum(gap.diagnosis != "unknown" for gap in seen.gaps)
    assert below == 1
    assert "1 skill clearly where it is expected to be, 1 below" in words
    open_ones = int(re.search(r"(\d+) not clear yet", words).group(1))
    assert open_ones == len(seen.targets) - 2
    # What its level shows to be reached, and an expectation calls reached, is not called unclear.
    wanted = seen.targets["greeting"].level
    only = replace(seen, gaps=[], targets={"greeting": seen.targets["greeting"]})
    hardly = Level("greeting", Figure(20, threshold(wanted) + 0.05, 0.2, now()), {}, now())
    with force_locale("en"):
        assert hardly.level == wanted
        told = first_words(replace(only, levels={"greeting": hardly}))
    assert told == "0 skills clearly where they are expected to be, 1 likely there."
    assert seen.levels["greeting"].figure.reaches(seen.targets["greeting"].level) >= 0.75


def test_a_gap_says_how_sure_it_is_and_leads_to_the_rows_it_rests_on(as_, cast, shows):
    shows(cast.amir, "empathy", "quiz_answer", 0.95, 14, ago=30)
    shows(cast.amir, "empathy", "roleplay_choice", 0.1, 14)
    html = page(as_(cast.amir), "/skills")
    assert "We are nearly certain that this is below what is expected." in html
    assert 'href="/skills/empathy?line=practice#evidence">Rests on 14 pieces of evidence.' in html
    why_page = page(as_(cast.amir), "/skills/empathy")
    assert "We are nearly certain that this is below what is expected." in why_page
    assert re.search(r"has a probability of 9\d%", why_page)


def column(html: str) -> tuple[int, list[int], int]:
    """What a Why page prints: where it began, every amount in its column, and what it says that makes."""
    section = html[html.index('id="evidence"') :]
    cells = re.findall(r'<span class="piece-moved[^"]*">(?:<span[^>]*>[^<]*</span>)?([^<]+)</span>', section)
    amounts = [int(cell.replace("−", "-").replace("±", "")) for cell in cells]
    made = re.search(r"and that makes (\d+)\.", section)
    assert made is not None
    return amounts[-1], amounts[:-1], int(made.group(1))


@pytest.mark.parametrize("line", ["", "knowledge", "practice", "observed", "customers"])
def test_what_every_page_prints_adds_up_to_what_it_shows(as_, cast, shows, line):
    """A long history on several skills, with waits of days and months in which each day moves less than half a point."""
    for ago, score in ((300, 0.2), (200, 0.9), (150, 0.4), (60, 0.95), (20, 0.7), (3, 0.8)):
        for source in ("quiz_answer", "roleplay_choice", "observation_line", "customer_rating"):
            shows(cast.amir, "empathy", source, score, 5, ago=ago)
            shows(cast.amir, "greeting", source, 1 - score, 4, ago=ago + 1)
    level = profile.levels(cast.amir, now())["empathy"]
    figure = level.lines[line] if line else level.figure
    browser = as_(cast.amir)
    pages = [page(browser, f"/skills/empathy?line={line}&page={number}") for number in range(1, 4)]
    assert 'rel="next"' in pages[0]
    for html in pages:
        start, amounts, made = column(html)
        assert start + sum(amounts) == made == int(figure.expected * 100 + 0.5)
    # The sum in words is of all the rows, and the rows of all pages are what it says: nothing is lost between pages.
    said = re.search(r"we began at (\d+), the rows moved it by (\S+), time between and since by (\S+), and", pages[0])
    assert said is not None
    start, gained, waiting = (int(one.replace("−", "-").replace("±", "")) for one in said.groups())
    assert start + gained + waiting == made
    assert waiting != 0


def test_who_does_not_lead_her_reads_no_customers_mark_while_too_few_answered(as_, cast, shows):
    shows(cast.amir, "empathy", "observation_line", 0.9, 4, ago=3)
    shows(cast.amir, "empathy", "customer_rating", 0.25, 4)
    where = [
        f"/people/{cast.amir}/skills/empathy{more}"
        for more in ("", "?line=customers", f"?on={now():%Y-%m-%d}", f"?on={now():%Y-%m-%d}&line=customers")
    ]
    where += [f"/people/{cast.amir}/timeline", f"/people/{cast.amir}", f"/people/{cast.amir}?on={now():%Y-%m-%d}"]
    rated = "A customer rated a visit: 25% of the points."

    for who in (cast.ela, cast.ada):
        pages = [page(as_(who), url) for url in where]
        for url, html in zip(where, pages, strict=True):
            assert "25%" not in html and "line=customers#" not in html, url
            assert "Told from 5 answers on." in html, url
        # The rows stand all the same, and so do those of others with what they moved.
        assert all(html.count("A customer rated a visit.") == 4 for html in pages[:5])
        assert "90% of the points" in pages[0] and pages[1].count('<li class="piece">') == 8
    # She herself and who leads her read them as ever.
    assert page(as_(cast.chloe), where[1]).count(rated) == page(as_(cast.amir), "/skills/empathy?line=customers").count(rated) == 4
    assert rated in page(as_(cast.chloe), where[4]) and "Told from" not in page(as_(cast.chloe), where[5])
    shows(cast.amir, "empathy", "customer_rating", 0.25, 1, ago=0.5)
    for url in (where[0], where[4], where[5]):
        html = page(as_(cast.ela), url)
        assert "Told from" not in html and rated in html, url


def test_a_gap_that_few_customers_made_is_told_to_her_and_who_leads_her_alone(as_, cast, shows):
    shows(cast.amir, "empathy", "observation_line", 0.9, 4, ago=3)
    shows(cast.amir, "empathy", "customer_rating", 0.0, 4)
    for url in (f"/people/{cast.amir}", f"/people/{cast.amir}/skills/empathy"):
        assert "To look at together" in page(as_(cast.chloe), url)
        assert "To look at together" not in page(as_(cast.ela), url)
    shows(cast.amir, "empathy", "customer_rating", 0.0, 1, ago=0.5)
    assert "To look at together" in page(as_(cast.ela), f"/people/{cast.amir}/skills/empathy")


def test_a_line_has_its_own_rows_and_links_lead_to_them(as_, cast, shows):
    shows(cast.amir, "empathy", "quiz_answer", 0.9, 4, ago=20)
    shows(cast.amir, "empathy", "roleplay_choice", 0.2, 3)
    browser = as_(cast.amir)
    html = page(browser, "/skills/empathy")
    assert 'href="/skills/empathy?line=practice#evidence"' in html
    assert html.count('<li class="piece">') == 7
    practice = page(browser, "/skills/empathy?line=practice")
    assert practice.count('<li class="piece">') == 3
    assert "Answered a quiz question" not in practice
    assert page(browser, "/skills/empathy?line=nonsense").count('<li class="piece">') == 7


def late(person: int, score: float, many: int, days: float, learned: float) -> list[profile.Recorded]:
    """So many observations that happened so long ago and were recorded later."""
    at = now()
    pieces = [
        profile.Showing(
            person, "empathy", "observation_line", score, "card/line", at - timedelta(days=days, hours=number), f"late/{days}/{number}", actor_id=None
        )
        for number in range(many)
    ]
    found = [profile.record([piece], at - timedelta(days=learned))[0] for piece in pieces]
    db.session.commit()
    return found


def test_what_was_known_on_a_past_day_is_what_had_been_recorded_by_then(as_, cast):
    """Four good ones known at once, six bad ones of the same weeks written down later, and one of the good ones taken back since."""
    good = late(cast.amir, 1.0, 4, 60, 60)
    late(cast.amir, 0.0, 6, 55, 10)
    assert good[0].evidence_id is not None
    profile.retract(good[0].evidence_id, reason="Somebody else.", at=now() - timedelta(days=5), actor_id=cast.chloe)
    db.session.commit()
    day = (now() - timedelta(days=30)).date()
    believed = profile.believed_on(cast.amir, end_of_day(day, "Europe/Istanbul"))["empathy"].figure
    browser = as_(cast.amir)
    html = page(browser, f"/skills/empathy?on={day}")
    assert html.count('<li class="piece">') == 4 == believed.n
    assert "Taken back" not in html
    start, amounts, made = column(html)
    assert start + sum(amounts) == made == int(believed.expected * 100 + 0.5)
    today = page(browser, "/skills/empathy")
    assert today.count('<li class="piece">') == 9
    assert column(today)[2] < made
    for who, url in ((cast.amir, "/skills"), (cast.chloe, f"/people/{cast.amir}")):
        html = page(as_(who), f"{url}?on={day}")
        assert "4 pieces of evidence" in html
        assert f"{'/skills/empathy' if url == '/skills' else url + '/skills/empathy'}?on={day}" in html
        assert "9 pieces of evidence" not in html
    assert page(as_(cast.chloe), f"/people/{cast.amir}/skills/empathy?on={day}").count('<li class="piece">') == 4


def test_the_months_of_a_past_day_are_drawn_as_they_were_known_then(as_, cast):
    """What was learned since of those months changes the chart of today and not that one."""
    late(cast.amir, 1.0, 6, 150, 150)
    late(cast.amir, 1.0, 4, 90, 90)
    late(cast.amir, 0.0, 12, 140, 10)
    day = (now() - timedelta(days=40)).date()
    then = end_of_day(day, "Europe/Istanbul")
    levels, months = profile.believed_course(cast.amir, then)
    course = months["empathy"]["all"]
    assert len(course) >= 3
    assert (course[-1].expected, course[-1].n) == (levels["empathy"].figure.expected, 10)
    assert (course[-1].year, course[-1].month) == (then.year, then.month)
    now_known = profile.histories([cast.amir], now())[cast.amir]["empathy"]
    same = next(one for one in now_known if (one.year, one.month) == (course[1].year, course[1].month))
    assert same.expected < course[1].expected - 0.2
    html = page(as_(cast.amir), f"/skills/empathy?on={day}")
    assert "Month by month" in html
    chart = html[html.index('id="months"') : html.index('id="anchors"')]
    assert chart.count("<tr>") == 1 + len([one for one in course if one.enough])


@pytest.mark.parametrize("typed", ["yesterday", "2026-02-30", "9999-12-31", "1.3.2026", "0001-01-01", "2999-01-01"])
@pytest.mark.parametrize("url", ["/skills", "/skills/empathy"])
def test_a_day_that_is_none_is_answered_with_a_sentence_and_kept(as_, cast, shows, typed, url):
    shows(cast.amir, "empathy", "roleplay_choice", 0.9, 4)
    html = page(as_(cast.amir), f"{url}?on={typed}")
    assert f'value="{typed}"' in html
    assert ("has not come yet" if typed in ("9999-12-31", "2999-01-01") else "That is not a day one can ask for") in html


def test_nobody_else_may_ask_what_was_known(as_, cast):
    assert as_(cast.dev).get(f"/people/{cast.amir}?on=2026-03-01").status_code == 404
    assert as_(None).get("/skills?on=2026-03-01").status_code == 302


def test_no_line_but_those_from_work_is_called_the_highest_level(app, cast, shows):
    for source in ("quiz_answer", "roleplay_choice", "observation_line"):
        shows(cast.amir, "empathy", source, 1.0, 60)
    with force_locale("en"):
        told = {line.key: line for line in lines(profile.levels(cast.amir, now())["empathy"])}
    for key in ("knowledge", "practice"):
        assert "Proficient" in told[key].words
        assert told[key].at is not None and told[key].high is not None
        assert told[key].at <= told[key].high < 3.0
    assert told["observed"].words.endswith("Role model")
