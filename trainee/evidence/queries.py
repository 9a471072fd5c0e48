"""Reading the log, always in the order in which things happened: (occurred_at, id)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select, text
from sqlalchemy.orm import aliased

from trainee.evidence.models import EVIDENCE
from trainee.kit.db import UtcDateTime, db
from trainee.kit.straight import Straight


class Row(NamedTuple):
    """One row of the log, as far as an estimate needs it."""

    id: int
    person_id: int
    skill: str
    source: str
    score: float
    item: str
    occurred_at: datetime
    actor_id: int | None
    choices: int
    receipt: str = ""


_ROW = (
    EVIDENCE.c.id,
    EVIDENCE.c.person_id,
    EVIDENCE.c.skill_key,
    EVIDENCE.c.source,
    EVIDENCE.c.score,
    EVIDENCE.c.item,
    EVIDENCE.c.occurred_at,
    EVIDENCE.c.actor_id,
    EVIDENCE.c.choices,
    EVIDENCE.c.receipt,
)


def _standing(known_by: datetime | None) -> Select[Any]:
    """Rows that are not taken back, as the log stood at `known_by` (None: as it stands)."""
    later = aliased(EVIDENCE)
    taken_back = select(later.c.id).where(later.c.retracts_id == EVIDENCE.c.id)
    query = select(*_ROW).where(EVIDENCE.c.retracts_id.is_(None))
    if known_by is None:
        return query.where(~taken_back.exists())
    return query.where(EVIDENCE.c.recorded_at <= known_by, ~taken_back.where(later.c.recorded_at <= known_by).exists())


def standing(receipts: Sequence[str]) -> dict[str, Row]:
    """Those of these receipts whose row stands, that is, is not taken back, with it. One statement."""
    if not receipts:
        return {}
    return {row.receipt: Row._make(row) for row in db.session.execute(_standing(None).where(EVIDENCE.c.receipt.in_(receipts)))}


# Few rows take another back, and SQLite does not know. The sums keep it from going through the whole log by the index of retracts_id to find those
# that do not, and through a person's rows to find those that do.
_OF_PERSON = """
    SELECT id, person_id, skill_key, source, score, item, occurred_at, actor_id, choices, receipt
    FROM evidence
    WHERE person_id = :person AND retracts_id + 0 IS NULL %s
        AND id NOT IN (SELECT retracts_id FROM evidence WHERE retracts_id > 0 AND person_id + 0 = :person %s)
    ORDER BY occurred_at, id
"""
_IN_ORDER = Straight(text(_OF_PERSON % ("", "")))
_IN_ORDER_BY_THEN = Straight(
    text(_OF_PERSON % ("AND recorded_at <= :known_by", "AND recorded_at <= :known_by")).bindparams(bindparam("known_by", type_=UtcDateTime()))
)


def in_order(person_ids: Sequence[int], known_by: datetime | None = None) -> Iterator[Row]:
    """What stands of these people's evidence, person by person, each in order; `known_by` hides what was recorded later.

    One statement a person, straight to the driver: a rebuild reads the whole log here.
    """
    dialect = db.engine.dialect
    moment: Any = UtcDateTime().dialect_impl(dialect).result_processor(dialect, None)
    # What `Row(...)` comes to in the end, without the calls on the way there.
    new = tuple.__new__
    for person_id in sorted(set(person_ids)):
        values = {"person": person_id}
        rows = _IN_ORDER(values) if known_by is None else _IN_ORDER_BY_THEN({**values, "known_by": known_by})
        for number, whose, skill, source, score, item, at, actor_id, choices, receipt in rows:
            yield new(Row, (number, whose, skill, source, score, item, moment(at), actor_id, choices, receipt))


def of_everyone(known_by: datetime | None = None) -> Iterator[Row]:
    """What stands of everybody's evidence in the order in which it happened, a thousand rows at a time in memory."""
    query = _standing(known_by).order_by(EVIDENCE.c.occurred_at, EVIDENCE.c.id).execution_options(yield_per=1000)
    for row in db.session.execute(query):
        yield Row._make(row)


def of_skill(person_id: int, skill: str, limit: int = 50, before: datetime | None = None) -> list[dict[str, Any]]:
    """One person's newest evidence on one skill with every column, retractions and what they take back included."""
    query = select(*EVIDENCE.c).where(EVIDENCE.c.person_id == person_id, EVIDENCE.c.skill_key == skill)
    if before is not None:
        query = query.where(EVIDENCE.c.occurred_at < before)
    query = query.order_by(EVIDENCE.c.occurred_at.desc(), EVIDENCE.c.id.desc()).limit(limit)
    return [dict(row) for row in db.session.execute(query).mappings()]


def take_backs(person_id: int, skill: str) -> list[dict[str, Any]]:
    """The rows that take back evidence of one person on one skill, with their reasons in `detail`."""
    query = select(*EVIDENCE.c).where(EVIDENCE.c.person_id == person_id, EVIDENCE.c.skill_key == skill, EVIDENCE.c.retracts_id.is_not(None))
    return [dict(row) for row in db.session.execute(query.order_by(EVIDENCE.c.occurred_at, EVIDENCE.c.id)).mappings()]


def people_with_evidence() -> list[int]:
    """Everybody who has a row in the log, by id."""
    return list(db.session.scalars(select(EVIDENCE.c.person_id).distinct().order_by(EVIDENCE.c.person_id)))


def rows_per_person(person_ids: Sequence[int] | None = None) -> dict[int, int]:
    """How many rows the log has for each person, retractions included; None asks for everybody."""
    query = select(EVIDENCE.c.person_id, func.count()).group_by(EVIDENCE.c.person_id)
    if person_ids is not None:
        query = query.where(EVIDENCE.c.person_id.in_(person_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def newest_id() -> int:
    """The highest id in the log, 0 when it is empty."""
    return db.session.scalar(select(func.max(EVIDENCE.c.id))) or 0
