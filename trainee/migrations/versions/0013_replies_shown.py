"""Typed replies that are shown to a supervisor, and what she found

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _key(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_offered_reply_{column}_{other}"))


def upgrade() -> None:
    """One empty table."""
    op.create_table(
        "offered_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_by_id", sa.Integer(), nullable=True),
        sa.Column("met", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("(looked_at IS NULL) = (looked_by_id IS NULL)", name=op.f("ck_offered_reply_looked_at_by_somebody")),
        sa.CheckConstraint("looked_by_id IS NULL OR looked_by_id <> person_id", name=op.f("ck_offered_reply_not_oneself")),
        _key("person_id", "person"),
        _key("run_id", "role_play_run"),
        _key("looked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_reply")),
        sa.UniqueConstraint("run_id", "seq", name=op.f("uq_offered_reply_run_id_seq")),
    )
    op.create_index(op.f("ix_offered_reply_looked_by_id"), "offered_reply", ["looked_by_id"])
    op.create_index("ix_offered_reply_person_looked", "offered_reply", ["person_id", "looked_at"])


def downgrade() -> None:
    """Who looked is gone; the evidence stays as it is."""
    op.drop_table("offered_reply")
