"""Calibrations: learning how hard items are, folding everybody under what was learned, and switching in one step.

The two jobs here are generators. Whoever runs one commits after every step it yields: what is done is then kept, an
interrupted job goes on where it stopped, and until the last step every figure shown is the old calibration's.
"""

import gc
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, insert, literal, select, update

from trainee import evidence
from trainee.kit.db import db, only_reads
from trainee.profile import policy, store
from trainee.profile.falls import find_falls
from trainee.profile.fold import Difficulties, Person, Readings, fold
from trainee.profile.learning import learn
from trainee.profile.models import CALIBRATION, FIGURES, STANDING

# At most so many people, and about so many rows of the log, are folded in one transaction.
_BATCH = 200
_PORTION = 4000


class Progress(NamedTuple):
    """How far a job is: people folded of all; nobody yet while difficulties are learned."""

    done: int
    total: int


class Version(NamedTuple):
    """What names a calibration."""

    id: int
    policy: str
    events: int
    learned_at: datetime


_VERSION = (CALIBRATION.c.id, CALIBRATION.c.policy, CALIBRATION.c.events, CALIBRATION.c.learned_at)


def in_state(state: str) -> Version | None:
    """The calibration in that state, 'current' or 'folding', if there is one."""
    row = db.session.execute(select(*_VERSION).where(CALIBRATION.c.state == state)).one_or_none()
    return None if row is None else Version._make(row)


def begin(at: datetime) -> None:
    """See to it that a calibration is current: the first one knows nothing and takes every item at its prior."""
    if in_state("current") is None:
        store.begin_calibration(_values("current", at, at, 0, Difficulties()))


def up_to_date() -> bool:
    """Whether the figures shown were folded under today's policy."""
    current = in_state("current")
    return current is None or current.policy == policy.key()


def rebuild(at: datetime) -> Iterator[Progress]:
    """Replay the whole log under today's policy and the current difficulties; the caller commits after every step."""
    begin(at)
    folding = in_state("folding")
    if folding is not None and folding.policy != policy.key():
        number = folding.id
        for _portion in _clear(select(literal(number))):
            yield Progress(0, folding.events)
        db.session.execute(delete(CALIBRATION).where(CALIBRATION.c.id == number))
        folding = None
    if folding is None:
        current = in_state("current")
        assert current is not None
        known = store.difficulties(current.id)
        folding = _propose(at, current.events, known)
    yield from _fold_everybody(folding.id, at)


def learn_calibration(at: datetime) -> Iterator[Progress]:
    """Learn a new calibration from the whole log and bring it into use; does nothing when nothing was recorded since.

    The caller commits after every step.
    """
    begin(at)
    folding, current = in_state("folding"), in_state("current")
    assert current is not None
    if folding is None:
        events = sum(evidence.rows_per_person().values())
        if events == current.events and current.policy == policy.key():
            return
        yield Progress(0, events)
        # The long reading takes no write lock: it begins after one commit and ends before another.
        only_reads(True)
        try:
            known = replace(learn(evidence.of_everyone()), falls=find_falls(at))
        finally:
            only_reads(False)
        yield Progress(0, events)
        folding = _propose(at, events, known)
    yield from _fold_everybody(folding.id, at)


def refold(calibration_id: int, person_ids: list[int], known: Difficulties) -> dict[int, Person]:
    """Fold these people's evidence from the beginning and keep the figures; what was kept before is replaced."""
    counts = evidence.rows_per_person(person_ids)
    store.wipe(calibration_id, person_ids)
    people = {}
    readings: Readings = {}
    for person_id in person_ids:
        people[person_id] = fold(evidence.in_order([person_id]), known, readings)
        people[person_id].rows = counts.get(person_id, 0)
    store.save(calibration_id, people)
    return people


def _values(state: str, at: datetime, current_from: datetime | None, events: int, known: Difficulties) -> dict[str, Any]:
    return {
        # Drawn and not counted: a number is remembered by every process with what it stands for, and must never come again,
        # not even after a transaction was taken back or a database restored.
        "id": secrets.randbelow(2**31 - 1) + 1,
        "state": state,
        "policy": policy.key(),
        "learned_at": at,
        "current_from": current_from,
        "events": events,
        "item_difficulties": store.pack(known.items),
        "skill_difficulties": store.pack(known.skills),
        "widths": {line: list(width) for line, width in known.widths.items()},
        "falls": [[*fall[:3], fall.since.isoformat(), *fall[4:]] for fall in known.falls],
    }


