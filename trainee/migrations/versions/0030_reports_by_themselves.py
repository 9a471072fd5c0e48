"""Reports that come by themselves

Revision: 0030, after 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three empty tables: what comes, to whom, and what was made."""
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=120), nullable=False),
        sa.Column("format", sa.String(length=120), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("last_period", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("weekday IS NULL OR (weekday >= 1 AND weekday <= 5)", name=op.f("ck_report_schedule_weekday_known")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_report_schedule_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
        sa.UniqueConstraint("receipt", name=op.f("uq_report_schedule_receipt")),
    )
    op.create_index(op.f("ix_report_schedule_made_by_id"), "report_schedule", ["made_by_id"])
    op.create_table(
        "report_reader",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["schedule_id"], ["report_schedule.id"], name=op.f("fk_report_reader_schedule_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_reader_person_id")),
        sa.PrimaryKeyConstraint("schedule_id", "person_id", name=op.f("pk_report_reader")),
    )
    op.create_index(op.f("ix_report_reader_person_id"), "report_reader", ["person_id"])
    op.create_table(
        "report_sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["schedule_id"], ["report_schedule.id"], name=op.f("fk_report_sending_schedule_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_sending_person_id")),
        sa.ForeignKeyConstraint(["file_id"], ["report_file.id"], name=op.f("fk_report_sending_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_sending")),
        sa.UniqueConstraint("file_id", name=op.f("uq_report_sending_file_id")),
        sa.UniqueConstraint("schedule_id", "person_id", "day", name=op.f("uq_report_sending_schedule_id_person_id_day")),
    )
    op.create_index(op.f("ix_report_sending_person_id"), "report_sending", ["person_id"])


def downgrade() -> None:
    """Nothing comes by itself any more."""
    for table in ("report_sending", "report_reader", "report_schedule"):
        op.drop_table(table)
