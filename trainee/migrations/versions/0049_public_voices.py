"""What is said in public, counted by month

Revision: 0049, after 0048.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An empty table."""
    op.create_table(
        "public_voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("theme", sa.String(length=120), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Float(), nullable=True),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("n BETWEEN 1 AND 1000000", name=op.f("ck_public_voice_n")),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_public_voice_stars")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_public_voice_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_voice")),
    )
    op.create_index(op.f("ix_public_voice_by_id"), "public_voice", ["by_id"])
    op.create_index("uq_public_voice_line", "public_voice", ["month", "source", "theme"], unique=True)


def downgrade() -> None:
    """The counts are gone."""
    op.drop_table("public_voice")
