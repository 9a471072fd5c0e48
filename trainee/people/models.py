"""People, where they work, who supervises whom, and how they sign in."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Blob, Json, Key, Moment, Name, Words
from trainee.kit.guards import guard

ROLES = ("employee", "supervisor", "trainer", "hr", "admin", "executive")
LINES = ("direct", "dotted")


class Unit(Base):
    """A part of the organisation; units nest (region, store). A unit is never its own ancestor."""

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class Team(Base):
    """People who work together under one supervisor, in one unit."""

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True), index=True)


class Person(Base):
    """Anyone with an account. A disabled person stays in every figure and can no longer come in."""

    id: Mapped[Key]
    username: Mapped[Name] = mapped_column(unique=True)
    # Folded, so that İpek and ipek cannot be two accounts, and no spelling of an address opens another's.
    username_key: Mapped[Name] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[Name]
    # Turkish alphabetical order, computed once: no embedded database sorts ç, ğ, ı, ö, ş, ü right.
    name_sort: Mapped[str] = mapped_column(String(400), index=True)
    employee_no: Mapped[str | None] = mapped_column(String(40), unique=True)
    job: Mapped[Name]
    language: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[Name]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    hired_on: Mapped[date | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]
    photo_digest: Mapped[str | None] = mapped_column(String(64))

    @property
    def is_nobody(self) -> bool:
        """Whether nothing tells any more who it was: made anonymous, and called by the number alone."""
        return self.username == f"#{self.id}"


class RoleHeld(Base):
    """One role that one person holds; a person may hold several."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class ReportingLine(Base):
    """`supervisor_id` supervises `person_id`, from `since` until `until`. Direct lines make a tree; dotted lines lie beside it."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    since: Mapped[Moment]
    until: Mapped[Moment | None]

    __table_args__ = (
        CheckConstraint("person_id <> supervisor_id", name="not_oneself"),
        Index(
            "uq_reporting_line_one_direct",
            "person_id",
            unique=True,
            sqlite_where=text("kind = 'direct' AND until IS NULL"),
            postgresql_where=text("kind = 'direct' AND until IS NULL"),
        ),
    )


class Stay(Base):
    """That a person was in a team from `since` until `until`: figures are by the team people were in then."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    since: Mapped[Moment]
    until: Mapped[Moment | None]


class SignIn(Base):
    """One device on which a person is signed in. The cookie holds a random token; only its digest is kept here."""

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[Name]
    remembered: Mapped[bool]
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]


class AccessLink(Base):
    """A one-time link that lets a person set a password: an invitation or a reset. Only the digest of its token is kept."""

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    made_by_id: Mapped[int | None]
    made_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class OidcIdentity(Base):
    """That whoever a provider calls `subject` is this person. One for each person and provider, until HR unties it."""

    id: Mapped[Key]
    issuer: Mapped[str] = mapped_column(String(250))
    subject: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tied_at: Mapped[Moment]

    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))


class LinkRequest(Base):
    """Somebody forgot the password and asks HR for a link; at most one is open for a person."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]

    __table_args__ = (
        Index(
            "uq_link_request_one_open",
            "person_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )


class Organisation(Base):
    """The organisation itself, in one row: what it is called, its logo as PNG, and how far its administrator is with setting it up."""

    id: Mapped[Key]
    name: Mapped[str | None] = mapped_column(String(120))
    language: Mapped[str | None] = mapped_column(String(2))
    logo_digest: Mapped[str | None] = mapped_column(String(64))
    logo: Mapped[Blob | None]
    # With the installation's secret it makes the code that opens an empty installation; another one once that was used.
    salt: Mapped[str] = mapped_column(String(64))
    # The steps that were put off for later.
    left_out: Mapped[Json]
    founded_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    # Another one with every change: by it other processes know.
    stamp: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="one"),)


class Photo(Base):
    """A person's picture, re-encoded by us: 256 pixels square, JPEG, nothing else of the upload is kept."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[Blob]


class RecordLook(Base):
    """That somebody opened one kind of page about somebody else on one day, and as what. `reason` is what she wrote where she is asked for one.

    Without a person it was a table of many: a report, or what a program reads. One row, however many stand in it.
    """

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Of whoever looked: the same page is noted once a day.
    day: Mapped[date]
    at: Mapped[Moment]
    page: Mapped[Name]
    capacity: Mapped[str] = mapped_column(String(20))
    reason: Mapped[Words]
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (Index("ix_record_look_person", "person_id", "at"), Index("ix_record_look_by", "by_id", "at"))


guard(RecordLook, blank={"reason": ""}, goes=True)
