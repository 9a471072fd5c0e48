"""Who has read what: marks that somebody has seen she cannot give blind any more, and what was decided is told until it is read."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from trainee.coaching import draws
from trainee.coaching.observations.models import DisputeReading, Observation, ObservationDraft, ObservationReading
from trainee.kit.db import db, insert_many_once, writing
from trainee.people import Person


def read_by(person_id: int, observation_ids: Collection[int]) -> set[int]:
    """Which of these observations somebody has opened. One statement."""
    mine = (ObservationReading.person_id == person_id) & ObservationReading.observation_id.in_(list(observation_ids))
    return set(db.session.scalars(select(ObservationReading.observation_id).where(mine)))


def note_read(person_id: int, observation_id: int, disputes: Iterable[int], at: datetime) -> None:
    """Keep that somebody has opened an observation, and what was decided of these disputes. Once, in a transaction of its own: pages only read."""
    decided = sorted(disputes)
    known = set(
        db.session.scalars(select(DisputeReading.dispute_id).where(DisputeReading.person_id == person_id, DisputeReading.dispute_id.in_(decided)))
    )
    opened, new = observation_id in read_by(person_id, [observation_id]), [one for one in decided if one not in known]
    if opened and not new:
        return
    db.session.rollback()
    with writing():
        row = {"person_id": person_id, "read_at": at}
        insert_many_once(ObservationReading, [row | {"observation_id": observation_id}], ["observation_id", "person_id"])
        insert_many_once(DisputeReading, [row | {"dispute_id": one} for one in new], ["dispute_id", "person_id"])
        db.session.commit()


def begun(observer_id: int, person_id: int) -> set[str]:
    """The contacts of somebody that this observer is about to score: she has begun to write, or chance drew them for her. Two statements."""
    drafts = select(ObservationDraft.fields).where(ObservationDraft.observer_id == observer_id, ObservationDraft.person_id == person_id)
    typed = {value.strip() for fields in db.session.scalars(drafts) for value in fields.get("contact", ())}
    return (typed | draws.to_score(person_id, observer_id)) - {""}


def whose_marks_are_known(observer_id: int, person_id: int, contact: str) -> str | None:
    """Whose marks of that very contact this observer has read, by name; None when hers would be blind. One statement."""
    if not contact:
        return None
    statement = (
        select(Person.name)
        .join(Observation, Observation.observer_id == Person.id)
        .join(ObservationReading, ObservationReading.observation_id == Observation.id)
        .where(Observation.person_id == person_id, Observation.contact == contact, Observation.observer_id != observer_id)
        .where(ObservationReading.person_id == observer_id)
        .order_by(Observation.id)
    )
    found: str | None = db.session.execute(statement.limit(1)).scalar()
    return found
