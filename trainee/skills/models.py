"""The framework's tables. Skills are known by their key everywhere, so that evidence reads without a join."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Name, Words


class Family(Base):
    """A group of skills that belong together."""

    key: Mapped[Name] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_tr: Mapped[Words]
    name_en: Mapped[Words]


class Skill(Base):
    """Something to be good at. A skill that leaves the file is retired and never deleted: evidence points at it."""

    key: Mapped[Name] = mapped_column(primary_key=True)
    family_key: Mapped[Name] = mapped_column(ForeignKey("family.key"), index=True)
    position: Mapped[int]
    quality: Mapped[Name]
    step: Mapped[Name]
    name_tr: Mapped[Words]
    name_en: Mapped[Words]
    definition_tr: Mapped[Words]
    definition_en: Mapped[Words]
    retired: Mapped[bool] = mapped_column(default=False)


class Anchor(Base):
    """A sentence that shows what one level of one skill looks like when you watch it."""

    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    words_tr: Mapped[Words]
    words_en: Mapped[Words]


STAMP = "stamp"
"""The kind of the one term that is no word: it names the framework that is loaded, so that a process that has read another one sees it."""


class Term(Base):
    """A word of the framework: kind is level, quality, step, critical_error or target (which has its figures in `detail`); or the stamp of it all."""

    kind: Mapped[Name] = mapped_column(primary_key=True)
    key: Mapped[Name] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_tr: Mapped[Words]
    name_en: Mapped[Words]
    definition_tr: Mapped[Words | None]
    definition_en: Mapped[Words | None]
    detail: Mapped[Json | None]
