"""Coaching sessions, how they were moved, what both sides wrote, and notes for oneself

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_HELD = (
    "(held_at IS NULL AND action IS NULL AND action_by IS NULL AND follow_up_on IS NULL AND agreed_by_id IS NULL)"
    " OR (held_at IS NOT NULL AND action IS NOT NULL AND action <> '' AND action_by IS NOT NULL AND follow_up_on IS NOT NULL"
    " AND agreed_by_id IS NOT NULL)"
)
_CANCELLED = (
    "(cancelled_at IS NULL AND cancel_reason IS NULL AND cancelled_by_id IS NULL)"
    " OR (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL AND cancelled_by_id IS NOT NULL AND held_at IS NULL)"
)


def _key(table: str, column: str, other: str, its: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{its}"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Four empty tables: nothing was promised before."""
    session = "coaching_session"
    op.create_table(
        session,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill_key", sa.String(length=120), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("action_by", sa.Date(), nullable=True),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("coach_id <> person_id", name=op.f("ck_coaching_session_not_oneself")),
        sa.CheckConstraint("agreed_by_id IS NULL OR agreed_by_id <> person_id", name=op.f("ck_coaching_session_not_agreed_alone")),
        sa.CheckConstraint(_HELD, name=op.f("ck_coaching_session_held_with_one_action")),
        sa.CheckConstraint(_CANCELLED, name=op.f("ck_coaching_session_cancelled_with_reason")),
        _key(session, "coach_id", "person"),
        _key(session, "person_id", "person"),
        _key(session, "skill_key", "skill", "key"),
        _key(session, "evidence_id", "evidence"),
        _key(session, "cancelled_by_id", "person"),
        _key(session, "agreed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_session")),
        sa.UniqueConstraint("receipt", name=op.f("uq_coaching_session_receipt")),
    )
    op.create_index("ix_coaching_session_person", session, ["person_id", "promised_at"])
    op.create_index("ix_coaching_session_coach", session, ["coach_id", "promised_at"])
    op.create_table(
        "session_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("session_move", "session_id", session),
        _key("session_move", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_move")),
    )
    op.create_index(op.f("ix_session_move_session_id"), "session_move", ["session_id"])
    op.create_table(
        "session_part",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        _key("session_part", "session_id", session),
        _key("session_part", "written_by_id", "person"),
        sa.PrimaryKeyConstraint("session_id", "part", name=op.f("pk_session_part")),
    )
    op.create_table(
        "private_note",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _key("private_note", "session_id", session),
        _key("private_note", "author_id", "person"),
        sa.PrimaryKeyConstraint("session_id", "author_id", name=op.f("pk_private_note")),
    )


def downgrade() -> None:
    """What was promised, agreed and written about it is gone; the evidence is as it was."""
    for table in ("private_note", "session_part", "session_move", "coaching_session"):
        op.drop_table(table)
