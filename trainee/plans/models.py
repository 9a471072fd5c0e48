"""Assignments."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words


class Assignment(Base):
    """A module that somebody asked a person to do, with the reason. `due_on` is a date in the person's own time zone.

    It is completed by work done at or after `given_at`; whether it is, is read from the module's parts and not stored.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    module_key: Mapped[Name]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[Moment]
    due_on: Mapped[date | None]
    why: Mapped[Words]
    # Whether work done before it was given counts too.
    accepts_earlier: Mapped[bool]
    excused_at: Mapped[Moment | None]
    excuse: Mapped[Words | None]

    __table_args__ = (
        CheckConstraint("excused_at IS NULL OR excuse IS NOT NULL", name="excuse_has_reason"),
        Index("ix_assignment_person_module", "person_id", "module_key"),
        Index("uq_assignment_given_once", "person_id", "module_key", "given_at", unique=True),
        Index("ix_assignment_open", "person_id", sqlite_where=text("excused_at IS NULL"), postgresql_where=text("excused_at IS NULL")),
    )
