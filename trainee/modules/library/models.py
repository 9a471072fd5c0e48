"""Published modules, as they are kept, and those somebody is about to publish."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Blob, Key, Moment, Name, Words


class ModuleVersion(Base):
    """One published version of a module, with all its files as they were. Nothing in it ever changes but `retired_at`.

    Attempts are pinned to the version they were taken on. The version in use of a module is the one with the highest number
    among those that are not retired.
    """

    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[Key]
    key: Mapped[Name]
    number: Mapped[int]
    # The curriculum's number, by which the catalogue is sorted.
    code: Mapped[Name]
    digest: Mapped[Name]
    files: Mapped[Blob]
    # The words one may search for, folded.
    search: Mapped[Words]
    # A plain string and not an enum: content, archive, or whatever door comes next.
    origin: Mapped[Name]
    published_at: Mapped[Moment]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[Moment | None]


class ModuleUpload(Base):
    """A module somebody uploaded and has not published yet, one a person: it had no error when it was looked at, and nobody else sees it."""

    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[Name]
    # What the file was called.
    file: Mapped[Name]
    digest: Mapped[Name]
    files: Mapped[Blob]
    # The warnings, each as [file, line, what is the matter, the mend].
    told: Mapped[Any] = mapped_column(JSON)
    uploaded_at: Mapped[Moment]
