"""Requests by their clock, and what has been kept long enough."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import JSON, ColumnElement, Select, Text, func, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from trainee.coaching import Dispute, Observation, ObservationLine
from trainee.coaching.calibration import CalibrationCase, CalibrationMark, ObserverLicence
from trainee.coaching.draws import ContactPick
from trainee.coaching.growth import GrowthOffer
from trainee.coaching.observations import ObservationDraft, SelfReview
from trainee.coaching.praise import Praise
from trainee.coaching.sessions import CoachingSession, PrivateNote, SessionMove, SessionPart
from trainee.expectations import ExpectationAnswer, ExpectationDraft
from trainee.kit.clock import months_after
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.modules.roleplays.models import RolePlayMove
from trainee.modules.roleplays.replies import OfferedReply
from trainee.people import Person
from trainee.plans import Assignment, PathOpening, done_before
from trainee.privacy.inventory import COMMENT_MONTHS, WORDS_MONTHS
from trainee.privacy.models import CorrectionRequest, PrivacyNotice, PrivacyReading, RetentionTerm
from trainee.privacy.words import blank
from trainee.voice import Rating
from trainee.voice.interviews.models import InterviewQuote, InterviewTalk
from trainee.voice.models import Concern, RatingReply
from trainee.voice.public.models import PublicVoice

# Kinds whose words are kept for another time than the others'.
MONTHS: Final = {"comment": COMMENT_MONTHS}


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of free text: how many months it is kept, how many texts are older, and the oldest of them (None: none)."""

    kind: str
    months: int
    before: datetime
    due: int
    oldest: datetime | None
    # Whether what is due goes by night.
    active: bool = False


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


def newest_notice() -> PrivacyNotice | None:
    """What people are told about their data today; None while nothing was published."""
    return db.session.scalars(select(PrivacyNotice).order_by(PrivacyNotice.number.desc()).limit(1)).first()


def read_at(number: int, person_id: int) -> datetime | None:
    """When somebody said that she read that version."""
    mine = (PrivacyReading.number == number) & (PrivacyReading.person_id == person_id)
    return db.session.scalar(select(PrivacyReading.read_at).where(mine))


def notices() -> list[Any]:
    """Every version, the newest first: (number, published, by whom, how many have read it). One statement."""
    readers = select(func.count()).where(PrivacyReading.number == PrivacyNotice.number).scalar_subquery()
    statement = select(PrivacyNotice.number, PrivacyNotice.published_at, Person.name, readers.label("readers"))
    return list(db.session.execute(statement.join(Person, Person.id == PrivacyNotice.published_by_id).order_by(PrivacyNotice.number.desc())))


def not_read(number: int, limit: int = 50) -> tuple[int, list[Any]]:
    """How many people with an open account have not read a version, and the first of them by name."""
    readers = select(PrivacyReading.person_id).where(PrivacyReading.number == number)
    there = (Person.disabled_at.is_(None), Person.id.not_in(readers))
    many = db.session.scalar(select(func.count()).select_from(Person).where(*there)) or 0
    return many, list(db.session.execute(select(Person.id, Person.name).where(*there).order_by(Person.name_sort).limit(limit)))


def due_for_deletion(at: datetime) -> list[Retention]:
    """The free texts that are older than they may be kept. Computed; nothing is deleted here. One statement, and one a kind."""
    known = terms()
    return [_older(kind, *known[kind], at, texts) for kind, texts in counted_words().items()]


def terms() -> dict[str, tuple[int, bool]]:
    """For how many months each kind is kept, and whether what is older goes by night: as HR has said, else as we say. One statement."""
    said = {row.kind: (row.months, row.active) for row in db.session.execute(select(RetentionTerm.kind, RetentionTerm.months, RetentionTerm.active))}
    return {kind: said.get(kind, (MONTHS.get(kind, WORDS_MONTHS), False)) for kind in counted_words()}


def blank_older(kind: str, at: datetime) -> dict[str, int]:
    """Blank what is older than its term; how many texts, by table. What says when something was written stays, and so does every mark."""
    before = months_after(at, -terms()[kind][0])
    counts: dict[str, int] = {}
    for moment, words in counted_words()[kind]:
        table = words.table
        old: ColumnElement[bool] = moment < before
        if moment.table is not table:
            # The moment stands in another table: its rows are named by the key that both have.
            column, other = _POINTS[table.name]
            old = table.c[column].in_(select(other).where(moment < before))
        counts[table.name] = counts.get(table.name, 0) + blank(table, words.name, old)
    if kind in _DONE:
        words, done = _DONE[kind]
        ids = sorted(done(before))
        for first in range(0, len(ids), _AT_ONCE):
            some = words.table.c.id.in_(ids[first : first + _AT_ONCE])
            counts[words.table.name] = counts.get(words.table.name, 0) + blank(words.table, words.name, some)
    return {name: many for name, many in counts.items() if many}


