"""The service model: one draft, its published versions, and who has read which."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment


class ServiceDraft(Base):
    """What is being written: all sections in both languages. There is one, with the id 1; `revision` grows with each saving."""

    id: Mapped[Key]
    words: Mapped[Json]
    revision: Mapped[int]
    saved_at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


class ServiceVersion(Base):
    """The service model as it was published, whole, with the touchpoints as they were then. It is never changed."""

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    words: Mapped[Json]
    published_at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class ServiceReading(Base):
    """That somebody has read a version and says so."""

    version_id: Mapped[int] = mapped_column(ForeignKey("service_version.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    read_at: Mapped[Moment]
