"""How it went with what a lesson gave to try

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One empty table."""
    op.create_table(
        "task_report",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("module_key", sa.String(length=120), nullable=False),
        sa.Column("lesson_key", sa.String(length=120), nullable=False),
        sa.Column("how", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how IN ('well', 'hard', 'not_yet', 'never')", name=op.f("ck_task_report_how")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_report_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "module_key", "lesson_key", name=op.f("pk_task_report")),
    )


def downgrade() -> None:
    """What people wrote about their tasks is gone."""
    op.drop_table("task_report")