def _propose(at: datetime, events: int, known: Difficulties) -> Version:
    values = _values("folding", at, None, events, known)
    number = db.session.execute(insert(CALIBRATION).values(values).returning(CALIBRATION.c.id)).scalar_one()
    return Version(number, policy.key(), events, at)


def _fold_everybody(folding: int, at: datetime) -> Iterator[Progress]:
    known = store.read(folding)
    counts = evidence.rows_per_person()
    # Whoever goes on after an interruption begins where it was.
    folded = db.session.scalars(select(STANDING.c.person_id).where(STANDING.c.calibration_id == folding))
    done = len(counts.keys() & set(folded))
    for people in _portions(counts):
        left = _still_waiting(folding, people)
        if left is None:
            return
        if left:
            with _no_sweeping():
                refold(folding, left, known)
        done += len(left)
        yield Progress(min(done, len(counts)), len(counts))
    _switch(folding, known, at)
    yield Progress(done, len(counts))
    # The difficulties of a retired calibration stay.
    for _portion in _clear(select(CALIBRATION.c.id).where(CALIBRATION.c.state == "retired")):
        yield Progress(done, len(counts))


@contextmanager
def _no_sweeping() -> Iterator[None]:
    # A fold makes very many small objects and no circles: looking for circles meanwhile would take a third of its time.
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()


def _portions(counts: Mapping[int, int]) -> Iterator[list[int]]:
    # Small enough that whoever records meanwhile hardly waits.
    portion: list[int] = []
    rows = 0
    for person_id, count in sorted(counts.items()):
        portion.append(person_id)
        rows += count
        if rows >= _PORTION or len(portion) >= _BATCH:
            yield portion
            portion, rows = [], 0
    if portion:
        yield portion


def _still_waiting(folding: int, people: list[int]) -> list[int] | None:
    # The row is held, so that two rebuilds at once take turns; None when the other one has come to the end.
    mine = select(CALIBRATION.c.id).where(CALIBRATION.c.id == folding, CALIBRATION.c.state == "folding")
    if db.session.scalar(mine.with_for_update()) is None:
        return None
    done = set(db.session.scalars(select(STANDING.c.person_id).where(STANDING.c.calibration_id == folding, STANDING.c.person_id.in_(people))))
    return [person_id for person_id in people if person_id not in done]


def _switch(folding: int, known: Difficulties, at: datetime) -> None:
    # Retiring the current one first waits for everybody who is recording under it and keeps others out until we commit;
    # what was recorded meanwhile shows as another number of rows.
    old = in_state("current")
    if old is None or old.id == folding:
        return
    db.session.execute(update(CALIBRATION).where(CALIBRATION.c.id == old.id, CALIBRATION.c.state == "current").values(state="retired"))
    folded = {row[0]: row[1] for row in db.session.execute(select(STANDING.c.person_id, STANDING.c.rows).where(STANDING.c.calibration_id == folding))}
    behind = [person_id for person_id, count in sorted(evidence.rows_per_person().items()) if folded.get(person_id) != count]
    for start in range(0, len(behind), _BATCH):
        refold(folding, behind[start : start + _BATCH], known)
    db.session.execute(update(CALIBRATION).where(CALIBRATION.c.id == folding).values(state="current", current_from=at))


def _clear(calibrations: Select[Any]) -> Iterator[None]:
    """Delete all figures of these calibrations, some people at a time, so that nobody who records meanwhile waits for long.

    A person's standing goes with her figures: what is left to clear is found again by whoever was interrupted.
    """
    left = select(STANDING.c.person_id).where(STANDING.c.calibration_id.in_(calibrations)).distinct().limit(_BATCH)
    while people := db.session.scalars(left).all():
        for table in (*FIGURES, STANDING):
            db.session.execute(delete(table).where(table.c.person_id.in_(people), table.c.calibration_id.in_(calibrations)))
        yield


def at_time(moment: datetime) -> Difficulties:
    """What was known of items and skills at a past moment."""
    query = select(CALIBRATION.c.id).where(CALIBRATION.c.current_from <= moment)
    found: Any = db.session.scalar(query.order_by(CALIBRATION.c.current_from.desc(), CALIBRATION.c.state).limit(1))
    return Difficulties() if found is None else store.read(found)
