"""Public voices by month."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words


class PublicVoice(Base):
    """How many reviews or posts about one theme stood on one kind of site in one month, and what they gave on average. Nobody's name is kept."""

    id: Mapped[Key]
    # The first day of the month.
    month: Mapped[date]
    source: Mapped[str] = mapped_column(String(20))
    theme: Mapped[Name]
    n: Mapped[int]
    # The mean of their stars, 1 to 5; None where such a site gives none.
    stars: Mapped[float | None]
    # One of them as an example, masked before it is kept; empty for none. Blanked when its retention ends.
    example: Mapped[Words]
    saved_at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (
        Index("uq_public_voice_line", "month", "source", "theme", unique=True),
        CheckConstraint("n BETWEEN 1 AND 1000000", name="n"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )
