"""Building the demonstration company."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy import update

from trainee import plans, profile
from trainee.demo import stories
from trainee.demo.book import read_book
from trainee.demo.company import Company, draw_up, found
from trainee.demo.diary import Diary
from trainee.demo.doing import Doer
from trainee.demo.life import DAYS, Life
from trainee.demo.talks import Talks
from trainee.demo.telling import Telling
from trainee.kit import audit
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import Person, passwords
from trainee.people.queries import is_empty

PASSWORD = "mavikapi-demo"  # noqa: S105 - printed on the sign-in page of every demonstration.
SEED = 20260314
# One account to try for each role.
ACCOUNTS = (("employee", "kerem"), ("supervisor", "aylin"), ("trainer", "defne"), ("hr", "hatice"), ("admin", "admin"), ("executive", "selim"))
# A lenient and a severe observer; the rest differ a little.
_LENIENT, _SEVERE, _BIAS = 0.5, -0.4, 0.12
# Every so many days difficulties are learned; every night, as timetable.py has it, would take many times as long and say hardly more.
_MONTH = 28
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: how many people, and how often each thing was done."""

    people: int
    done: Mapping[str, int]


def build(at: datetime, seed: int = SEED, progress: Progress | None = None, scale: int = 1, days: int = DAYS) -> Built:
    """Found the company, let it live for half a year up to yesterday, and bring its figures up to date; commits week by week.

    The same seed on the same day makes the same rows. `scale` multiplies what is practised, observed and answered; with fewer `days` the history
    stops early. Refusal unless nobody is here.
    """
    if not is_empty():
        raise Refusal("There are people here already. The demonstration company is built in an empty installation only.")
    say = progress or (lambda words: None)
    book, rng = read_book(), Random(seed)
    start = datetime.combine(at.date() - timedelta(days=DAYS), time(0), UTC)
    company = draw_up(book, rng, start, at)
    found(company, book, start)
    db.session.commit()
    new = len(company.members) - len(company.rows)
    say(
        f"{len(company.rows)} people, the administrator among them, are entered in {len(company.teams)} teams; "
        f"half a year of their work follows, in which {new} more are hired."
    )
    life = _life(company, Doer(book, rng, start, at), rng, scale)
    life.plan(apart=stories.plant(life))
    Talks(life).plan()
    Telling(life, {username for _role, username in ACCOUNTS}).plan()
    for day in range(days):
        life.diary.live(day)
        if day % 7 == 6:
            db.session.commit()
        if day % _MONTH == _MONTH - 1:
            _calibrate(start + timedelta(days=day + 1, hours=1))
            say(_told(day // 7 + 1, life.doer.done))
    give_everybody_the_password(at)
    db.session.commit()
    say("Learning how hard questions are and how strict observers.")
    _calibrate(at)
    plans.measure_advice(at)
    db.session.commit()
    return Built(len(company.rows), dict(life.doer.done))


def _calibrate(at: datetime) -> None:
    """Learn in the night what the log says by then, as a real installation does: what was believed on a past day goes by what was known then."""
    db.session.commit()
    for _step in profile.learn_calibration(at):
        db.session.commit()


def _life(company: Company, doer: Doer, rng: Random, scale: int) -> Life:
    quality = [member for member in company.of("quality") if not member.leads]
    doer.leniency = {member.id: rng.gauss(0.0, _BIAS) for member in company.members if member.leads}
    doer.leniency |= {quality[0].id: _LENIENT, quality[1].id: _SEVERE}
    return Life(company, doer, Diary(doer.start), doer.book, rng, scale)


def _told(weeks: int, done: Mapping[str, int]) -> str:
    names = ("lessons", "quiz answers", "role-plays", "observations", "customers' answers")
    return f"Week {weeks} of {DAYS // 7}: " + ", ".join(f"{done.get(name, 0)} {name}" for name in names) + "."


def give_everybody_the_password(at: datetime) -> None:
    """Everybody signs in with the password that is printed on the page. For the demonstration only: nowhere else do two people share one.

    It is hashed once, as every password is, because hashing it for each would take longer than their half year.
    """
    db.session.execute(update(Person).values(password_hash=passwords.hashed(PASSWORD)))
    audit.note(None, "give_everybody_the_password", "demo", at)
