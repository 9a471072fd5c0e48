"""Everything that happens by itself, on one screen. Jobs save work; none of them makes a page right."""

from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from trainee.kit import throttle
from trainee.kit.clock import now
from trainee.kit.jobs import Job, run_due


def sweep(at: datetime) -> None:
    """Forget tries that no window counts any more."""
    throttle.sweep(at - timedelta(days=1))


JOBS = [
    Job("sweep", timedelta(hours=6), "four times a day: forget old sign-in tries", sweep),
]


def tick(app: Flask) -> None:
    """One look at the clock: run what is due."""
    with app.app_context():
        run_due(JOBS, now(), now)


def start(app: Flask) -> BackgroundScheduler:
    """Look at the clock every half minute, beside the web server. The database says which node runs a job."""
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 300})
    scheduler.add_job(tick, "interval", seconds=30, args=[app], next_run_time=now())
    scheduler.start()
    return scheduler
