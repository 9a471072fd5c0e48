"""Taking in what customers answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_

from trainee import profile
from trainee.kit.db import db, insert_many_once
from trainee.profile import Showing
from trainee.voice.masking import masked
from trainee.voice.models import Rating
from trainee.voice.survey import QUESTIONS

# So many answers are written at a time; more would not fit into one statement's parameters.
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """A customer's answer as it comes from another system, before it is masked and kept."""

    person_id: int
    given_at: datetime
    question: str
    value: int
    system: str
    external_id: str
    comment: str = ""

    def __post_init__(self) -> None:
        if self.question not in QUESTIONS:
            raise ValueError(f"there is no question {self.question!r}")
        if not 1 <= self.value <= QUESTIONS[self.question].highest:
            raise ValueError(f"{self.value} is not on the scale of {self.question}")
        if self.given_at.tzinfo is None:
            raise ValueError("a moment needs a time zone")

    @property
    def name(self) -> tuple[str, str]:
        """What makes it this answer and no other."""
        return self.system, self.external_id


@dataclass(frozen=True, slots=True)
class Taken:
    """How many answers were new, and how many had been taken before."""

    new: int
    known: int


def take_ratings(answers: Sequence[Answer], at: datetime) -> Taken:
    """Keep the answers that are new and make evidence of those that tell of a skill. What was taken before changes nothing."""
    new = 0
    for start in range(0, len(answers), _BATCH):
        fresh = _fresh(answers[start : start + _BATCH])
        insert_many_once(Rating, [_row(one, at) for one in fresh], ["system", "external_id"])
        profile.record([_showing(one, skill) for one in fresh if (skill := QUESTIONS[one.question].skill) is not None], at)
        new += len(fresh)
    return Taken(new, len(answers) - new)


def _fresh(answers: Sequence[Answer]) -> list[Answer]:
    """Those nobody has taken yet, each once."""
    first: dict[tuple[str, str], Answer] = {}
    for one in answers:
        first.setdefault(one.name, one)
    known = select(Rating.system, Rating.external_id).where(tuple_(Rating.system, Rating.external_id).in_(list(first)))
    taken = {(row.system, row.external_id) for row in db.session.execute(known)}
    return [one for name, one in first.items() if name not in taken]


def _row(answer: Answer, at: datetime) -> dict[str, object]:
    return {
        "person_id": answer.person_id,
        "given_at": answer.given_at,
        "taken_at": at,
        "instrument": QUESTIONS[answer.question].instrument,
        "question": answer.question,
        "value": answer.value,
        "comment": masked(answer.comment),
        "system": answer.system,
        "external_id": answer.external_id,
    }


def _showing(answer: Answer, skill: str) -> Showing:
    question = QUESTIONS[answer.question]
    return Showing(
        person_id=answer.person_id,
        skill=skill,
        source="customer_rating",
        score=question.score(answer.value),
        item=question.item,
        occurred_at=answer.given_at,
        receipt=f"customer_rating/{answer.system}/{answer.external_id}",
        detail={"value": answer.value, "of": question.highest},
    )
