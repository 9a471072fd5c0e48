"""Praise, and what it is tied to."""

from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name


class Praise(Base):
    """What somebody was praised for, by whom: always tied to one piece of evidence or to one suggestion, and never by oneself.

    The receiver may hide it from the team; what was said stays for her to read.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(String(280))
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("suggestion.id"))
    to_team: Mapped[bool]
    given_at: Mapped[Moment]
    hidden_at: Mapped[Moment | None]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("person_id <> from_id", name="not_oneself"),
        CheckConstraint("(evidence_id IS NULL) <> (suggestion_id IS NULL)", name="tied_to_one"),
        Index("ix_praise_person_given", "person_id", "given_at"),
    )


PRAISE = cast(Table, Praise.__table__)
