"""What happens by itself, as the administrator and a monitor see it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert, update

from trainee.kit import jobs
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.jobs import INTERRUPTED, JobRun, run_due
from trainee.kit.workers import Worker
from trainee.timetable import JOBS


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page(client) -> str:
    answer = client.get("/timetable")
    assert answer.status_code == 200
    return text_of(answer.text)


def ran(job: str, ago: timedelta, error: str | None = None, done: int | None = None, attempt: int = 1, ended: bool = True) -> None:
    at = now() - ago
    values = {"started_at": at, "ended_at": at if ended else None, "error": error, "done": done, "failed": None, "attempt": attempt, "turn": 1}
    db.session.execute(insert(JobRun).values(job=job, slot=at, **values))
    db.session.commit()


@pytest.fixture
def all_ran(app):
    """Every job ran just now."""
    at = now()
    run_due(JOBS, at, now)


def test_it_lists_every_job_with_how_often_and_when_it_is_due(as_, cast, all_ran):
    told = page(as_(cast.ada))
    for job in JOBS:
        assert str(job.says) in told
        assert told.index("For whoever runs the machine") < told.index(job.key), "what logs call it is folded away"
    assert "every minute" in told
    assert "every night at 03:10" in told
    assert "Nights are those of Europe/Istanbul" in told
    assert told.count("It went well just now.") == len(JOBS)


def test_in_turkish_too(as_, cast, all_ran, app):
    browser = as_(cast.ada)
    db.session.execute(update(timetable_person()).where(timetable_person().c.id == cast.ada).values(language="tr"))
    db.session.commit()
    told = page(browser)
    assert "her gece saat 03:10" in told
    assert "10 dakikada bir" in told


def timetable_person():
    return db.metadata.tables["person"]


def test_it_says_who_is_at_work_and_when_nobody_is(as_, cast):
    browser = as_(cast.ada)
    assert "No worker is at work." in page(browser)
    worker = Worker()
    assert worker.hold()
    told = page(browser)
    assert told.index("At work since") < told.index("For whoever runs the machine") < told.index(worker.holder)
    worker.give_up()
    assert "No worker is at work." in page(browser)


def test_a_failure_is_told_in_a_sentence_with_how_often_in_a_row(as_, cast):
    for minutes in (30, 20, 10):
        ran("apply_rules", timedelta(minutes=minutes), error="OperationalError")
    ran("sweep", timedelta(minutes=1), error="ZeroDivisionError")
    told = page(as_(cast.ada))
    assert "It failed 3 times in a row, last 10 minutes ago: the database was out of reach, busy or full." in told
    assert "It failed 1 minute ago: an error of the program (ZeroDivisionError) that its log describes." in told


def test_what_broke_off_and_was_done_again_is_told_among_the_last_runs(as_, cast):
    ran("calibrate", timedelta(minutes=3), error=INTERRUPTED)
    ran("calibrate", timedelta(minutes=2), done=4, attempt=2)
    told = page(as_(cast.ada))
    assert "its worker ended in the middle, and it was begun again" in told
    assert "It went well 2 minutes ago: 4 things done." in told


def test_what_is_under_way_is_told_with_how_it_went_before(as_, cast):
    ran("calibrate", timedelta(days=1))
    ran("calibrate", timedelta(minutes=2), ended=False)
    assert "Under way, begun 2 minutes ago. It went well 1 day ago." in page(as_(cast.ada))


def test_it_asks_three_statements_however_much_ran(as_, cast, counting, all_ran):
    browser = as_(cast.ada)
    page(browser)
    counting.clear()
    page(browser)
    before = len(counting)
    for minutes in range(40):
        ran("close_overdue_quizzes", timedelta(minutes=minutes))
    counting.clear()
    page(browser)
    # One of them asks who is looking.
    assert len(counting) == before == 4


def health(app) -> tuple[int, str, list[str]]:
    db.session.rollback()
    answer = app.test_client().get("/healthz")
    return answer.status_code, answer.json["status"], answer.json["late"]


def test_before_anything_ran_healthz_says_that_all_is_late_and_pages_are_served_nevertheless(app):
    assert health(app) == (200, "late", [job.key for job in JOBS])


def test_a_job_without_success_for_twice_its_period_shows_on_healthz(app, all_ran):
    assert health(app) == (200, "ok", [])
    db.session.execute(
        update(JobRun).values(started_at=JobRun.started_at, slot=now() - timedelta(minutes=21), ended_at=now() - timedelta(minutes=21))
    )
    db.session.execute(update(JobRun).values(started_at=now() - timedelta(minutes=21)))
    db.session.commit()
    often = [job.key for job in JOBS if 2 * job.every < timedelta(minutes=21)]
    assert health(app) == (200, "late", often)
    assert {"close_overdue_quizzes", "apply_rules"} <= set(often) < {job.key for job in JOBS}


def test_one_that_fails_again_and_again_is_late_although_it_runs(app, all_ran):
    at = now()
    db.session.execute(update(JobRun).where(JobRun.job == "apply_rules").values(slot=at - timedelta(minutes=25), ended_at=at - timedelta(minutes=25)))
    db.session.execute(update(JobRun).values(started_at=at - timedelta(minutes=25)))
    db.session.commit()
    ran("apply_rules", timedelta(minutes=12), error="OperationalError")
    ran("apply_rules", timedelta(minutes=2), error="OperationalError")
    assert health(app) == (200, "late", ["apply_rules"])
    ran("apply_rules", timedelta(seconds=1))
    assert health(app) == (200, "ok", [])


def test_a_job_that_came_with_an_upgrade_is_late_when_its_time_has_passed_twice(app, at):
    run_due([job for job in JOBS if job.key != "sweep"], at, lambda: at)
    assert "sweep" not in jobs.late(JOBS, at + timedelta(hours=11))
    assert "sweep" in jobs.late(JOBS, at + timedelta(hours=13))


def test_healthz_asks_one_statement_for_all_of_them(app, counting, all_ran):
    browser = app.test_client()
    browser.get("/healthz")
    counting.clear()
    browser.get("/healthz")
    assert len([one for one in counting if "job_run" in one]) == 1
