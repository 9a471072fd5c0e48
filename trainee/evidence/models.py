"""The log's tables."""

from typing import cast

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from trainee.evidence import triggers
from trainee.kit.db import Base, Json, Key, Moment, Name


class Evidence(Base):
    """One thing a person showed about one skill, once.

    Rows are added and never changed. A mistake is put right by a row that retracts it, so the log can always say what
    we believed, and when. Triggers in the database hold this against everybody, ourselves included.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    # A plain string and not an enum, so that a new source needs no migration.
    source: Mapped[Name]
    score: Mapped[float]
    # What was answered, chosen or scored; difficulties are learned per item.
    item: Mapped[str] = mapped_column(String(200))
    occurred_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    # Among how many options the answer was chosen; 0 for an open one.
    choices: Mapped[int]
    # Free words and references for the reader. It may be blanked, so nothing is ever computed from it.
    detail: Mapped[Json]
    # Who scored it, when that was somebody else.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What the source calls this happening. A form sent twice brings the same receipt and is kept once.
    receipt: Mapped[str] = mapped_column(String(250), unique=True)
    # The row that this row takes back; everything else it holds is a copy, and its detail says why.
    retracts_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), unique=True)

    __table_args__ = (
        CheckConstraint("score >= 0 AND score <= 1", name="score_in_range"),
        CheckConstraint("choices >= 0", name="choices_counted"),
        Index("ix_evidence_in_order", "person_id", "occurred_at", "id"),
        Index("ix_evidence_actor", "actor_id"),
    )


class EvidenceDoor(Base):
    """The one sanctioned door: its single row is open only inside a transaction that blanks free text."""

    id: Mapped[Key]
    is_open: Mapped[bool]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


# Core reads and writes are quicker than the ORM's, and the log is always hot.
EVIDENCE = cast(Table, Evidence.__table__)
DOOR = cast(Table, EvidenceDoor.__table__)

# Wherever the tables are made from the models, the triggers come with them; the migration runs the same words.
for _dialect, _statements in triggers.CREATE.items():
    for _words in _statements:
        event.listen(EVIDENCE, "after_create", DDL(_words).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
event.listen(DOOR, "after_create", DDL(triggers.SHUT))  # type: ignore[no-untyped-call]
