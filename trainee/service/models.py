"""Policy cards, as they are kept."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Moment, Name, Words

# Where a version came from: the content's file, or the editor of this site.
FILE, HOUSE = "file", "house"


class _Told:
    """What a card says."""

    title_tr: Mapped[Name]
    title_en: Mapped[Name]
    owner_tr: Mapped[Name]
    owner_en: Mapped[Name]
    valid_from: Mapped[date]
    review_by: Mapped[date]
    source: Mapped[Words]
    legal_review: Mapped[bool]
    # Whether it gives the customer a right to what puts a complaint right: money back, a replacement, a repair.
    gives_right: Mapped[bool]
    figures: Mapped[Json]
    # The body as it was written, in Markdown, and as HTML, rendered once when it is kept.
    text_tr: Mapped[Words]
    text_en: Mapped[Words]
    html_tr: Mapped[Words]
    html_en: Mapped[Words]


class PolicyCard(_Told, Base):
    """One rule of law or of the house, dated and sourced, as it stands; lessons name it by its key and never repeat it.

    It is one of its versions: the content's file, until somebody writes another here. A card that has left the content is retired and not deleted,
    because older versions of modules still name it.
    """

    key: Mapped[Name] = mapped_column(primary_key=True)
    number: Mapped[int]
    origin: Mapped[str] = mapped_column(String(10))
    retired: Mapped[bool]


class PolicyCardVersion(_Told, Base):
    """A version of a card, kept for good. One that is `coming` was written to hold from a later day, and takes the card's place when it comes."""

    key: Mapped[Name] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(10))
    coming: Mapped[bool]
    saved_at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (CheckConstraint("number >= 1", name="numbered"), CheckConstraint("origin IN ('file', 'house')", name="origin_known"))
