"""Who took which report out of the house, and when; and large files that are made beside the site and kept for a day; and tables of one's own."""

from datetime import date
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Blob, Json, Key, Moment, Name, Words


class ReportExport(Base):
    """One file that somebody made of a report: with which filters, in which format, and how many rows. Rows are added and never edited but for
    their end: without one, the file was not taken to its end.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Plain strings and not enums, so that a new report needs no migration.
    report: Mapped[Name]
    format: Mapped[Name]
    filters: Mapped[Json]
    # Through which door: the site or the command line.
    door: Mapped[Name]
    begun_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    rows: Mapped[int | None]

    __table_args__ = (Index("ix_report_export_begun", "begun_at"), Index("ix_report_export_person", "person_id"))


class ReportFile(Base):
    """A large file that somebody asked for: made by a worker, kept in the database in pieces so that every node has it, and gone after a day.

    Its `key` is its address and cannot be guessed. `seen` holds of whom it may tell, for a viewer with a line; None is everybody. Whoever works on it
    stands in `owner`; another who takes over writes her own name there, and what the first one writes afterwards finds no row.
    """

    id: Mapped[Key]
    key: Mapped[Name] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    report: Mapped[Name]
    format: Mapped[Name]
    filters: Mapped[Json]
    seen: Mapped[Json | None]
    state: Mapped[str] = mapped_column(String(20))
    owner: Mapped[Name | None]
    tries: Mapped[int]
    asked_at: Mapped[Moment]
    begun_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    expires_at: Mapped[Moment | None]
    # How many people it has gone through, of how many, and how many rows stand in it.
    done: Mapped[int]
    total: Mapped[int]
    rows: Mapped[int]
    size: Mapped[int]
    # Why there is no file, in its reader's language.
    why: Mapped[Words | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'working', 'ready', 'failed', 'cancelled')", name="state_known"),
        CheckConstraint("(state IN ('waiting', 'working')) = (expires_at IS NULL)", name="ends"),
        Index("ix_report_file_state", "state", "id"),
    )


class ReportPiece(Base):
    """A piece of a file, compressed; all of them in their order are the file."""

    file_id: Mapped[int] = mapped_column(ForeignKey("report_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[Blob]


class ReportSchedule(Base):
    """A report that comes as a file by itself: every week on a weekday, or on the first of every month.

    Whoever made it says to whom; each reads it in her own scope. `next_on` is the day, where the organisation is, on which it is made next.
    """

    id: Mapped[Key]
    report: Mapped[Name]
    format: Mapped[Name]
    filters: Mapped[Json]
    # 1 (Monday) to 5 (Friday); None for the first of the month.
    weekday: Mapped[int | None]
    # Whether its days are always those of the week, or month, before.
    last_period: Mapped[bool]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[Moment]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)
    next_on: Mapped[date]
    ended_at: Mapped[Moment | None]

    __table_args__ = (CheckConstraint("weekday IS NULL OR (weekday >= 1 AND weekday <= 5)", name="weekday_known"),)


class ReportReader(Base):
    """Somebody to whom a report comes by itself, until she, or whoever made it, stops it."""

    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    stopped_at: Mapped[Moment | None]


class ReportSending(Base):
    """That a report was made for one reader on one day: once, whatever happens. Her file is gone after a week, and this stays."""

    id: Mapped[Key]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    day: Mapped[date]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("report_file.id"), unique=True)

    __table_args__ = (UniqueConstraint("schedule_id", "person_id", "day"),)


SCHEDULE = cast(Table, ReportSchedule.__table__)
READER = cast(Table, ReportReader.__table__)
SENDING = cast(Table, ReportSending.__table__)


class ReportTable(Base):
    """A table of somebody's own: what she picked, under a name. Whom it tells of is worked out anew for whoever opens it.

    `shared`: those whom she may see, and who may have the report it is made of, find it among theirs.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Name]
    picked: Mapped[Json]
    shared: Mapped[bool]
    kept_at: Mapped[Moment]
    # The form's own key: pressing twice keeps it once.
    receipt: Mapped[Name] = mapped_column(unique=True)


TABLE = cast(Table, ReportTable.__table__)
FILE = cast(Table, ReportFile.__table__)
PIECE = cast(Table, ReportPiece.__table__)
EXPORT = cast(Table, ReportExport.__table__)
