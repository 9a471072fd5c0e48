"""Today: what to do now, in order, and where one stands."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from tests.dashboards.conftest import moment
from tests.house.world import service_words
from trainee import plans, profile
from trainee.coaching import Line, Observation, acknowledge, dispute, observe
from trainee.coaching.sessions import CoachingSession, agree, arrange
from trainee.dashboards import today
from trainee.dashboards.queries import Between, Work
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import date_words, force_locale
from trainee.modules import library
from trainee.modules.lessons import actions as lessons
from trainee.modules.library import actions as publishing
from trainee.modules.progress import part_done, required_parts
from trainee.modules.questions import as_multi, kind_of
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.queries import questions_of
from trainee.modules.reviews import ReviewSet
from trainee.modules.reviews.drawing import ITEMS
from trainee.modules.roleplays import actions as roleplays
from trainee.people import Person
from trainee.people import actions as people
from trainee.people.queries import Viewer
from trainee.service import model


def page(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def primary(html: str) -> str:
    """Where the primary button leads; there is exactly one."""
    found = re.findall(r'<a class="button button-primary[^"]*" href="([^"]+)"', html)
    found += re.findall(r'<form method="post" action="([^"]+)"><input[^>]+><button class="button button-primary', html)
    assert len(found) == 1
    return found[0]


def give(person, by, days, module="greeting", why="You asked for it."):
    due = local_date(now(), "Europe/Istanbul") + timedelta(days=days)
    plans.assign(person, module, at=moment(20), given_by_id=by, why=why, due_on=due)
    db.session.commit()


def test_a_stranger_is_sent_to_sign_in(as_):
    response = as_(None).get("/")
    assert response.status_code == 302
    assert "/sign-in" in response.location


def test_the_next_step_is_the_lesson_that_tells_what_was_missed(as_, cast, shows):
    shows(cast.zoe, "greeting", "quiz_answer", 0.2, 12, ago=20)
    offered = plans.training()
    greeting = offered.modules["greeting"]
    # Without that miss it would be the first lesson on the skill.
    usual = next(part for part in offered.by_skill["greeting"] if part.kind == "lesson").part
    asked = [one for one in greeting.quiz.questions if one.lesson and one.skill == "greeting" and f"lesson/{one.lesson}" != usual]
    assert primary(page(as_(cast.zoe))) == f"/learn/greeting/{usual.removeprefix('lesson/')}"
    at = moment(2)
    profile.record([profile.Showing(cast.zoe, "greeting", "quiz_answer", 0.0, f"greeting/quiz/{asked[0].id}", at, "missed/1")], at)
    db.session.commit()
    html = page(as_(cast.zoe))
    assert primary(html) == f"/learn/greeting/{asked[0].lesson}"
    assert "A question it answers was missed on" in html


def test_who_is_new_finds_one_good_next_step_and_no_level(as_, cast):
    html = page(as_(cast.zoe))
    assert primary(html)
    assert "A good next step for Greeting and first impression" in html
    assert "not enough evidence yet" in html
    assert 'class="meter-at"' not in html


@pytest.mark.parametrize(("days", "words"), [(-2, "2 days late"), (-1, "1 day late"), (0, "due today"), (1, "due tomorrow"), (3, "due in 3 days")])
def test_a_due_date_is_said_in_words_and_the_reason_with_it(as_, cast, days, words):
    give(cast.amir, cast.chloe, days, why="Two customers waited without a word.")
    html = page(as_(cast.amir))
    assert words in html
    assert "Two customers waited without a word." in html
    assert primary(html) == "/learn/greeting/first-ten-seconds"


def test_the_most_urgent_assignment_comes_first(as_, cast):
    give(cast.amir, cast.chloe, 5, "empathy")
    give(cast.amir, cast.chloe, 1, "complaint-handling")
    give(cast.amir, cast.chloe, -1, "greeting")
    html = page(as_(cast.amir))
    assert html.index("1 day late") < html.index("due tomorrow") < html.index("due in 5 days")
    assert "/learn/greeting" in primary(html)


def test_what_was_left_in_the_middle_comes_before_everything(as_, cast):
    give(cast.amir, cast.chloe, -1, "empathy")
    run = roleplays.begin(cast.amir, "two-at-once", "begun", moment(0.1))
    db.session.commit()
    html = page(as_(cast.amir))
    assert primary(html) == f"/roleplay-runs/{run}#now"
    assert "1 day late" in html


def test_of_two_open_talks_of_one_role_play_the_one_touched_last_is_one_row(as_, cast):
    roleplays.begin(cast.amir, "two-at-once", "older", moment(0.3))
    newer = roleplays.begin(cast.amir, "two-at-once", "newer", moment(0.1))
    db.session.commit()
    html = page(as_(cast.amir))
    assert re.findall(r"/roleplay-runs/(\d+)#now", html) == [str(newer)]
    assert primary(html) == f"/roleplay-runs/{newer}#now"


def test_an_open_quiz_is_gone_on_with(as_, cast):
    attempt = quizzes.begin(cast.amir, "greeting", now())
    db.session.commit()
    assert primary(page(as_(cast.amir))).endswith(f"/{attempt.id}")


def titles(html: str) -> list[str]:
    """The tasks' titles, the first and those after it."""
    return re.findall(r'<h2 class="card-title">([^<]+)</h2>', html) + re.findall(r'<a class="row-title" href="[^"]+">([^<]+)</a>', html)


