"""What is kept of role-plays: who began which, and every move when it was made. Where one stands is computed."""

from typing import cast

from sqlalchemy import ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words


class RolePlayRun(Base):
    """One person's way through one role-play of one published version. A run left in the middle stays as it is.

    How it ended is written once, with the move that ended it; it says nothing the moves do not say, and spares reading them.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"), index=True)
    story: Mapped[Name]
    # The form that began it carries this key, so that pressing twice begins once.
    key: Mapped[Name]
    # Shuffles the replies: the same every time this run is opened, and another in the next.
    seed: Mapped[int]
    started_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]
    ending: Mapped[Name | None]
    rank: Mapped[int | None]
    criticals: Mapped[int] = mapped_column(default=0)
    # Ended in the lowest ending or with the mood at its bottom: after two of these something easier is offered.
    hard: Mapped[bool] = mapped_column(default=False)
    # A replay begins with a copy of the first `replay_from` moves of another run of the same version.
    replay_of: Mapped[int | None] = mapped_column(ForeignKey("role_play_run.id"), index=True)
    replay_from: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_role_play_run_person_story", "person_id", "story", "id"),
        Index("ix_role_play_run_person_finished", "person_id", "finished_at"),
    )


class RolePlayMove(Base):
    """One answer in one run. `seq` counts from 0 without gaps: the unique key is what keeps two tabs from both being right."""

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"))
    seq: Mapped[int]
    scene: Mapped[Name]
    # What was chosen, ticked or confirmed, as the kind of scene wants it. What was typed stands apart, so that it can be blanked.
    answer: Mapped[Json]
    text: Mapped[Words | None]
    # Copied from the run this one replays: no evidence comes of it.
    copied: Mapped[bool]
    key: Mapped[Name]
    made_at: Mapped[Moment]
    # How long the scene was before the learner's eyes; none for copied moves.
    seconds: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("run_id", "seq"),
        UniqueConstraint("run_id", "key"),
    )


class RolePlayPulse(Base):
    """How somebody said she is after a finished run. Read by nobody else, and deleted after two weeks; what it says may be changed."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"), unique=True)
    value: Mapped[Name]
    given_at: Mapped[Moment] = mapped_column(index=True)

    __table_args__ = (Index("ix_role_play_pulse_person_given", "person_id", "given_at"),)


RUN = cast(Table, RolePlayRun.__table__)
MOVE = cast(Table, RolePlayMove.__table__)
PULSE = cast(Table, RolePlayPulse.__table__)
