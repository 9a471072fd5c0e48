"""Published scorecards, as they are kept."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class ScorecardVersion(Base):
    """One published version of a scorecard, whole: with the anchors as they stood then. Nothing in it ever changes but `retired_at`.

    Observations are pinned to the version they were made on. The version in use of a card is the one with the highest number among those that
    are not retired.
    """

    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[Key]
    key: Mapped[Name]
    number: Mapped[int]
    channel: Mapped[str] = mapped_column(String(20))
    digest: Mapped[Name]
    # The card as values: title, lines with weights and anchors, critical errors.
    content: Mapped[Json]
    # A plain string and not an enum: content, browser, or whatever door comes next.
    origin: Mapped[Name]
    published_at: Mapped[Moment]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[Moment | None]
