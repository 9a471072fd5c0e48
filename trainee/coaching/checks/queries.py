"""Reading the checks people made for themselves."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from trainee.coaching.checks.models import ContactCheck
from trainee.kit.db import db

_SHOWN = 15


def latest(person_id: int) -> list[ContactCheck]:
    """Her last checks, the newest first. One statement."""
    statement = select(ContactCheck).where(ContactCheck.person_id == person_id).order_by(ContactCheck.at.desc(), ContactCheck.id.desc())
    return list(db.session.scalars(statement.limit(_SHOWN)))


def found_open(person_id: int, since: datetime) -> tuple[int, Counter[str]]:
    """How many contacts she looked back on since then, and how often each check found something open. One statement."""
    rows = select(ContactCheck.answers).where(ContactCheck.person_id == person_id, ContactCheck.at >= since)
    given = list(db.session.scalars(rows))
    return len(given), Counter(key for answers in given for key, answer in answers.items() if answer == "open")


def check_of(observation_id: int) -> ContactCheck | None:
    """What the observed person checked for herself of that contact. One statement."""
    return db.session.scalar(select(ContactCheck).where(ContactCheck.observation_id == observation_id))
