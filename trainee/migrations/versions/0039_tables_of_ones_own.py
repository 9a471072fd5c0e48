"""Tables of one's own

Revision: 0039, after 0038.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One empty table."""
    op.create_table(
        "report_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("picked", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_table_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_table")),
        sa.UniqueConstraint("receipt", name=op.f("uq_report_table_receipt")),
    )
    op.create_index(op.f("ix_report_table_person_id"), "report_table", ["person_id"])


def downgrade() -> None:
    """What was picked is to be picked anew."""
    op.drop_table("report_table")