def counted_words() -> dict[str, list[tuple[Any, Any]]]:
    """Every free text by kind: the column of the moment it was written, and its own; never what stands in it."""
    made, seen = CalibrationCase.made_at, Observation.seen_at
    return {
        # What is said of a contact is as old as the contact.
        "observation": [
            *((seen, words) for words in (Observation.shared, Observation.conduct, ObservationLine.note, SelfReview.note)),
            (seen, Dispute.reason),
            (seen, Dispute.reply),
            (ContactPick.replaced_at, ContactPick.reason),
        ],
        "comment": [
            (PublicVoice.saved_at, PublicVoice.example),
            (Rating.given_at, Rating.comment),
            (RatingReply.written_at, RatingReply.words),
            (Concern.closed_at, Concern.done),
        ],
        "interviews": [
            (InterviewTalk.made_at, InterviewTalk.whom),
            (InterviewTalk.made_at, InterviewTalk.notes),
            (InterviewQuote.coded_at, InterviewQuote.words),
        ],
        "expectations": [(ExpectationAnswer.at, ExpectationAnswer.note), (ExpectationAnswer.replied_at, ExpectationAnswer.reply)],
        "drafts": [
            (ObservationDraft.kept_at, ObservationDraft.fields),
            *((ExpectationDraft.edited_at, getattr(ExpectationDraft, name)) for name in ("why", "monitored", "words_tr", "words_en")),
        ],
        "assignments": [
            # The reason of what is still to be done is needed; it is as old as its end (and see `_DONE`).
            (Assignment.ended_at, Assignment.why),
            (Assignment.ended_at, Assignment.ended_why),
            (PathOpening.opened_at, PathOpening.why),
        ],
        "coaching": [
            (CoachingSession.held_at, CoachingSession.action),
            (CoachingSession.cancelled_at, CoachingSession.cancel_reason),
            (SessionMove.moved_at, SessionMove.reason),
            (SessionPart.written_at, SessionPart.words),
            (PrivateNote.written_at, PrivateNote.words),
        ],
        "praise": [(Praise.given_at, Praise.words)],
        "growth": [(GrowthOffer.offered_at, GrowthOffer.words), (GrowthOffer.outcome_at, GrowthOffer.outcome)],
        "calibration": [
            (made, CalibrationCase.text),
            (made, CalibrationMark.note),
            (CalibrationCase.closed_at, CalibrationCase.agreed),
            (ObserverLicence.ended_at, ObserverLicence.why),
        ],
        "talks": [(RolePlayMove.made_at, RolePlayMove.text), (OfferedReply.looked_at, OfferedReply.words)],
    }


# Words that are as old as something that is worked out and not stored: by a moment, when each row was done that was so before.
_DONE: Final[dict[str, Any]] = {"assignments": (Assignment.why, done_before)}
_AT_ONCE: Final = 5000
# The table that says when what stands in another was written, and how the two are joined.
_BESIDE: Final[dict[str, Any]] = {
    "observation_line": ObservationLine.observation_id == Observation.id,
    "self_review": SelfReview.observation_id == Observation.id,
    "dispute": Dispute.observation_id == Observation.id,
    "calibration_mark": CalibrationMark.case_id == CalibrationCase.id,
}


# The same, by the column that points at the other's key.
_POINTS: Final[dict[str, tuple[str, Any]]] = {
    "observation_line": ("observation_id", Observation.id),
    "self_review": ("observation_id", Observation.id),
    "dispute": ("observation_id", Observation.id),
    "calibration_mark": ("case_id", CalibrationCase.id),
}


def _written(moment: Any, words: Any) -> Select[Any]:
    wanted = select(moment.label("written_at")).where(moment.is_not(None), words.is_not(None), _not_empty(words))
    beside = _BESIDE.get(words.table.name)
    return wanted.where(beside) if beside is not None else wanted


def _not_empty(words: Any) -> ColumnElement[bool]:
    if not isinstance(words.type, JSON):
        return cast("ColumnElement[bool]", words.not_in(("", "—")))
    # A form or a part is kept with every field; those left empty say nothing.
    return func.replace(func.replace(sql_cast(words, Text), '": ""', ""), '[""]', "").like('%": %"%')


def _older(kind: str, months: int, active: bool, at: datetime, texts: list[tuple[Any, Any]]) -> Retention:
    """One kind of text; how many there are that are older, and the oldest. One statement, and of assignments four more."""
    before = months_after(at, -months)
    every = union_all(*(_written(moment, words) for moment, words in texts)).subquery()
    statement = select(func.count(), func.min(every.c.written_at)).select_from(every).where(every.c.written_at < before)
    count, oldest = db.session.execute(statement).one()
    done = list(_DONE[kind][1](before).values()) if kind in _DONE else []
    return Retention(kind, months, before, count + len(done), min([*done, *([oldest] if oldest is not None else [])], default=None), active)
