"""Steps of a path that are opened before their time; and rules say nothing of messages, which nobody sends

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One empty table, and two columns less."""
    op.create_table(
        "path_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("module_key", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("why <> ''", name=op.f("ck_path_opening_has_a_reason")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_path_opening_assignment_id_assignment")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_path_opening_opened_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_opening")),
        sa.UniqueConstraint("assignment_id", "module_key", name=op.f("uq_path_opening_assignment_id_module_key")),
    )
    for name in ("assignment", "assignment_rule"):
        with op.batch_alter_table(name) as table:
            table.drop_column("quiet")


def downgrade() -> None:
    """What was opened is locked again; nobody is written to."""
    for name in ("assignment", "assignment_rule"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(name) as table:
            table.alter_column("quiet", server_default=None)
    op.drop_table("path_opening")
