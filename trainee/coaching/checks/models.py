"""What people asked themselves after contacts."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words


class ContactCheck(Base):
    """Five checks of one contact, by the person who had it. It is no evidence and moves no level.

    She alone reads it. One that belongs to an observation stands beside what the observer saw, for whoever may read that.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    observation_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"), unique=True)
    at: Mapped[Moment]
    channel: Mapped[str] = mapped_column(String(20))
    # Each check with `done` or `open`; what does not apply is left out.
    answers: Mapped[Json]
    # What she does about what was open, and what she will do differently. No customer's name belongs here.
    mend: Mapped[Words]
    again: Mapped[Words]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (Index("ix_contact_check_person_at", "person_id", "at"),)
