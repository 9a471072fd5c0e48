"""Assignments, the rules that give them, certifications and certificates."""

import secrets
from datetime import date
from typing import cast

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words

KINDS = ("module", "roleplay", "reviews", "path")
# What a rule does with those who were there before it was switched on: nothing, its dates count from that day, or from when they joined.
EXISTING = ("leave", "today", "backdated")


# No vowels and nothing that looks like something else: it is typed off a paper, and makes no words.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"


def make_code() -> str:
    """The public name of a certificate: sixteen letters and figures, of which there are 28^16, in groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(4)) for _group in range(4))


class AssignmentRule(Base):
    """Who is to be given what whenever she joins: everybody whom all its conditions fit and who is in the line of whoever answers for it.

    Nobody is given anything before it is switched on (`active_from`) or after it is ended.
    """

    id: Mapped[Key]
    title: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[Name]
    number: Mapped[int | None]
    certification_id: Mapped[int | None] = mapped_column(ForeignKey("certification.id"), index=True)
    why: Mapped[Words]
    # The conditions; one that is left out fits everybody. A unit holds the units inside it.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    job: Mapped[Name | None]
    joined_from: Mapped[date | None]
    # Days after joining, or a fixed date; neither for "when there is time".
    due_days: Mapped[int | None]
    due_on: Mapped[date | None]
    accepts_earlier: Mapped[bool]
    existing: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # HR's: it reaches everybody. A supervisor's is for one team, and goes on for whoever leads that team after her.
    wide: Mapped[bool]
    made_at: Mapped[Moment]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)
    active_from: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]

    __table_args__ = (
        CheckConstraint("due_days IS NULL OR due_on IS NULL", name="one_kind_of_date"),
        CheckConstraint("wide OR team_id IS NOT NULL", name="wide_or_of_a_team"),
    )


class Certification(Base):
    """What somebody is certified for: a module or a path, for so many months, to be renewed within so many days before its end."""

    id: Mapped[Key]
    title: Mapped[Name]
    # The same in English, for the paper in English.
    title_en: Mapped[Name | None]
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[Name]
    months: Mapped[int]
    window_days: Mapped[int]
    # Whether who passes the quiz first, when renewing, need not read the lessons again.
    short: Mapped[bool]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Moment]
    receipt: Mapped[Name] = mapped_column(unique=True)


class Assignment(Base):
    """Something that somebody, or a rule, asked a person to do, with the reason. `due_on` is a date in the person's own time zone.

    `what` is the key of a module, of a role-play or of a path, as `kind` says; review sets have none. `number` is how many review sets, or the least
    rank of the ending of a role-play. It is completed by work done at or after `given_at`; whether it is, is read from that work and not stored.
    Each cycle of a certification is an assignment of its own.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # A plain string and not an enum, so that a new kind needs no migration.
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[Name]
    number: Mapped[int | None]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[Moment]
    due_on: Mapped[date | None]
    why: Mapped[Words]
    # What the reason was prepared of, when it was taken over as it stood (`prepared.py`): it is then made anew for whoever reads it.
    prepared: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    # The gap it answers, when it was given from one: its skill and its diagnosis.
    skill_key: Mapped[Name | None] = mapped_column(ForeignKey("skill.key"))
    gap: Mapped[str | None] = mapped_column(String(20))
    # Whether work done before it was given counts too.
    accepts_earlier: Mapped[bool]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_rule.id"))
    # What made the rule give it, so that it is given once for each joining: `stay/17`, `here`, `after/3` for the certificate that runs out.
    occasion: Mapped[Name | None]
    certification_id: Mapped[int | None] = mapped_column(ForeignKey("certification.id"))
    # Whether in this cycle a quiz that is passed first spares the lessons.
    short: Mapped[bool]
    # excused, withdrawn, left (what asked for it no longer applies) or done (it was complete when it no longer applied).
    ended_at: Mapped[Moment | None]
    ended_how: Mapped[str | None] = mapped_column(String(20))
    ended_why: Mapped[Words | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL) AND (ended_at IS NULL) = (ended_why IS NULL)", name="end_has_reason"),
        CheckConstraint("(rule_id IS NULL) = (occasion IS NULL)", name="rule_has_occasion"),
        Index("ix_assignment_person_what", "person_id", "kind", "what"),
        # Of several at once only one gives: the same thing at the same moment by hand, or by one rule for one occasion.
        Index(
            "uq_assignment_given_once",
            "person_id",
            "kind",
            "what",
            "given_at",
            unique=True,
            sqlite_where=text("rule_id IS NULL"),
            postgresql_where=text("rule_id IS NULL"),
        ),
        Index("uq_assignment_rule_occasion", "rule_id", "person_id", "occasion", unique=True),
        Index("ix_assignment_open", "person_id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
        Index(
            "ix_assignment_certification",
            "certification_id",
            "person_id",
            sqlite_where=text("certification_id IS NOT NULL"),
            postgresql_where=text("certification_id IS NOT NULL"),
        ),
    )


class PathOpening(Base):
    """That one module of somebody's path was opened before the modules it needs were done, by whom and why."""

    id: Mapped[Key]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    module_key: Mapped[Name]
    why: Mapped[Words]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("why <> ''", name="has_a_reason"), UniqueConstraint("assignment_id", "module_key"))


class Certificate(Base):
    """That a person was certified, in stored facts alone: nothing it says is looked up elsewhere, and `digest` is over all of it.

    It is never changed but withdrawn. `parts` holds the modules as [key, version, digest of the version].
    """

    id: Mapped[Key]
    number: Mapped[Name] = mapped_column(unique=True)
    # Under which anybody who holds the paper may ask whether it is valid; it cannot be guessed, and says nothing, so the seal is not over it.
    code: Mapped[str] = mapped_column(String(40), unique=True, default=make_code)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), unique=True)
    # As they were on the day.
    name: Mapped[Name]
    title: Mapped[Name]
    title_en: Mapped[Name | None]
    organisation: Mapped[Name]
    parts: Mapped[Json]
    # How it was earned: full, or short when the quiz was passed first.
    way: Mapped[str] = mapped_column(String(20))
    completed_on: Mapped[date]
    valid_until: Mapped[date]
    issued_at: Mapped[Moment]
    digest: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[Moment | None]
    withdrawn_why: Mapped[Words | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why IS NULL)", name="withdrawal_has_reason"),)


class AdviceEffect(Base):
    """What one kind of recommendation was measured to do for one kind of gap on one night, by `cases` beside `compared` without it. Never changed."""

    id: Mapped[Key]
    measured_at: Mapped[Moment]
    kind: Mapped[Name]
    diagnosis: Mapped[str] = mapped_column(String(20))
    # Of the gap, more than is closed where nothing of the kind is done; below 0 where less is.
    share: Mapped[float]
    # Its standard error.
    error: Mapped[float]
    cases: Mapped[int]
    compared: Mapped[int]

    __table_args__ = (UniqueConstraint("measured_at", "kind", "diagnosis"),)


ASSIGNMENT = cast(Table, Assignment.__table__)
RULE = cast(Table, AssignmentRule.__table__)
CERTIFICATION = cast(Table, Certification.__table__)
CERTIFICATE = cast(Table, Certificate.__table__)
OPENING = cast(Table, PathOpening.__table__)
EFFECT = cast(Table, AdviceEffect.__table__)