def test_an_open_quiz_and_the_assignment_of_its_module_are_told_apart(as_, cast):
    quizzes.begin(cast.amir, "greeting", now())
    give(cast.amir, cast.chloe, days=3)
    shown = titles(page(as_(cast.amir)))
    name = library.module_or_404("greeting")[1].title.en
    assert f"{name} · Your quiz is open" in shown
    assert f"{name} · Assigned to you" in shown
    assert name not in shown


def test_titles_that_differ_stay_as_they_are_and_one_place_is_offered_once(app):
    read, again = (today.Task("book-open", eyebrow, "Listening", "", "/learn/listening/one", "Begin", 5) for eyebrow in ("Assigned", "Once more"))
    other = replace(read, title="Greeting", url="/learn/greeting/one")
    assert today._told_apart([read, other, again]) == [read, other]


def test_a_lesson_opens_where_it_was_left_and_is_not_offered_twice(as_, cast):
    _version, module = library.module_or_404("greeting")
    lessons.keep_place(cast.amir, module, module.lessons[0], 4, moment(0.5))
    give(cast.amir, cast.chloe, 2)
    html = page(as_(cast.amir))
    assert primary(html) == f"/learn/greeting/{module.lessons[0].key}#p4"
    assert html.count(f"/learn/greeting/{module.lessons[0].key}") == 1


def test_what_was_left_months_ago_is_not_brought_up_again(as_, cast):
    run = roleplays.begin(cast.amir, "two-at-once", "long-ago", moment(90))
    db.session.commit()
    assert f"/roleplay-runs/{run}" not in page(as_(cast.amir))


def test_nobody_sees_what_another_left_or_was_given(as_, cast):
    give(cast.beth, cast.chloe, -1, why="A word for Beth alone.")
    assert "A word for Beth alone." not in page(as_(cast.amir))


def test_a_level_is_shown_with_its_band_and_its_target_and_never_as_a_bare_number(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.8, 14)
    html = page(as_(cast.amir))
    assert "meter-band" in html
    assert "Expected: Proficient" in html
    assert 'href="/skills/empathy"' in html
    assert not re.search(r"Level \d", html)


def test_three_skills_are_enough(as_, cast, shows):
    for skill in ("empathy", "greeting", "reliability", "needs-discovery"):
        shows(cast.amir, skill, "roleplay_choice", 0.8, 14)
    assert page(as_(cast.amir)).count("meter-picture") == today.SHOWN_METERS


def test_a_module_finished_this_week_is_news_and_next_month_it_is_not(as_, cast):
    for key, days in (("greeting", 3), ("empathy", 40)):
        _version, module = library.module_or_404(key)
        for part in required_parts(module):
            part_done(cast.amir, key, part, moment(days))
    db.session.commit()
    html = page(as_(cast.amir))
    done = html[html.index("Done lately") :]
    assert "Greeting" in done
    assert "Empathy" not in done


@pytest.mark.parametrize(
    ("hour", "zone", "words"),
    [(5, "UTC", "Good morning, Amir"), (12, "UTC", "Good afternoon, Amir"), (12, "Asia/Tokyo", "Good evening, Amir"), (1, "UTC", "Hello, Amir")],
)
def test_the_greeting_knows_the_hour_where_one_is(app, at, hour, zone, words):
    who = Viewer(1, "Amir Kaya", "amir", frozenset(), "en", zone, None, None, None, 0, "", at)
    with force_locale("en"):
        assert today.greeting(who, datetime(2026, 3, 11, hour, 0, tzinfo=UTC)) == words


