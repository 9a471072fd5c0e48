"""The ledger of messages, the outbox of mails, and what people wish."""

from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name

STATES = ("planned", "held_back", "sent", "failed", "cancelled")
# How a kind of message comes: at once, with the daily or the weekly digest, in the site alone, or not at all.
FREQUENCIES = ("at_once", "daily", "weekly", "site", "off")


class Notice(Base):
    """One message to one person, with the rule that made it and its reason.

    `key` is rule, person, subject and occasion in one word and unique: whatever happens twice, the message is there once. What becomes of it is
    written beside it, step by step.
    """

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(400), unique=True)
    # A plain string and not an enum, so that a new kind needs no migration.
    rule: Mapped[Name]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # What it is about (assignment/17), and which occasion of it (a date, a moment, the days it is late).
    subject: Mapped[Name]
    occasion: Mapped[Name]
    # What its sentence needs, in whichever language it is read: ids, dates, titles in both languages. Never a person's name.
    reason: Mapped[Json]
    urgent: Mapped[bool]
    # Since when it has been so, and until when it is of use.
    since: Mapped[Moment]
    until: Mapped[Moment | None]
    planned_at: Mapped[Moment]
    # When it is to be told; it moves when the person's hours do.
    send_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(20))
    # Why it was held back, cancelled or failed.
    why: Mapped[str | None] = mapped_column(String(40))
    settled_at: Mapped[Moment | None]
    read_at: Mapped[Moment | None]
    # The mail it went into, if any.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)

    __table_args__ = (
        CheckConstraint("state IN ('planned', 'held_back', 'sent', 'failed', 'cancelled')", name="state_known"),
        CheckConstraint("(state IN ('held_back', 'failed', 'cancelled')) = (why IS NOT NULL)", name="why_told"),
        Index("ix_notice_person", "person_id", "id"),
        Index("ix_notice_unread", "person_id", "settled_at", sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL")),
        Index("ix_notice_waiting", "state", "send_at"),
    )


class NoticeStep(Base):
    """One thing that became of a message: when, into which state, and why. Added, never changed."""

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(40))


class Delivery(Base):
    """One mail to one person: an outbox row, written in the transaction that tells its messages in the site.

    Whoever holds its lease hands it over; the lease runs out by itself, so a worker that dies leaves nothing behind. Its key makes its Message-ID.
    """

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(400), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(20))
    next_try_at: Mapped[Moment]
    # How often it was tried; and how often that which it took over from earlier days was.
    attempts: Mapped[int]
    carried: Mapped[int]
    leased_until: Mapped[Moment | None]
    owner: Mapped[Name | None]
    # Since when it has been in that worker's hand: kept before the server is asked, and taken back with what came of it.
    in_hand_at: Mapped[Moment | None]
    # What the server last said: a code and a word of ours, never an address.
    problem: Mapped[Name | None]
    ended_at: Mapped[Moment | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'cancelled')", name="state_known"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_once"),
        Index("ix_delivery_waiting", "state", "next_try_at"),
    )


class NoticeHabit(Base):
    """When somebody wishes to be written to, and whether by mail at all; without a row the usual hours."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mails: Mapped[bool]
    # Full hours of her own day between which she may be written to; where they end before they begin, over midnight.
    opens: Mapped[int]
    closes: Mapped[int]
    # Her working days, 1 Monday to 7 Sunday, as digits.
    days: Mapped[str] = mapped_column(String(7))
    changed_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24 AND opens <> closes", name="hours"),
        CheckConstraint("days <> ''", name="some_day"),
    )


class NoticeWish(Base):
    """How one kind of message is to come to one person; without a row as the kind itself says."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    rule: Mapped[Name] = mapped_column(primary_key=True)
    frequency: Mapped[str] = mapped_column(String(20))

    __table_args__ = (CheckConstraint("frequency IN ('at_once', 'daily', 'weekly', 'site', 'off')", name="frequency_known"),)


class NoticeRule(Base):
    """Since when a kind of message has been at work in this installation: what was so before then is old news and is not told."""

    rule: Mapped[Name] = mapped_column(primary_key=True)
    began_at: Mapped[Moment]


NOTICE = cast(Table, Notice.__table__)
STEP = cast(Table, NoticeStep.__table__)
DELIVERY = cast(Table, Delivery.__table__)
WISH = cast(Table, NoticeWish.__table__)
HABIT = cast(Table, NoticeHabit.__table__)
RULE = cast(Table, NoticeRule.__table__)
