"""What customers said of somebody: figures only where there are enough answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.intervals import wilson
from trainee.people import Person
from trainee.voice.models import Rating
from trainee.voice.survey import QUESTIONS, Question

# Below this many answers no figure is shown: it would be chance, or a customer who can be guessed.
LEAST = 5
PAGE = 30
# How far back figures go.
RECENT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of `n` answers to a question were good."""

    question: Question
    n: int
    good: int

    @property
    def enough(self) -> bool:
        """Whether there are enough answers to say anything."""
        return self.n >= LEAST

    @property
    def share(self) -> float:
        """Good answers among all, 0..1."""
        return self.good / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Between what and what the share lies with 95 % confidence."""
        return wilson(self.share, self.n)


def shares_of(person_id: int, since: datetime, until: datetime) -> list[Share]:
    """For every question how many answers somebody got in since..until, and how many good ones. One statement."""
    good = or_(*((Rating.question == one.key) & (Rating.value >= one.good) for one in QUESTIONS.values()))
    statement = (
        select(Rating.question, func.count().label("n"), func.sum(case((good, 1), else_=0)).label("good"))
        .where(Rating.person_id == person_id, Rating.given_at >= since, Rating.given_at < until)
        .group_by(Rating.question)
    )
    found = {row.question: row for row in db.session.execute(statement)}
    return [Share(one, found[key].n, found[key].good) if key in found else Share(one, 0, 0) for key, one in QUESTIONS.items()]


def comments_of(person_id: int, page: int = 1) -> tuple[list[Any], int]:
    """One page of what customers wrote about somebody, the newest first, and how many there are."""
    wanted = (Rating.person_id == person_id) & (Rating.comment != "")
    statement = select(Rating.id, Rating.given_at, Rating.question, Rating.value, Rating.comment).where(wanted)
    rows = db.session.execute(statement.order_by(Rating.given_at.desc(), Rating.id.desc()).limit(PAGE).offset((page - 1) * PAGE))
    return list(rows), db.session.execute(select(func.count()).select_from(Rating).where(wanted)).scalar_one()


def people_by_name() -> dict[str, int]:
    """Everybody's id by employee number and by user name, folded as they are matched. A number goes before somebody else's name."""
    rows = list(db.session.execute(select(Person.id, Person.username_key, Person.employee_no)))
    found = {row.username_key: row.id for row in rows}
    return found | {trtext.fold(row.employee_no): row.id for row in rows if row.employee_no}
