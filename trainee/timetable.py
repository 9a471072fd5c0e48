"""Everything that happens by itself, on one screen. Jobs save work; none of them makes a page right."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from trainee import plans, profile
from trainee.coaching.calibration import lapse_drifted
from trainee.coaching.observations.actions import release_overdue
from trainee.coaching.observations.queries import waiting_for_self_review
from trainee.kit import jobs, throttle
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.jobs import Job, Tally, one_by_one, run_due
from trainee.modules.quizzes.actions import hand_in
from trainee.modules.quizzes.queries import overdue
from trainee.modules.reviews.nightly import refit
from trainee.modules.roleplays.actions import forget_pulses

LOOK_EVERY = timedelta(seconds=30)
_stopping = Event()


def sweep(at: datetime) -> None:
    """Forget tries that no window counts any more, the runs of jobs of long ago, and how people said they were two weeks ago."""
    throttle.sweep(at - timedelta(days=1))
    jobs.sweep(at - timedelta(days=30))
    forget_pulses(at)


def hand_in_overdue(at: datetime) -> Tally:
    """Hand in the quizzes whose time ran out while nobody looked, each for itself; a page that is opened does the same for its own."""
    waiting = overdue(at)
    db.session.rollback()
    return one_by_one("close_overdue_quizzes", [partial(hand_in, attempt_id, person_id, at) for attempt_id, person_id in waiting])


def apply_rules(at: datetime) -> Tally:
    """Give what the rules say to whoever joined by another door, and open the next cycle of whoever is to renew a certificate."""
    found = plans.apply_rules(at)
    return Tally(found.given + found.ended)


def release_observations(at: datetime) -> Tally:
    """Show what waited for a self-review that did not come in time, each for itself; who opens her own reads it on time anyway."""
    waiting = [row for row in waiting_for_self_review(at) if row.self_review_by < local_date(at, row.time_zone)]
    db.session.rollback()
    return one_by_one("release_observations", [partial(release_overdue, row.id, at) for row in waiting])


def issue_certificates(at: datetime) -> Tally:
    """Issue a certificate for every cycle that is complete; what it says does not depend on when."""
    return Tally(plans.issue_certificates(at))


def calibrate(at: datetime) -> None:
    """Learn from the log how hard items are and how lenient observers, in steps that are kept: who is stopped goes on the next night."""
    for _progress in profile.learn_calibration(at):
        db.session.commit()
        if _stopping.is_set():
            return


def lapse_licences(at: datetime) -> Tally:
    """End the licences of observers whose marks have drifted, so that what they see counts half until they have calibrated again."""
    return Tally(lapse_drifted(at))


def fit_reviews(at: datetime) -> None:
    """Fit the scheduler of reviews to the answers so far; who is stopped has changed nothing and begins anew on the next night."""
    for _step in refit(at):
        db.session.commit()
        if _stopping.is_set():
            return


def measure_advice(at: datetime) -> Tally:
    """Measure by the log what each kind of recommendation does, beside what happens without it."""
    return Tally(plans.measure_advice(at))


JOBS = [
    Job("sweep", timedelta(hours=6), "four times a day: forget old sign-in tries, old runs of these jobs and how people were after a talk", sweep),
    Job("close_overdue_quizzes", timedelta(minutes=1), "every minute: hand in quizzes whose time has run out", hand_in_overdue),
    Job("apply_rules", timedelta(minutes=10), "every ten minutes: give what the rules say, end what applies no longer", apply_rules),
    Job("release_observations", timedelta(hours=1), "every hour: show observations whose time for a self-review is over", release_observations),
    Job("issue_certificates", timedelta(minutes=10), "every ten minutes: issue certificates for what is complete", issue_certificates),
    Job("calibrate", timedelta(days=1), "every night at 00:00 UTC: learn anew how hard questions are and how lenient observers", calibrate),
    Job("measure_advice", timedelta(days=1), "every night at 00:00 UTC: measure what recommendations did, before and after", measure_advice),
    Job("lapse_licences", timedelta(days=1), "every night at 00:00 UTC: end the licences of observers whose marks have drifted", lapse_licences),
    Job("fit_reviews", timedelta(days=1), "every night at 00:00 UTC: learn from the answers to reviews when questions should come back", fit_reviews),
]


def tick(app: Flask, due: Sequence[Job]) -> None:
    """One look at the clock: run what is due."""
    with app.app_context():
        run_due(due, now(), now)


def start(app: Flask, every: timedelta = LOOK_EVERY) -> BackgroundScheduler:
    """Begin to look at the clock, beside whatever else this process does. The database says which process runs a job."""
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 300})
    for job in JOBS:
        # Each looks for itself, so that a long one keeps no other waiting.
        scheduler.add_job(tick, "interval", seconds=every.total_seconds(), args=[app, [job]], id=job.key, next_run_time=now())
    scheduler.start()
    return scheduler


def stop(scheduler: BackgroundScheduler) -> None:
    """Begin nothing more, and wait for what is running; a long job ends at its next step. Whoever runs a job afterwards is not told to stop."""
    _stopping.set()
    scheduler.shutdown(wait=True)
    _stopping.clear()
