"""Writing the log. Upper packages record through `profile.record`, which keeps the figures in step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, text, update

from trainee.evidence.models import DOOR, EVIDENCE
from trainee.evidence.sources import sources
from trainee.kit.db import db
from trainee.kit.straight import Straight

# So many rows are written in one statement; SQLite takes 32,766 parameters, and a row has twelve.
_AT_ONCE = 500
_COLUMNS = tuple(column for column in EVIDENCE.c if column.name != "id")


@lru_cache(maxsize=64)
def _once(rows: int) -> Straight:
    """Insert that many rows, passing over known receipts, and return the ids of what was written.

    Both databases read the same words. They are written out because SQLAlchemy compiles its own ON CONFLICT anew each time,
    which takes longer than the database needs for the whole statement.
    """
    names = ", ".join(column.name for column in _COLUMNS)
    values = ", ".join("(" + ", ".join(f":{column.name}_{number}" for column in _COLUMNS) + ")" for number in range(rows))
    # Put together from the table's own column names.
    words = f"INSERT INTO evidence ({names}) VALUES {values} ON CONFLICT (receipt) DO NOTHING RETURNING id, receipt"  # noqa: S608
    binds = [bindparam(f"{column.name}_{number}", type_=column.type) for number in range(rows) for column in _COLUMNS]
    return Straight(text(words).bindparams(*binds))


def _insert(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    values = {f"{name}_{number}": value for number, row in enumerate(rows) for name, value in row.items()}
    return {receipt: number for number, receipt in _once(len(rows))(values)}


@dataclass(frozen=True, slots=True)
class Showing:
    """One thing a person showed about one skill: `score` 0..1 on `item`, under the source's own `receipt`.

    `choices` is among how many options the answer was picked (0: open), `actor_id` who scored it when somebody else did.
    """

    person_id: int
    skill: str
    source: str
    score: float
    item: str
    occurred_at: datetime
    receipt: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    actor_id: int | None = None
    choices: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"a score is 0 to 1, not {self.score}")
        if self.source not in sources:
            raise ValueError(f"there is no source {self.source!r}")
        if self.occurred_at.tzinfo is None:
            raise ValueError("a moment needs a time zone")


@dataclass(frozen=True, slots=True)
class Written:
    """A showing and its row's id; `evidence_id` is None when its receipt had been written before."""

    showing: Showing
    evidence_id: int | None


def write(showings: Sequence[Showing], at: datetime) -> list[Written]:
    """Write each showing whose receipt is new, in the order given; one `Written` for each showing.

    A receipt that comes twice in `showings` is written for the first.
    """
    first: dict[str, Showing] = {}
    for showing in showings:
        first.setdefault(showing.receipt, showing)
    rows = [
        {
            "person_id": showing.person_id,
            "skill_key": showing.skill,
            "source": showing.source,
            "score": showing.score,
            "item": showing.item,
            "occurred_at": showing.occurred_at,
            "recorded_at": at,
            "choices": showing.choices,
            "detail": dict(showing.detail),
            "actor_id": showing.actor_id,
            "receipt": showing.receipt,
            "retracts_id": None,
        }
        for showing in first.values()
    ]
    if not rows:
        return []
    ids: dict[str, int] = {}
    for start in range(0, len(rows), _AT_ONCE):
        ids |= _insert(rows[start : start + _AT_ONCE])
    # A receipt is popped when it is met, so that its second showing in one batch reads as written before.
    return [Written(showing, ids.pop(showing.receipt, None)) for showing in showings]


def retract(evidence_id: int, reason: str, at: datetime, actor_id: int | None = None) -> int | None:
    """Take one row back by adding a row that says so; the person whose evidence it was, or None when that was done before.

    LookupError when there is no such row, or when it is itself a retraction.
    """
    row = db.session.execute(select(*EVIDENCE.c).where(EVIDENCE.c.id == evidence_id)).mappings().one_or_none()
    if row is None or row["retracts_id"] is not None:
        raise LookupError(f"there is no evidence {evidence_id} to retract")
    values = {key: value for key, value in row.items() if key != "id"}
    values |= {"recorded_at": at, "receipt": f"retract/{evidence_id}", "retracts_id": evidence_id, "actor_id": actor_id, "detail": {"reason": reason}}
    return int(row["person_id"]) if _insert([values]) else None


def blank_details(person_id: int) -> int:
    """Blank the free words of everything one person showed, and how many rows had some. For the privacy action only.

    The facts stay, and no figure moves.
    """
    mine = select(EVIDENCE.c.id, EVIDENCE.c.detail).where(EVIDENCE.c.person_id == person_id)
    told = [number for number, detail in db.session.execute(mine) if detail]
    blank_rows(told)
    return len(told)


def blank_rows(numbers: Sequence[int]) -> None:
    """Blank the free words of these rows. For the privacy action only; the door is open inside this call alone."""
    db.session.execute(update(DOOR).values(is_open=True))
    for start in range(0, len(numbers), 500):
        db.session.execute(update(EVIDENCE).where(EVIDENCE.c.id.in_(numbers[start : start + 500])).values(detail={}))
    db.session.execute(update(DOOR).values(is_open=False))
