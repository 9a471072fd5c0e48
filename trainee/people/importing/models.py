"""Files of people, their rows, and which heading meant what."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Blob, Json, Key, Moment, Name

STATES = ("new", "checking", "checked", "applying", "applied", "undoing", "undone", "put_aside", "failed")
# Those in which a worker has something to do.
WAITING = ("checking", "applying", "undoing")
OUTCOMES = ("created", "changed", "moved", "closed", "refused", "passed", "same")


class PeopleImport(Base):
    """One uploaded file of people, what is to become of it and what became. The file itself and its rows go after a week; the counts stay."""

    id: Mapped[Key]
    # As it was called on the computer it comes from.
    file: Mapped[Name]
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[Blob | None]
    # Nobody: the command line.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[Moment]
    state: Mapped[str] = mapped_column(String(20))
    # How it is read: kind, encoding, separator, sheet, row of the headings, and what each column is.
    reading: Mapped[Json]
    # What is to be done: with people who are missing in the file, with teams that are not there yet.
    options: Mapped[Json]
    step: Mapped[str] = mapped_column(String(20))
    done: Mapped[int]
    total: Mapped[int]
    counts: Mapped[Json]
    # What is to be said of the file as a whole, and which teams and units it makes.
    findings: Mapped[Json]
    # The ids of the teams and units it made.
    made: Mapped[Json]
    # The sum of all outcomes as they were shown: what is applied is exactly that, or nothing.
    plan: Mapped[str | None] = mapped_column(String(64))
    checked_at: Mapped[Moment | None]
    applied_at: Mapped[Moment | None]
    undone_at: Mapped[Moment | None]
    problem: Mapped[Name | None]

    __table_args__ = (
        CheckConstraint("(applied_at IS NOT NULL) OR (undone_at IS NULL)", name="undone_after_applied"),
        Index("ix_people_import_state", "state"),
    )


class PeopleImportRow(Base):
    """What becomes of one row of a file, or of one person who is missing in it (no number): from what to what, or why not."""

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(ForeignKey("people_import.id"))
    number: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(20))
    # Whom it is about; of a new person, who she became. No foreign key: an account that is taken back again is gone.
    person_id: Mapped[int | None]
    name: Mapped[Name]
    # field: [before, after]
    changes: Mapped[Json]
    # What is to be said of it: [{code, column, ...}]
    told: Mapped[Json]

    __table_args__ = (Index("ix_people_import_row", "import_id", "outcome", "number"),)


class ImportHeading(Base):
    """What columns under this heading were said to be, the last time."""

    heading: Mapped[Name] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(20))
    settled_at: Mapped[Moment]