@pytest.mark.parametrize("name", ["Sistem Yöneticisi", "SISTEM", "System administrator", "Yönetici"])
def test_an_account_that_is_called_after_its_work_is_greeted_without_a_name(app, at, name):
    who = Viewer(1, name, "admin", frozenset(), "en", "UTC", None, None, None, 0, "", at)
    with force_locale("en"):
        told = [today.greeting(who, datetime(2026, 3, 11, hour, 0, tzinfo=UTC)) for hour in (6, 13, 19, 1)]
    assert told == ["Good morning", "Good afternoon", "Good evening", "Hello"]


def test_how_we_attract_and_keep_customers_stands_on_today_as_soon_as_it_is_published(as_, cast, at):
    assert "How we keep customers" not in as_(cast.max).get("/").text
    words = service_words() | {"keep": {"tr": "Ararız. " * 60, "en": "We call you. " * 60}}
    model.write(words, revision=0, at=at, by_id=cast.ela)
    model.publish([{"stage": "arrive"}], at=at, by_id=cast.ela)
    db.session.commit()
    for who in (cast.amir, cast.max):
        shown = as_(who).get("/").text
        assert "How we keep customers" in shown and "We come on the day we named." in shown and "We call you. We call …" in shown


def test_it_takes_five_statements_however_long_the_history(as_, cast, shows, counting):
    def live_through(times, since):
        for round_ in range(times):
            ago = since + round_
            shows(cast.amir, "empathy", "roleplay_choice", 0.7, 3, ago=ago)
            shows(cast.amir, "greeting", "quiz_answer", 0.7, 3, ago=ago + 0.3)
            roleplays.begin(cast.amir, "two-at-once", f"run-{since}-{round_}", moment(ago))
            plans.assign(cast.amir, "greeting", at=moment(ago), given_by_id=cast.chloe, why="Again.", accepts_earlier=True)
            part_done(cast.amir, "greeting", f"lesson/{round_}", moment(ago))
        db.session.commit()

    browser = as_(cast.amir)
    live_through(2, 1)
    page(browser)
    counting.clear()
    page(browser)
    assert len(counting) == 5
    live_through(20, 10)
    counting.clear()
    page(browser)
    assert len(counting) == 5


def test_a_new_version_is_offered_as_soon_as_it_is_published(as_, cast):
    page(as_(cast.zoe))
    for key in library.current_versions():
        publishing.retire(key, now())
    db.session.commit()
    html = page(as_(cast.zoe))
    assert "All quiet" in html
    assert primary(html) == "/learn"


def test_an_answered_quiz_is_not_left_open(as_, cast):
    attempt = quizzes.begin(cast.amir, "greeting", now())
    quizzes.hand_in(attempt.id, cast.amir, now())
    db.session.commit()
    assert "Your quiz is open" not in page(as_(cast.amir))


def missed(person, days=1):
    """Let somebody hand in a quiz, so many days ago, with every question answered wrongly."""
    at = moment(days)
    attempt = quizzes.begin(person, "greeting", at)
    content = library.module(attempt.version_id)
    for question in questions_of(content, attempt):
        kind = kind_of(question)
        guess = next(guess for number in range(500) if kind.mark(question, guess := kind.guess(question, Random(number))).score < 0.6)
        form = MultiDict([*as_multi(kind.form(question, guess, attempt.seed)), ("key", f"missed-{question.id}")])
        quizzes.save_answer(attempt.id, person, question.id, form, "en", at)
    quizzes.hand_in(attempt.id, person, at)
    db.session.commit()


def test_the_three_minutes_come_first_when_questions_are_due(as_, cast):
    missed(cast.amir)
    give(cast.amir, cast.chloe, -1, "empathy")
    html = page(as_(cast.amir))
    assert "Your three minutes" in html
    assert f"{ITEMS} questions to meet again" in html
    assert primary(html) == "/reviews/sets"
    assert html.index("Your three minutes") < html.index("1 day late")


def test_the_three_minutes_wait_a_day_after_the_quiz(as_, cast):
    missed(cast.amir, days=0.001)
    assert "Your three minutes" not in page(as_(cast.amir))


def test_the_three_minutes_are_gone_on_with_and_gone_when_they_are_left_or_done(as_, cast):
    missed(cast.amir)
    browser = as_(cast.amir)
    browser.post("/reviews/sets")
    html = page(browser)
    assert primary(html) == "/reviews/sets"
    assert "The rest of today" in html
    browser.post("/reviews/skips")
    assert "Your three minutes" not in page(browser)
    db.session.execute(update(ReviewSet).values(skipped_at=None, finished_at=now()))
    db.session.commit()
    assert "Your three minutes" not in page(browser)


