"""Single questions that were missed: on one's own pages with the lesson, on the person's for her supervisors, and on the team's."""

import re
from datetime import timedelta

import pytest

from trainee import plans, profile
from trainee.dashboards.missed import stem, team_missed
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.i18n import date_words, force_locale
from trainee.modules.progress import part_done
from trainee.people import actions as people


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.fixture
def asked(app):
    """Let people have answered questions of the greeting quiz: who missed which, so many days ago."""

    def ask(persons, wrong, ago: float = 5, source: str = "quiz_answer") -> None:
        at = now() - timedelta(days=ago)
        for person in persons:
            rows = [
                profile.Showing(
                    person, one.skill, source, float(one.id not in wrong), f"greeting/quiz/{one.id}", at, f"{source}/{person}/{one.id}/{ago}"
                )
                for one in questions()
            ]
            profile.record(rows, at)
        db.session.commit()

    return ask


def questions():
    return plans.training().modules["greeting"].quiz.questions


def first():
    """The first question of the quiz, its words and its lesson."""
    question = questions()[0]
    with force_locale("en"):
        return question.id, stem(question), plans.training().modules["greeting"].lesson(question.lesson)


def plain(html: str) -> str:
    return html.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")


def test_ones_own_page_names_the_question_and_opens_its_lesson(as_, cast, asked):
    number, words, lesson = first()
    asked([cast.amir], {number})
    html = plain(page(as_(cast.amir), "/skills"))
    part = html[html.index('id="missed"') :]
    assert words in part and lesson.title.of("en") in part
    assert f'href="/learn/greeting/{lesson.key}"' in part
    assert "Assign" not in part[: part.index("</section>")]


def test_it_is_gone_when_it_was_answered_right(as_, cast, asked):
    number, words, _lesson = first()
    asked([cast.amir], {number})
    asked([cast.amir], set(), ago=1, source="spaced_review")
    assert "Missed, and not put right yet" not in page(as_(cast.amir), "/skills")
    assert words not in plain(page(as_(cast.chloe), f"/people/{cast.amir}"))


def test_why_shows_the_questions_of_its_skill_only(as_, cast, asked):
    number, words, _lesson = first()
    asked([cast.amir], {number})
    skill = questions()[0].skill
    assert words in plain(page(as_(cast.amir), f"/skills/{skill}"))
    assert words in plain(page(as_(cast.chloe), f"/people/{cast.amir}/skills/{skill}"))
    other = next(key for key in profile.levels(cast.amir, now()) if key != skill)
    assert words not in plain(page(as_(cast.amir), f"/skills/{other}"))


def test_a_supervisor_assigns_it_with_the_reason_written(as_, cast, asked):
    number, words, lesson = first()
    asked([cast.amir], {number})
    browser = as_(cast.chloe)
    html = plain(page(browser, f"/people/{cast.amir}"))
    assert words in html
    address = f"/people/{cast.amir}/assignments/new?module=greeting&lesson={lesson.key}"
    assert f'href="{address}"' in html
    form = page(browser, address)
    assert re.findall(r'<option value="([^"]+)" selected>', form) == ["module/greeting"]
    assert f"A question of the lesson “{lesson.title.of('en')}” was missed." in plain(form)
    assert "was missed." not in page(browser, f"/people/{cast.amir}/assignments/new?module=greeting&lesson=none-such")


def test_a_lesson_read_since_is_said_so(as_, cast, asked):
    number, _words, lesson = first()
    asked([cast.amir], {number})
    assert "The lesson tells it." in page(as_(cast.amir), "/skills")
    part_done(cast.amir, "greeting", f"lesson/{lesson.key}", now())
    db.session.commit()
    assert "The lesson was read since; the reviews will ask again." in page(as_(cast.amir), "/skills")


@pytest.fixture
def team(cast, person):
    """Eight more who report to Chloe, beside Amir and Beth."""
    more = [people.add_person(username=f"more{n}", name=f"Person {n}", job="adviser", at=now(), roles=("employee",)) for n in range(8)]
    for one in more:
        people.supervise(one, person(cast.chloe), now())
    db.session.commit()
    return [cast.amir, cast.beth, *(one.id for one in more)]


