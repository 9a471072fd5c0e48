"""Which programs are told of what, and everything they were told."""

from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class Webhook(Base):
    """An address of another program that is told when something of these kinds happens, from the moment it was entered on.

    What its calls are signed with is worked out of the installation's secret and `salt_key`, so that no copy of the database holds it.
    """

    id: Mapped[Key]
    name: Mapped[Name]
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[Json]
    salt_key: Mapped[Name]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Moment]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)
    # Up to when what only the calendar and the work tell was looked for.
    looked_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]


class WebhookDelivery(Base):
    """One happening told to one address, once, under its `key`; with what came of it. It is the outbox and the record."""

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event: Mapped[Name]
    # Whom it is about, where it is about somebody.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    payload: Mapped[Json]
    made_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(20))
    next_try_at: Mapped[Moment]
    attempts: Mapped[int]
    leased_until: Mapped[Moment | None]
    owner: Mapped[Name | None]
    # What the other side answered last, or in one word why nobody did.
    status: Mapped[int | None]
    problem: Mapped[Name | None]
    ended_at: Mapped[Moment | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'cancelled')", name="state_known"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ends"),
        Index("ix_webhook_delivery_due", "state", "next_try_at"),
        Index("ix_webhook_delivery_webhook", "webhook_id", "id"),
    )


HOOK = cast(Table, Webhook.__table__)
DELIVERY = cast(Table, WebhookDelivery.__table__)
