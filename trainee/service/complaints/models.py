"""Complaints, what was given to put them right, and how many contacts there were."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words

# It is the customer's right, as the handbook's own line for the remedy says.
BOOK = "handbook"


class Complaint(Base):
    """One complaint, without the customer: what it is about, who handles it until when, and what was done.

    `external_id` is what the system it comes from calls it, so that a file read twice is kept once.
    """

    id: Mapped[Key]
    system: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[Name]
    received_at: Mapped[Moment]
    channel: Mapped[Name]
    cause: Mapped[Name]
    severity: Mapped[Name]
    product: Mapped[Name]
    # The key of the playbook for what follows a sale of such a product; None where no class was chosen or recognised.
    product_class: Mapped[Name | None]
    # Masked before it is kept.
    words: Mapped[Words]
    # As the handbook's line said when it came in, in both languages; empty where the handbook has none.
    owner: Mapped[Json | None]
    # Where the handbook has no line: who has it until one is written.
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_at: Mapped[Moment | None]
    # What was done of the method, by step: when, by whom, and why where it was left out.
    steps: Mapped[Json]
    revision: Mapped[int]
    closed_at: Mapped[Moment | None]
    # None of one that is closed: a file of the system it comes from said so.
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (
        Index("uq_complaint_known_by", "system", "external_id", unique=True),
        Index("ix_complaint_received", "received_at"),
        Index("ix_complaint_kind", "cause", "severity"),
    )


class ComplaintRemedy(Base):
    """What a customer is given for one complaint, why this for this customer, and who agreed where it is above the chooser's limit."""

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    remedy: Mapped[Name]
    title: Mapped[Json]
    amount: Mapped[int]
    benefit: Mapped[Words]
    reason: Mapped[Words]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    chosen_at: Mapped[Moment]
    above_limit: Mapped[bool]
    # What says that it is the customer's right, so that no limit and no approval applies: a policy card's key, or BOOK; None for a favour of ours.
    right_by: Mapped[Name | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    approved_at: Mapped[Moment | None]

    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("reason <> '' AND benefit <> ''", name="reasoned"),
        CheckConstraint("by_id <> approved_by_id", name="not_oneself"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by_somebody"),
    )


class ContactCount(Base):
    """How many contacts a system counted on one day in one channel."""

    id: Mapped[Key]
    system: Mapped[str] = mapped_column(String(40))
    day: Mapped[date]
    channel: Mapped[Name]
    contacts: Mapped[int]

    __table_args__ = (CheckConstraint("contacts >= 0", name="contacts"), Index("uq_contact_count_day", "day", "channel", "system", unique=True))
