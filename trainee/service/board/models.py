"""Cards of the improvement board."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words


class Improvement(Base):
    """Something that is in the customers' way: why, what is done about it by whom until when, and a figure before and after.

    It is closed with the figure after, so that a board does not fill with what merely felt better.
    """

    id: Mapped[Key]
    issue: Mapped[Words]
    # The answers to "why?", up to five, each to the one before.
    whys: Mapped[Json]
    action: Mapped[Words]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date | None]
    measure: Mapped[Name]
    before: Mapped[Name]
    after: Mapped[Name]
    # Where it came from: `walk/3/seat`, `complaint/17`, `baseline/1`; empty when somebody simply wrote it.
    source: Mapped[Name]
    revision: Mapped[int]
    opened_at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[Moment | None]
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("closed_at IS NULL OR after <> ''", name="closed_with_a_figure"),)
