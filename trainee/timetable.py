"""Everything that happens by itself, on one screen. Jobs save work; none of them makes a page right."""

from collections import Counter
from datetime import datetime, time, timedelta
from functools import partial
from os import getpid
from secrets import token_hex
from socket import gethostname
from time import monotonic

from flask import Flask, current_app

from trainee import notices, plans, profile, webhooks
from trainee.coaching.calibration import lapse_drifted
from trainee.coaching.observations.actions import release_overdue
from trainee.coaching.observations.queries import waiting_for_self_review
from trainee.dashboards import happenings
from trainee.kit import jobs, throttle
from trainee.kit.clock import local_date, now
from trainee.kit.db import db, reading
from trainee.kit.i18n import _l
from trainee.kit.jobs import Job, Nightly, Tally, one_by_one, rested, step_by_step
from trainee.kit.ticker import LOOK_EVERY, Ticker
from trainee.kit.workers import keep, settled, turn
from trainee.modules.quizzes.actions import hand_in
from trainee.modules.quizzes.queries import overdue
from trainee.modules.reviews.nightly import refit
from trainee.modules.roleplays.actions import forget_pulses
from trainee.people import importing
from trainee.privacy import anonymising, destroying
from trainee.reports.background import forget_files, make_files
from trainee.reports.scheduling import send_due
from trainee.service import complaints
from trainee.voice.asking.mailing import send_invitations, write_down
from trainee.voice.surveys.actions import forget_customers


def sweep(at: datetime) -> None:
    """Forget tries that no window counts any more, old runs of jobs, how people said they were two weeks ago, files of people and of reports,
    and whom we asked so long ago that she may be asked again.
    """
    throttle.sweep(at - timedelta(days=1))
    jobs.sweep(at - timedelta(days=30))
    forget_pulses(at)
    importing.sweep(at)
    forget_files(at)
    forget_customers(at)


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
    step_by_step(profile.learn_calibration(at))


def lapse_licences(at: datetime) -> Tally:
    """End the licences of observers whose marks have drifted, so that what they see counts half until they have calibrated again."""
    return Tally(lapse_drifted(at))


def fit_reviews(at: datetime) -> None:
    """Fit the scheduler of reviews to the answers so far; who is stopped has changed nothing and begins anew on the next night."""
    step_by_step(refit(at))


def measure_advice(at: datetime) -> Tally:
    """Measure by the log what each kind of recommendation does, beside what happens without it."""
    # To go through the whole log takes long, and nobody is to wait for the lock meanwhile.
    with reading():
        found = plans.effects_in_log(at)
        db.session.rollback()
    return Tally(plans.keep_effects(found, at))


def hand_on_complaints(at: datetime) -> Tally:
    """Give the open complaints of whoever has left, and those that nobody has, to somebody; whoever looks meanwhile reads the same name."""
    return Tally(complaints.hand_on(at=at, by_id=None))


def plan_notices(at: datetime) -> Tally:
    """Write down every message that is due soon; each is there once, however often this runs."""
    return Tally(notices.plan(at))


def deliver_notices(at: datetime) -> Tally:
    """Tell what is due, in the site, and put its mails into the outbox in the same transaction."""
    told = 0
    for many in notices.deliver(at):
        keep()
        told += many
    return Tally(told)


# What the mail server took and this process could not write down yet, as where the disk is full.
_TAKEN = notices.Taken()
_ASKED: set[int] = set()
# No process that follows bears the same name, also where its number is the same: what its forerunner had in its hand is not its own.
_LIFE = token_hex(3)


def _me() -> str:
    return f"{gethostname()[:80]}/{getpid()}/{_LIFE}"


def remember(at: datetime) -> None:
    """Write down what a mail server took and could not be written down then, whether this process is at work or not."""
    for _step in _TAKEN.write_down():
        db.session.commit()
    for _step in write_down(_ASKED, at):
        db.session.commit()


# So long ago the planner may have ended its last look; it begins one every ten minutes.
_LOOKED = timedelta(minutes=30)


def post_mails(at: datetime) -> Tally:
    """Hand the mails over that wait; where the server does not answer they wait for longer, and no page for them."""
    settings = current_app.extensions["trainee"]
    if not settings.mails:
        return Tally(0)
    server, outcomes, began = notices.Server(settings), Counter[str](), monotonic()
    # Where nobody was at work for a while, the planner looks first: what it finds for today goes with today's digest.
    digests = not rested("plan_notices", at - _LOOKED)

    def clock() -> datetime:
        # In whole seconds, so that what is to be tried in a minute is due at the next minute's look.
        return at + timedelta(seconds=int(monotonic() - began))

    try:
        for outcome in notices.post(clock, _me(), server, alone=turn() is not None, settled=settled(), digests=digests, taken=_TAKEN):
            keep()
            outcomes[outcome] += 1
    finally:
        server.close()
    # What is given up is told to HR; what was put off is tried again, and the page of jobs says how many those are.
    return Tally(outcomes["sent"], outcomes["failed"] + outcomes["put_off"])


def send_reports(at: datetime) -> Tally:
    """Order the files of the reports whose day has come, one schedule after the other; each is made for each of its readers once."""
    ordered = 0
    for many in send_due(at):
        keep()
        ordered += many
    return Tally(ordered)


def find_happenings(at: datetime) -> Tally:
    """Write down what webhooks are to be told and no deed writes down: completed work, and expectations whose day is over."""
    return Tally(happenings.tell(at))


def call_webhooks(at: datetime) -> Tally:
    """Call the programs that are to be told something; who does not answer is called again later, and no page waits for it."""
    outcomes = Counter[str]()
    for outcome in webhooks.post(at, _me(), alone=turn() is not None):
        keep()
        outcomes[outcome] += 1
    return Tally(outcomes["sent"], outcomes["failed"])


def invite_customers(at: datetime) -> Tally:
    """Hand over the mails that ask customers; an address is forgotten as soon as its mail has gone or is given up.

    Not before whoever was at work until now could write down what it had sent: a customer is asked once, and it does not matter when in the minute.
    """
    settings = current_app.extensions["trainee"]
    if not settings.mails or not settled():
        return Tally(0)
    server, outcomes = notices.Server(settings), Counter[str]()
    try:
        for outcome in send_invitations(at, server, _ASKED):
            keep()
            outcomes[outcome] += 1
    finally:
        server.close()
    return Tally(outcomes["sent"], outcomes["failed"])


def make_report_files(at: datetime) -> Tally:
    """Make the large files somebody waits for, one after the other; each is there for its reader as soon as it is whole."""
    return Tally(sum(1 for _made in make_files(at, now)))


JOBS = [
    Job("close_overdue_quizzes", timedelta(minutes=1), _l("hand in quizzes whose time has run out"), hand_in_overdue),
    Job("apply_rules", timedelta(minutes=10), _l("give what the rules say, and end what applies no longer"), apply_rules),
    Job("issue_certificates", timedelta(minutes=10), _l("issue certificates for what is complete"), issue_certificates),
    # Before the messages are planned, so that whoever has one now is told by the same look.
    Job("hand_on_complaints", timedelta(minutes=10), _l("give open complaints of who has left, or that nobody has, to somebody"), hand_on_complaints),
    Job("plan_notices", timedelta(minutes=10), _l("write down which messages are due, and which are held back"), plan_notices),
    Job("deliver_notices", timedelta(minutes=1), _l("tell the messages whose time has come, within people's own hours"), deliver_notices),
    Job("post_mails", timedelta(minutes=1), _l("hand waiting mails over to the mail server"), post_mails),
    Job("find_happenings", timedelta(minutes=10), _l("find what other programs are to be told of"), find_happenings),
    Job("call_webhooks", timedelta(minutes=1), _l("tell other programs what waits to be told"), call_webhooks),
    Job("people_imports", timedelta(minutes=1), _l("check, apply and take back files of people, all of one or nothing"), importing.work),
    Job("send_reports", timedelta(minutes=10), _l("order the reports that come by themselves today"), send_reports),
    Job("invite_customers", timedelta(minutes=1), _l("hand over the mails that ask customers"), invite_customers),
    Job("make_files", timedelta(minutes=1), _l("make the large files that somebody asked for"), make_report_files),
    Job("anonymise", timedelta(minutes=1), _l("make people anonymous who are to be, and strike their names wherever they stand"), anonymising.work),
    Job("release_observations", timedelta(hours=1), _l("show observations whose time for a self-review is over"), release_observations),
    Job("sweep", timedelta(hours=6), _l("forget old sign-in tries, old runs of these jobs, files of people and how people were after a talk"), sweep),
    # At night where the organisation is, outside of the hours at which any country changes its clocks, and one after the other.
    Job("calibrate", Nightly(time(3, 10)), _l("learn anew how hard questions are and how lenient observers"), calibrate),
    Job("fit_reviews", Nightly(time(3, 40)), _l("learn from the answers to reviews when questions should come back"), fit_reviews),
    Job("measure_advice", Nightly(time(4, 10)), _l("measure what recommendations did, before and after"), measure_advice),
    Job("destroy_words", Nightly(time(2, 40)), _l("destroy words that were kept long enough, of the kinds HR has switched on"), destroying.work),
    Job("lapse_licences", Nightly(time(4, 40)), _l("end the licences of observers whose marks have drifted"), lapse_licences),
]


def late() -> list[str]:
    """The keys of the jobs that have not ended well for twice their period. One statement."""
    return jobs.late(JOBS, now())


def start(app: Flask, every: timedelta = LOOK_EVERY) -> Ticker:
    """Begin to look at the clock, beside whatever else this process does. The database says which process is at work."""
    lease = timedelta(seconds=app.extensions["trainee"].worker_lease)
    return Ticker(app, JOBS, now, every=min(every, lease / 3), lease=lease, remember=remember).start()