def test_reviews_take_no_statement_of_their_own(as_, cast, counting):
    # With something to do nobody looks for advice, which would ask for what was missed.
    plans.assign(cast.amir, "greeting", at=moment(20), given_by_id=cast.chloe, why="Begin here.", due_on=None)
    missed(cast.amir)
    browser = as_(cast.amir)
    page(browser)
    counting.clear()
    page(browser)
    assert len(counting) == 5
    browser.post("/reviews/sets")
    counting.clear()
    page(browser)
    assert len(counting) == 5


@pytest.mark.parametrize(("lang", "marked"), [("en", True), ("tr", False)])
def test_a_reason_written_in_turkish_is_marked_as_such_on_an_english_page(as_, cast, person, lang, marked):
    give(cast.amir, cast.chloe, 3, why="Şikâyeti yeniden çalışalım.")
    give(cast.amir, cast.chloe, 5, module="empathy", why="To begin with.")
    person(cast.amir).language = lang
    db.session.commit()
    html = page(as_(cast.amir))
    assert ('<span lang="tr">Şikâyeti yeniden çalışalım.</span>' in html) == marked
    assert ">To begin with.<" in html


def test_an_observation_that_was_opened_stays_until_it_is_acknowledged_or_the_time_is_over(as_, cast):
    made = observe(
        observer_id=cast.chloe, person_id=cast.amir, seen_at=now(), channel="phone", lines=[Line("empathy", 2)], shared="", receipt="o", at=now()
    )
    db.session.commit()
    his, said = as_(cast.amir), "Chloe Irmak saw you at work"
    assert said in page(his)
    assert his.get(f"/observations/{made}").status_code == 200
    assert said in page(his)
    found = db.session.get_one(Observation, made)
    by, found.dispute_by = found.dispute_by, local_date(now(), "Europe/Istanbul") - timedelta(days=1)
    db.session.commit()
    assert said not in page(his)
    found.dispute_by = by
    db.session.commit()
    assert said in page(his)
    acknowledge(found, now())
    db.session.commit()
    assert said not in page(his)


def test_what_was_agreed_is_named_with_its_date_until_it_was_seen_at_work(as_, cast, shows):
    shows(cast.amir, "empathy", "observation_line", 0.9, 12, ago=20, by=cast.chloe)
    then, day = now() - timedelta(days=2), local_date(now(), "Europe/Istanbul")
    number = arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=then, receipt="s1", at=then - timedelta(days=5))
    agree(
        db.session.get_one(CoachingSession, number),
        by_id=cast.chloe,
        action="Ask one question first.",
        seen="He began at once.",
        action_by=day,
        follow_up_on=day,
        at=then + timedelta(hours=1),
    )
    db.session.commit()
    his = as_(cast.amir)
    html = page(his)
    assert "Ask one question first." in html
    assert f"to do until {date_words(day)}" in html
    assert f'href="/coaching/{number}"' in html
    assert "Ask one question first." not in page(as_(cast.chloe))
    see = {"observer_id": cast.chloe, "person_id": cast.amir, "channel": "phone", "shared": "", "at": now()}
    observe(**see, seen_at=now() - timedelta(hours=1), lines=[Line("empathy", 3)], receipt="the follow-up")
    db.session.commit()
    assert "Ask one question first." not in page(his)


def test_a_supervisor_who_is_to_decide_hears_of_the_dispute_and_whoever_scored_does_not(as_, cast):
    people.set_roles(db.session.get_one(Person, cast.hana), ("supervisor", "executive"), now(), cast.ada)
    db.session.commit()
    hers = as_(cast.hana)
    assert "Lines in dispute" not in page(hers)
    made = observe(
        observer_id=cast.chloe, person_id=cast.amir, seen_at=now(), channel="phone", lines=[Line("empathy", 2)], shared="", receipt="o", at=now()
    )
    dispute(db.session.get_one(Observation, made), "empathy", "The line broke.", now())
    db.session.commit()
    assert "1 waits for your decision." in page(hers)
    assert "Lines in dispute" not in page(as_(cast.chloe))


@pytest.mark.parametrize(("day", "said"), [("2026-03-10", "say so until 10 Mar 2026"), ("2026-03-11", "is over")])
def test_what_was_seen_names_its_last_day_only_while_it_lasts(app, at, day, said):
    with app.test_request_context("/"), force_locale("en"):
        [duty] = today.between_us(
            Work(between=[Between("observed", "Chloe Irmak", "2026-03-10", 5, at)]),
            Viewer(1, "Amir Kaya", "amir", frozenset(), "en", "UTC", None, None, None, 0, "", at),
            at,
            date.fromisoformat(day),
        )
    assert said in duty.note
