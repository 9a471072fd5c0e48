"""Large files of reports, made beside the site

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two empty tables: what was asked for, and the pieces of what was made."""
    op.create_table(
        "report_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=120), nullable=False),
        sa.Column("format", sa.String(length=120), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'working', 'ready', 'failed', 'cancelled')", name=op.f("ck_report_file_state_known")),
        sa.CheckConstraint("(state IN ('waiting', 'working')) = (expires_at IS NULL)", name=op.f("ck_report_file_ends")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_file_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("key", name=op.f("uq_report_file_key")),
    )
    op.create_index(op.f("ix_report_file_person_id"), "report_file", ["person_id"])
    op.create_index("ix_report_file_state", "report_file", ["state", "id"])
    op.create_table(
        "report_piece",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["report_file.id"], name=op.f("fk_report_piece_file_id")),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_report_piece")),
    )


def downgrade() -> None:
    """Whoever waits for a file asks for it once more."""
    op.drop_table("report_piece")
    op.drop_table("report_file")
