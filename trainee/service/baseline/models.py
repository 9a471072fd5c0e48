"""Where the company stood on one day."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class Baseline(Base):
    """One look at where the company stands: the figures of that day, which are never worked out again, and what was made of them.

    `words` holds what was taken stock of, what was found and why, and what is decided; it is written until the look is finished.
    """

    id: Mapped[Key]
    title: Mapped[Name]
    taken_on: Mapped[date]
    figures: Mapped[Json]
    words: Mapped[Json]
    revision: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    taken_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    receipt: Mapped[Name] = mapped_column(unique=True)
