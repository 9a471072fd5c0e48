"""Parts of modules that people finished."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Moment, Name


class PartDone(Base):
    """A person finished one part of a module: `lesson/<key>`, `quiz` (passed) or `roleplay/<id>` (played to an end without a critical error).

    Derived from lessons, attempts and runs, which keep the whole story; kept here so that a page about many modules needs one statement.
    """

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_key: Mapped[Name] = mapped_column(primary_key=True)
    part: Mapped[Name] = mapped_column(primary_key=True)
    first_at: Mapped[Moment]
    last_at: Mapped[Moment]

    # The pages of a line ask of everybody in it how many parts are done and when the last one was.
    __table_args__ = (Index("ix_part_done_person_last", "person_id", "last_at"),)
