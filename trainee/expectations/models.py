"""Expectations that somebody issued, what people answered to them, and drafts of new ones."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words

# How it is monitored, how often, and who sees it besides those who always do: the person herself, her supervisors and HR.
WAYS = ("observation", "customers", "roleplay", "quiz")
RHYTHMS = ("weekly", "fortnightly", "monthly", "quarterly")
AUDIENCES = ("nobody", "trainer", "team")
ANSWERS = ("acknowledged", "objected")
_FOR_ONE = (
    "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN job IS NULL THEN 0 ELSE 1 END) = 1"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom an expectation is for: one person, one team or everybody of one job (`kind`), by id or by the job's name."""

    kind: str
    key: int | str

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"

    @classmethod
    def read(cls, word: str) -> "Scope | None":
        """The scope that `str` wrote, or None when the word makes no sense."""
        kind, _slash, key = word.partition("/")
        if kind == "job" and 0 < len(key) <= 120:
            return cls(kind, key)
        if kind in {"person", "team"} and key.isascii() and key.isdecimal() and int(key[:11]) < 2**31:
            return cls(kind, int(key[:11]))
        return None

    @classmethod
    def of(cls, row: Any) -> "Scope":
        """That of an expectation or a draft."""
        if row.person_id is not None:
            return cls("person", row.person_id)
        return cls("team", row.team_id) if row.team_id is not None else cls("job", row.job)

    @property
    def columns(self) -> dict[str, int | str | None]:
        """As the columns of a row."""
        found: dict[str, int | str | None] = {"person_id": None, "team_id": None, "job": None}
        found["job" if self.kind == "job" else f"{self.kind}_id"] = self.key
        return found


class _Said:
    """What an expectation says, and a draft of one: a level of a skill, why, how it is looked at, and whoever sees it."""

    skill: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    level: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    why: Mapped[Words]
    # Chosen from `WAYS`, `RHYTHMS` and `AUDIENCES`, so that everybody reads them in her own language; beside each, own words where they are needed.
    ways: Mapped[Json]
    monitored: Mapped[Words]
    rhythm: Mapped[str] = mapped_column(String(20))
    how_often: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(20))
    seen_by: Mapped[str] = mapped_column(String(200))
    words_tr: Mapped[Words]
    words_en: Mapped[Words]


class Expectation(_Said, Base):
    """A skill should reach a level: one version of it, for one person, one team or everybody of one job.

    What it says never changes. A row is closed when the next version begins or it is ended early, so that one can always say what was expected
    when. Dates are those of the calendar of whoever is meant: it holds from `starts_on` through `ends_on`, and no longer from `closed_on` on.
    """

    id: Mapped[Key]
    # Whom it is for, as one word: person/17, team/3 or job/adviser. With the skill it names the chain of versions.
    scope: Mapped[str] = mapped_column(String(160))
    version: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    job: Mapped[Name | None] = mapped_column(index=True)
    # The anchors of the level as they read when it was issued, as [Turkish, English]: what somebody agreed to stays provable.
    anchors: Mapped[Json]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[Moment]
    closed_on: Mapped[date | None]
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Why it was ended early; empty when another version took its place.
    end_reason: Mapped[Words | None]

    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint(_FOR_ONE, name="for_one"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_it_starts"),
        CheckConstraint("(closed_on IS NULL) = (closed_at IS NULL)", name="closed_once"),
        UniqueConstraint("scope", "skill", "version"),
        Index("ix_expectation_person_skill", "person_id", "skill"),
    )


class ExpectationAnswer(Base):
    """What one person answered to one version: that she has read it, or an objection with a note. The newest one counts.

    What was answered never changes; only the reply to an objection is added later.
    """

    id: Mapped[Key]
    expectation_id: Mapped[int] = mapped_column(ForeignKey("expectation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[Words]
    at: Mapped[Moment]
    reply: Mapped[Words | None]
    replied_at: Mapped[Moment | None]
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("kind IN ('acknowledged', 'objected')", name="kind_known"),
        CheckConstraint("kind <> 'objected' OR note <> ''", name="objection_has_a_note"),
        CheckConstraint("replied_by_id IS NULL OR replied_by_id <> person_id", name="not_to_oneself"),
        Index("ix_expectation_answer_newest", "expectation_id", "person_id", "id"),
    )


class ExpectationDraft(_Said, Base):
    """An expectation that is being written; it may lack what an issued one must say. Whoever saves over another's `revision` is told and asked."""

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    job: Mapped[Name | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    revision: Mapped[int]
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[Moment]
    # The version it is to take the place of.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("expectation.id"))
    issued_id: Mapped[int | None] = mapped_column(ForeignKey("expectation.id"))
    discarded_at: Mapped[Moment | None]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint(_FOR_ONE, name="for_one"),
    )
