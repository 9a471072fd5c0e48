"""Complaints, the improvement board, and walks through what customers meet first

Revision: 0037, after 0036.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five empty tables."""
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("severity", sa.String(length=120), nullable=False),
        sa.Column("product", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner", sa.JSON(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_complaint_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index("uq_complaint_known_by", "complaint", ["system", "external_id"], unique=True)
    op.create_index("ix_complaint_received", "complaint", ["received_at"])
    op.create_index("ix_complaint_kind", "complaint", ["cause", "severity"])
    op.create_index(op.f("ix_complaint_closed_by_id"), "complaint", ["closed_by_id"])
    op.create_table(
        "complaint_remedy",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("remedy", sa.String(length=120), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("above_limit", sa.Boolean(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_complaint_remedy_amount")),
        sa.CheckConstraint("reason <> '' AND benefit <> ''", name=op.f("ck_complaint_remedy_reasoned")),
        sa.CheckConstraint("by_id <> approved_by_id", name=op.f("ck_complaint_remedy_not_oneself")),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_complaint_remedy_approved_by_somebody")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_remedy_complaint_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_complaint_remedy_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_complaint_remedy_approved_by_id")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_remedy")),
    )
    op.create_index(op.f("ix_complaint_remedy_by_id"), "complaint_remedy", ["by_id"])
    op.create_index(op.f("ix_complaint_remedy_approved_by_id"), "complaint_remedy", ["approved_by_id"])
    op.create_table(
        "contact_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.CheckConstraint("contacts >= 0", name=op.f("ck_contact_count_contacts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_count")),
    )
    op.create_index("uq_contact_count_day", "contact_count", ["day", "channel", "system"], unique=True)
    op.create_table(
        "improvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("whys", sa.JSON(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("measure", sa.String(length=120), nullable=False),
        sa.Column("before", sa.String(length=120), nullable=False),
        sa.Column("after", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR after <> ''", name=op.f("ck_improvement_closed_with_a_figure")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_improvement_owner_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_improvement_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
        sa.UniqueConstraint("receipt", name=op.f("uq_improvement_receipt")),
    )
    op.create_index(op.f("ix_improvement_owner_id"), "improvement", ["owner_id"])
    op.create_index(op.f("ix_improvement_by_id"), "improvement", ["by_id"])
    op.create_table(
        "walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("walked_on", sa.Date(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("steps_to_human", sa.Integer(), nullable=True),
        sa.Column("find_seconds", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_walk_score")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_walk_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk")),
        sa.UniqueConstraint("receipt", name=op.f("uq_walk_receipt")),
    )
    op.create_index("ix_walk_place", "walk", ["area", "place", "walked_on"])
    op.create_index(op.f("ix_walk_by_id"), "walk", ["by_id"])


def downgrade() -> None:
    """What was written on them goes with the tables."""
    for table in ("walk", "improvement", "contact_count", "complaint_remedy", "complaint"):
        op.drop_table(table)