def test_what_many_missed_stands_on_the_team_page_until_it_is_mended(as_, cast, asked, team):
    number, words, lesson = first()
    asked(team[:6], {number})
    asked(team[6:], set())
    browser = as_(cast.chloe)
    html = plain(page(browser, "/team"))
    part = html[html.index('id="missed"') :]
    assert words in part and lesson.title.of("en") in part
    assert "6 of 10 missed it since" in part
    assert "they missed 0%" in part
    assert "Nobody has put it right yet" in part
    assert part.count("assignments/new?module=greeting") == 6
    asked(team[:4], set(), ago=1)
    part = page(browser, "/team")
    assert "Put right since by 4 of 6." in part
    assert part.count("assignments/new?module=greeting") == 2
    asked(team[4:6], set(), ago=1)
    part = page(browser, "/team")
    assert "Put right since by 6 of 6." in part
    assert "Who has not put it right yet" not in part


def test_what_the_whole_company_misses_at_once_and_answered_well_before_is_said_to_be_of_the_process(as_, cast, asked, team):
    number, _words, _lesson = first()
    asked(team, set(), ago=60)
    asked(team, {number}, ago=3)
    part = plain(page(as_(cast.chloe), "/team"))
    part = part[part.index('id="missed"') :]
    assert "Talk about the process before the person: 10 of 10 in the whole company missed it" in part
    assert "Before then it was answered well" in part
    assert "To look at together" in part
    skill = questions()[0].skill
    assert part.count(f"/skills/{skill}?line=knowledge#evidence") == 10


def test_what_one_team_alone_misses_is_not_of_the_process(as_, cast, asked, team):
    number, _words, _lesson = first()
    others = [people.add_person(username=f"other{n}", name=f"Other {n}", job="adviser", at=now(), roles=("employee",)) for n in range(40)]
    db.session.commit()
    others = [one.id for one in others]
    asked([*team, *others], set(), ago=60)
    asked(team, {number}, ago=3)
    asked(others, set(), ago=3)
    part = page(as_(cast.chloe), "/team")
    part = part[part.index('id="missed"') :]
    assert "before the person" not in part
    assert "The answers behind it" in part


def test_two_of_ten_are_nobodys_concern_but_their_own(as_, cast, asked, team):
    asked(team[:2], {first()[0]})
    asked(team[2:], set())
    assert "What the team misses" not in page(as_(cast.chloe), "/team")


def test_another_teams_supervisor_reads_no_name_of_it(as_, cast, asked, team):
    asked(team, {first()[0]})
    html = page(as_(cast.dev), "/team")
    assert "Person 1" not in html and "Amir Kaya" not in html


def test_a_question_that_is_asked_no_more_is_left_out(app, cast, asked, team):
    at = now()
    rows = [profile.Showing(one, "empathy", "quiz_answer", 0.0, "greeting/quiz/gone", at, f"quiz_answer/{one}/gone") for one in team]
    asked(team, set())
    profile.record(rows, at)
    assert [one.item for one in profile.missed_by_many(team, at)] == ["greeting/quiz/gone"]
    assert team_missed(dict.fromkeys(team, ""), plans.training(), at) == []
    assert plans.placed("late-washing-machine/s1", plans.training()) is None


def test_in_turkish_too(as_, cast, asked, team):
    asked(team[:6], {first()[0]})
    asked(team[6:], set())
    browser = as_(cast.chloe)
    assert browser.post("/language", data={"language": "tr", "next": "/team"}).status_code == 303
    html = page(browser, "/team")
    assert "Ekipte yanlış yanıtlananlar" in html
    assert "sorulan 10 kişiden 6 kişi yanlış yanıtladı" in html


def test_no_question_is_cut_in_the_middle_of_a_word_and_none_shows_a_placeholder(app):
    with force_locale("en"):
        for module in plans.training().modules.values():
            for question in module.quiz.questions:
                words = stem(question)
                assert len(words) <= 170
                assert "{{" not in words


def test_what_was_missed_in_the_night_has_the_readers_date(as_, cast, asked, team):
    number, _words, _lesson = first()
    # Half past one in the night in Istanbul, some days ago.
    night = (now() - timedelta(days=4)).replace(hour=22, minute=30)
    asked(team[:6], {number}, ago=(now() - night) / timedelta(days=1))
    asked(team[6:], set())
    with force_locale("en"):
        day = date_words(night.date() + timedelta(days=1))
    assert f"Missed on {day}." in page(as_(cast.amir), "/skills")
    assert f"missed it since {day}." in page(as_(cast.chloe), "/team")
