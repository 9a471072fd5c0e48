"""Who has read what: marks that somebody has seen she cannot give blind any more, and what was decided is told until it is read."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from trainee.coaching import draws
from trainee.coaching.observations.models import DisputeReading, Observation, ObservationDraft, ObservationReading
from trainee.evidence import Evidence
from trainee.kit.db import db, insert_many_once, writing
from trainee.kit.straight import Straight
from trainee.people import Person, Viewer

# The receipts under which marks are evidence name the observations they come from.
_FROM = re.compile(r"(?:observation_line|double_observation)/(\d+)(?:-(\d+))?/")


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


def _unread() -> Any:
    """The observations of somebody by others, of contacts with a number, that a viewer neither opened nor scored herself."""
    person: Any = bindparam("person")
    who: Any = bindparam("who")
    own = aliased(Observation)
    opened = select(ObservationReading.person_id).where(ObservationReading.observation_id == Observation.id, ObservationReading.person_id == who)
    scored = select(own.id).where(own.person_id == person, own.observer_id == who, own.contact == Observation.contact)
    theirs = (Observation.person_id == person) & (Observation.observer_id != who) & (Observation.contact != "")
    return select(Observation.id, Observation.seen_at).where(theirs, ~opened.exists(), ~scored.exists())


# The page of a person sends it each time.
_UNREAD = Straight(_unread())


def still_blind(who: Viewer, person_id: int) -> dict[int, int]:
    """The rows of the log, with the observation each comes from, whose mark this viewer is not to read in passing, beside the hour of the contact.

    They are of contacts with a number that somebody else scored and that she could still score herself: whoever does scores blind, and whoever has
    opened the observation does not. Two statements; one where there are none, and none for who scores nobody.
    """
    if not who.holds("supervisor", "trainer"):
        return {}
    unread: dict[int, datetime] = dict(_UNREAD({"person": person_id, "who": who.id}))
    if not unread:
        return {}
    rows = select(Evidence.id, Evidence.receipt).where(Evidence.person_id == person_id, Evidence.occurred_at >= min(unread.values()))
    found = {}
    for row in db.session.execute(rows):
        named = _FROM.match(row.receipt)
        one = next((int(number) for number in named.groups() if number and int(number) in unread), None) if named else None
        if one is not None:
            found[row.id] = one
    return found


def scored_before(observer_id: int, person_id: int, contact: str, observation_id: int) -> bool:
    """Whether this observer has scored that contact in another observation. One statement."""
    mine = (Observation.observer_id == observer_id) & (Observation.person_id == person_id) & (Observation.contact == contact)
    return db.session.execute(select(Observation.id).where(mine, Observation.id != observation_id).limit(1)).first() is not None


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
