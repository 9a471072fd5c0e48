"""Several devices record for one person in the same moment, and nothing is lost or counted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.profile.conftest import figures
from trainee import profile
from trainee.kit.db import db
from trainee.profile import calibrations


def at_once(app, jobs):
    """Runs every job in a thread, an application context and a transaction of its own."""

    def run(job):
        with app.app_context():
            try:
                job()
                db.session.commit()
            finally:
                db.session.remove()

    db.session.commit()
    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result()


def recording(run, at):
    def job():
        for showing in run:
            profile.record([showing], at)
            db.session.commit()

    return job


def test_four_devices_at_once_lose_nothing(app, cast, showing, at):
    runs = [[showing(cast.amir, at + timedelta(minutes=10 * number + device), 0.5) for number in range(8)] for device in range(4)]
    at_once(app, [recording(run, at) for run in runs])
    assert profile.levels(cast.amir, at)["empathy"].figure.n == 32
    live = figures()
    for _ in profile.rebuild(at):
        db.session.commit()
    assert figures() == live


def test_one_answer_sent_twice_at_once_is_counted_once(app, cast, showing, at):
    calibrations.begin(at)
    answer = showing(cast.amir, at)
    at_once(app, [recording([answer], at) for _ in range(4)])
    assert profile.levels(cast.amir, at)["empathy"].figure.n == 1


def test_answers_that_come_while_a_rebuild_runs_are_in_it(app, cast, showing, at):
    for person in (cast.amir, cast.beth, cast.gus):
        profile.record([showing(person, at + timedelta(seconds=number), 0.5) for number in range(30)], at)

    def rebuilding():
        for _ in profile.rebuild(at):
            db.session.commit()

    runs = [[showing(person, at + timedelta(hours=1 + number), 1.0) for number in range(10)] for person in (cast.amir, cast.beth, cast.zoe)]
    at_once(app, [rebuilding, *[recording(run, at) for run in runs]])
    levels = profile.levels_of([cast.amir, cast.beth, cast.gus, cast.zoe], at)
    assert [levels[person]["empathy"].figure.n for person in (cast.amir, cast.beth, cast.gus, cast.zoe)] == [40, 40, 30, 10]
    live = figures()
    for _ in profile.rebuild(at):
        db.session.commit()
    assert figures() == live
