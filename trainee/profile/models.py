"""What the log adds up to, kept so that a page need not add it up. Deleting all of it loses nothing: `rebuild` brings it back.

Every row belongs to one calibration, so that a new one can be folded beside the one in use and take its place in one step.
"""

from typing import cast

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name

STATES = ("current", "folding", "retired")
_CURRENT = text("state = 'current'")
_FOLDING = text("state = 'folding'")


class Calibration(Base):
    """One version of how hard items and skills are and how lenient observers: learned at night, read by day, never changed.

    One is current; at most one is being folded to become it; retired ones stay, to say what was believed on a past date.
    """

    id: Mapped[Key]
    state: Mapped[str] = mapped_column(String(10))
    # The policy its figures were folded under.
    policy: Mapped[str] = mapped_column(String(12))
    learned_at: Mapped[Moment]
    current_from: Mapped[Moment | None]
    # How many rows of the log it was learned from; 0 knows nothing and takes every item at its prior.
    events: Mapped[int]
    # {key: [mean, variance]}
    item_difficulties: Mapped[Json]
    skill_difficulties: Mapped[Json]
    # {line: [factor, bands judged]}: how much wider than the filter's doubt its bands have to be, learned from their hits and misses. None of
    # calibrations from before that was learned.
    widths: Mapped[Json | None]
    # [[teams or null, skill, line, since, people, how many fell, drop]]: what many came down in at once. None where nobody looked.
    falls: Mapped[Json | None]

    __table_args__ = (
        CheckConstraint("state IN ('current', 'folding', 'retired')", name="state_known"),
        Index("uq_calibration_one_current", "state", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index("uq_calibration_one_folding", "state", unique=True, sqlite_where=_FOLDING, postgresql_where=_FOLDING),
    )


# Rows lie in the order of their key and nowhere else, so that SQLite writes and clears them once and not also in an index.
_BY_KEY = {"sqlite_with_rowid": False}


class Standing(Base):
    """How far one person's evidence is folded, and her general level on each line. Whoever folds holds this row."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id"), primary_key=True, index=True)
    # Rows of the log that are folded in, retractions included: another number than the log's says that something is missing.
    rows: Mapped[int]
    newest_at: Mapped[Moment | None]
    newest_id: Mapped[int]
    # {line: [mean, variance]}, and after a role-play [..., sitting, al, be, c, n, day] of her form in the newest one.
    abilities: Mapped[Json]


class Mastery(Base):
    """One person's deviation on one skill, on one line or on all together: N(al + be g, c) after `n` pieces of evidence."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(20), primary_key=True)
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"), primary_key=True)
    al: Mapped[float] = mapped_column(Double)
    be: Mapped[float] = mapped_column(Double)
    c: Mapped[float] = mapped_column(Double)
    n: Mapped[int]
    # Of the newest piece, in days since 1970: the filter's own time, so that nothing is lost on the way.
    day: Mapped[float] = mapped_column(Double)

    __table_args__ = _BY_KEY


class ItemMemory(Base):
    """What one person may have come to know of one very item, or how one observer is inclined towards her."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(20), primary_key=True)
    item: Mapped[str] = mapped_column(String(330), primary_key=True)
    m: Mapped[float] = mapped_column(Double)
    v: Mapped[float] = mapped_column(Double)
    # The same where all lines are taken together.
    m_all: Mapped[float] = mapped_column(Double)
    v_all: Mapped[float] = mapped_column(Double)
    n: Mapped[int]
    # Of the newest piece, in days since 1970: the filter's own time, so that nothing is lost on the way.
    day: Mapped[float] = mapped_column(Double)

    __table_args__ = _BY_KEY


class MasteryMonth(Base):
    """How one person stood on one skill and line when a month ended (UTC), on the logit scale, the skill's difficulty taken off."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(20), primary_key=True)
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"), primary_key=True)
    # Year times twelve plus the month counted from 0, so that months subtract.
    month: Mapped[int] = mapped_column(primary_key=True)
    mean: Mapped[float] = mapped_column(Double)
    var: Mapped[float] = mapped_column(Double)
    n: Mapped[int]

    __table_args__ = _BY_KEY


CALIBRATION = cast(Table, Calibration.__table__)
STANDING = cast(Table, Standing.__table__)
MASTERY = cast(Table, Mastery.__table__)
ITEM_MEMORY = cast(Table, ItemMemory.__table__)
MASTERY_MONTH = cast(Table, MasteryMonth.__table__)
# What belongs to a person under one calibration, besides her standing.
FIGURES = (MASTERY, ITEM_MEMORY, MASTERY_MONTH)
