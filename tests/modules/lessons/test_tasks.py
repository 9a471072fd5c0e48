"""The "try it" of a lesson: asked about two working days later, answered with a tap, nobody else's business."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from trainee.dashboards.today import today
from trainee.evidence.models import Evidence
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.modules.lessons import LessonProgress, TaskReport, actions, queries, tasks
from trainee.modules.library import module_or_404
from trainee.modules.questions import as_multi, kind_of
from trainee.people.queries import viewer_by_token

# A Thursday at half past four in Istanbul.
THURSDAY = datetime(2026, 3, 12, 13, 30, tzinfo=UTC)
ZONE = "Europe/Istanbul"


@pytest.fixture
def greeting(app):
    return module_or_404("greeting")[1]


@pytest.fixture
def finish(greeting):
    """Finish the lesson of that number, at that moment."""

    def one(person_id, number, at):
        version_id, content = module_or_404("greeting")
        lesson = content.lessons[number]
        for question in lesson.checks:
            kind = kind_of(question)
            form = MultiDict(as_multi(kind.form(question, kind.right(question), queries.seed_of(person_id, version_id, lesson.key))))
            actions.answer_check(person_id, version_id, content, lesson, question.id, form, "en", at)
        db.session.commit()
        return lesson

    return one


def _asked(person_id, at):
    return tasks.next_asked(person_id, at, ZONE)


@pytest.mark.parametrize(
    ("finished", "first_asked"),
    [
        (date(2026, 3, 9), date(2026, 3, 11)),
        (date(2026, 3, 12), date(2026, 3, 16)),
        (date(2026, 3, 13), date(2026, 3, 17)),
        (date(2026, 3, 14), date(2026, 3, 17)),
    ],
)
def test_two_working_days_are_counted_as_people_count_them(app, cast, finish, finished, first_asked):
    lesson = finish(cast.amir, 0, datetime(finished.year, finished.month, finished.day, 20, 59, tzinfo=UTC))
    # Midnight in Istanbul is nine in the evening in UTC.
    midnight = datetime(first_asked.year, first_asked.month, first_asked.day, tzinfo=UTC) - timedelta(hours=3)
    assert _asked(cast.amir, midnight - timedelta(seconds=1)) is None
    assert _asked(cast.amir, midnight) == ("greeting", lesson.key)


def test_today_asks_about_the_oldest_and_is_quiet_once_it_is_told(app, cast, finish, greeting):
    first, second = finish(cast.amir, 0, THURSDAY), finish(cast.amir, 1, THURSDAY + timedelta(hours=1))
    monday = THURSDAY + timedelta(days=4)
    who = viewer_by_token("token-of-amir", monday, timedelta(hours=1), timedelta(days=9999))

    def titles():
        with current_app.test_request_context("/"), force_locale("en"):
            return [task.url for task in today(who, monday).tasks if task.url.endswith("/task")]

    assert titles() == [f"/learn/greeting/{first.key}/task"]
    actions.report_task(cast.amir, greeting, first, "well", "", monday)
    assert titles() == [f"/learn/greeting/{second.key}/task"]
    actions.report_task(cast.amir, greeting, second, "never", "", monday)
    assert titles() == []


def test_not_yet_is_asked_again_two_working_days_later(app, cast, finish, greeting):
    lesson = finish(cast.amir, 0, THURSDAY)
    monday = THURSDAY + timedelta(days=4)
    actions.report_task(cast.amir, greeting, lesson, "not_yet", "", monday)
    assert _asked(cast.amir, monday + timedelta(days=1)) is None
    assert _asked(cast.amir, monday + timedelta(days=2)) == ("greeting", lesson.key)


def test_what_was_finished_long_ago_is_not_asked_about(app, cast, finish):
    finish(cast.amir, 0, THURSDAY)
    assert _asked(cast.amir, THURSDAY + tasks.REMEMBERED) is not None
    assert _asked(cast.amir, THURSDAY + tasks.REMEMBERED + timedelta(seconds=1)) is None
    assert _asked(cast.beth, THURSDAY + timedelta(days=5)) is None


def test_a_tap_and_a_sentence_are_kept_shown_again_and_no_evidence(as_, cast, greeting):
    client, key = as_(cast.amir), greeting.lessons[0].key
    page = f"/learn/greeting/{key}/task"
    assert greeting.lessons[0].title.en in client.get(page).text
    before = db.session.scalar(select(func.count()).select_from(Evidence))
    answer = client.post(page, data={"how": "hard", "words": "She hung up <before> I could ask."}, follow_redirects=True).text
    assert "She hung up &lt;before&gt; I could ask." in answer
    assert "Read the lesson again" in answer
    client.post(page, data={"how": "well", "words": ""})
    kept = db.session.execute(select(TaskReport.person_id, TaskReport.how, TaskReport.words)).all()
    assert kept == [(cast.amir, "well", "")]
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == before
    assert "hung up" not in as_(cast.beth).get(page).text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"words": "typed"}, "Please choose how it went."),
        ({"how": "great", "words": "typed"}, "Please choose how it went."),
        ({"how": "well", "words": "x" * 2001}, "This can have 2,000 characters."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(as_, cast, greeting, sent, sentence):
    answer = as_(cast.amir).post(f"/learn/greeting/{greeting.lessons[0].key}/task", data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert sent["words"] in answer.text
    assert db.session.scalar(select(func.count()).select_from(TaskReport)) == 0


def test_the_list_of_lessons_marks_the_finished_ones(as_, cast, finish, greeting):
    client, url = as_(cast.amir), f"/learn/greeting/{greeting.lessons[1].key}"
    assert "contents-done" not in client.get(url).text
    finish(cast.amir, 0, THURSDAY)
    assert client.get(url).text.count("contents-done") == 1
    assert db.session.scalar(select(func.count()).select_from(LessonProgress)) >= 1
