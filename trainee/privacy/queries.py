"""Requests by their clock, and what has been kept long enough."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import aliased

from trainee.coaching import Dispute, Observation, ObservationLine
from trainee.coaching.calibration import CalibrationCase, CalibrationMark
from trainee.coaching.growth import GrowthOffer
from trainee.coaching.observations import SelfReview
from trainee.coaching.praise import Praise
from trainee.coaching.sessions import PrivateNote, SessionPart
from trainee.expectations import ExpectationAnswer
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.modules.roleplays.models import RolePlayMove
from trainee.people import Person
from trainee.plans import Assignment, PathOpening
from trainee.privacy.inventory import COMMENT_MONTHS, WORDS_MONTHS
from trainee.privacy.models import CorrectionRequest
from trainee.voice import Rating


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of free text: how many months it is kept, how many texts are older, and the oldest of them (None: none)."""

    kind: str
    months: int
    before: datetime
    due: int
    oldest: datetime | None


def corrections_of(person_id: int) -> list[CorrectionRequest]:
    """What somebody asked to be put right, the newest first."""
    statement = select(CorrectionRequest).where(CorrectionRequest.person_id == person_id)
    return list(db.session.execute(statement.order_by(CorrectionRequest.asked_at.desc(), CorrectionRequest.id.desc())).scalars())


def _requests() -> Any:
    decider = aliased(Person)
    return (
        select(*CorrectionRequest.__table__.columns, Person.name.label("person"), decider.name.label("decider"))
        .join(Person, Person.id == CorrectionRequest.person_id)
        .outerjoin(decider, decider.id == CorrectionRequest.decided_by_id)
    )


def open_corrections() -> list[Any]:
    """Everybody's requests that wait for a decision, the most urgent first."""
    return list(
        db.session.execute(_requests().where(CorrectionRequest.decided_at.is_(None)).order_by(CorrectionRequest.due_on, CorrectionRequest.id))
    )


def decided_corrections(limit: int = 50) -> list[Any]:
    """The requests decided last."""
    done = _requests().where(CorrectionRequest.decided_at.is_not(None))
    return list(db.session.execute(done.order_by(CorrectionRequest.decided_at.desc(), CorrectionRequest.id.desc()).limit(limit)))


def correction_or_404(request_id: int) -> Any:
    """One request with the names of who asked and who decided."""
    found = db.session.execute(_requests().where(CorrectionRequest.id == request_id)).first()
    if found is None:
        raise NotFound
    return found


def due_for_deletion(at: datetime) -> list[Retention]:
    """The free texts that are older than they may be kept. Computed; nothing is deleted here."""
    before = months_before(at, WORDS_MONTHS)
    return [
        _observations(before),
        _comments(months_before(at, COMMENT_MONTHS)),
        *(_older(kind, before, texts) for kind, texts in _texts().items()),
    ]


def months_before(at: datetime, months: int) -> datetime:
    """The same day and time so many months earlier; the last of the month where that month is shorter."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def _observations(before: datetime) -> Retention:
    noted = select(ObservationLine.observation_id).where(ObservationLine.observation_id == Observation.id, ObservationLine.note != "").exists()
    said = select(SelfReview.observation_id).where(SelfReview.observation_id == Observation.id, SelfReview.note != "").exists()
    disputed = select(Dispute.id).where(Dispute.observation_id == Observation.id, (Dispute.reason != "") | (Dispute.reply != "")).exists()
    old = (Observation.seen_at < before) & ((Observation.shared != "") | (Observation.conduct != "") | noted | said | disputed)
    count, oldest = db.session.execute(select(func.count(), func.min(Observation.seen_at)).select_from(Observation).where(old)).one()
    return Retention("observation", WORDS_MONTHS, before, count, oldest)


def _comments(before: datetime) -> Retention:
    old = (Rating.given_at < before) & (Rating.comment != "")
    count, oldest = db.session.execute(select(func.count(), func.min(Rating.given_at)).select_from(Rating).where(old)).one()
    return Retention("comment", COMMENT_MONTHS, before, count, oldest)


def _texts() -> dict[str, list[Select[Any]]]:
    """When each text was written, by kind, kind for kind as the inventory has them; never what stands in them."""
    answer, assignment = ExpectationAnswer, Assignment
    return {
        "expectations": [_written(answer.at, answer.note != ""), _written(answer.replied_at, answer.reply != "")],
        "assignments": [
            _written(assignment.given_at, assignment.why != ""),
            _written(assignment.ended_at, assignment.ended_why != ""),
            _written(PathOpening.opened_at, PathOpening.why != ""),
        ],
        "coaching": [_written(SessionPart.written_at), _written(PrivateNote.written_at, PrivateNote.words != "")],
        "praise": [_written(Praise.given_at, Praise.words != "")],
        "growth": [_written(GrowthOffer.offered_at, GrowthOffer.words != "")],
        "calibration": [
            _written(CalibrationCase.made_at, CalibrationCase.text != ""),
            _written(CalibrationCase.made_at, CalibrationMark.note != "").join(CalibrationMark, CalibrationMark.case_id == CalibrationCase.id),
        ],
        "talks": [_written(RolePlayMove.made_at, RolePlayMove.text != "")],
    }


def _written(moment: Any, *which: ColumnElement[bool]) -> Select[Any]:
    return select(moment.label("written_at")).where(moment.is_not(None), *which)


def _older(kind: str, before: datetime, texts: list[Select[Any]]) -> Retention:
    """One kind of text; how many there are that are older, and the oldest. One statement."""
    every = union_all(*texts).subquery()
    statement = select(func.count(), func.min(every.c.written_at)).select_from(every).where(every.c.written_at < before)
    count, oldest = db.session.execute(statement).one()
    return Retention(kind, WORDS_MONTHS, before, count, oldest)
