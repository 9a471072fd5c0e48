"""Policy cards, as they are kept."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Name, Words


class PolicyCard(Base):
    """One rule of law or of the house, dated and sourced; lessons name it by its key and never repeat it.

    A card that has left the content is retired and not deleted, because older versions of modules still name it.
    """

    key: Mapped[Name] = mapped_column(primary_key=True)
    title_tr: Mapped[Name]
    title_en: Mapped[Name]
    owner_tr: Mapped[Name]
    owner_en: Mapped[Name]
    valid_from: Mapped[date]
    review_by: Mapped[date]
    source: Mapped[Words]
    legal_review: Mapped[bool]
    figures: Mapped[Json]
    # The body is kept as HTML, rendered once when the card is loaded.
    html_tr: Mapped[Words]
    html_en: Mapped[Words]
    retired: Mapped[bool]
