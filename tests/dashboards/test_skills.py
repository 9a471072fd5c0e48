"""My skills, and why: levels with their certainty, gaps with what to do, and rows that add up."""

import re

import pytest

from trainee import evidence, profile, skills
from trainee.dashboards.person import first_words, picture
from trainee.dashboards.standing import place, standing
from trainee.dashboards.why import SIZE, why
from trainee.expectations import Target
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale


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


@pytest.mark.parametrize("source", ["quiz_answer", "roleplay_choice", "observation_line", "customer_rating"])
def test_the_rows_add_up_to_the_figure_shown(app, cast, shows, source):
    shows(cast.amir, "empathy", source, 0.3, 9, ago=40)
    shows(cast.amir, "greeting", source, 0.9, 9, ago=3)
    with force_locale("en"):
        at = now()
        found = why(cast.amir, "empathy", picture(cast.amir, ["employee"], at, "Europe/Istanbul"), at, 1)
        assert found.sum.start + found.sum.gained + found.sum.waiting == found.sum.now
        shown = profile.levels(cast.amir, at)["empathy"].figure.expected
        assert found.sum.now == int(shown * 100 + 0.5)


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
    assert seen.levels["greeting"].figure.reaches(seen.targets["greeting"].level) >= 0.75


def test_a_gap_says_how_sure_it_is_and_leads_to_the_rows_it_rests_on(as_, cast, shows):
    shows(cast.amir, "empathy", "quiz_answer", 0.95, 14, ago=30)
    shows(cast.amir, "empathy", "roleplay_choice", 0.1, 14)
    html = page(as_(cast.amir), "/skills")
    assert "We are nearly certain of it." in html
    assert 'href="/skills/empathy?line=practice#evidence">Rests on 14 pieces of evidence.' in html
    why_page = page(as_(cast.amir), "/skills/empathy")
    assert "We are nearly certain of it." in why_page
    assert re.search(r"has a probability of 9\d%", why_page)
