"""Draws of contacts: what was in the pool, by which seed, and what was taken."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words

KINDS = ("references", "hours", "shifts")


class ContactDraw(Base):
    """Which contacts of somebody are to be observed, left to chance: the pool and the seed say for ever what came out. Never changed."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    drawn_at: Mapped[Moment]
    # Where the pool came from: pasted references, hours of some days, or shifts of the duty roster.
    kind: Mapped[str] = mapped_column(String(20))
    pool: Mapped[Json]
    seed: Mapped[Name]
    # The form's own key. A form sent twice draws once.
    receipt: Mapped[Name] = mapped_column(unique=True)


class ContactPick(Base):
    """One contact that was drawn, by its place in the draw's order. One that could not be observed stays, with the reason; the next takes over."""

    id: Mapped[Key]
    draw_id: Mapped[int] = mapped_column(ForeignKey("contact_draw.id"))
    place: Mapped[int]
    reference: Mapped[Name]
    observed_at: Mapped[Moment | None]
    replaced_at: Mapped[Moment | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[Words]

    __table_args__ = (Index("uq_contact_pick_place", "draw_id", "place", unique=True),)
