"""How one is after a talk: said if one likes, for oneself alone

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An empty table: nobody was asked before."""
    op.create_table(
        "role_play_pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_play_pulse_person_id_person")),
        sa.ForeignKeyConstraint(["run_id"], ["role_play_run.id"], name=op.f("fk_role_play_pulse_run_id_role_play_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_play_pulse")),
        sa.UniqueConstraint("run_id", name=op.f("uq_role_play_pulse_run_id")),
    )
    op.create_index(op.f("ix_role_play_pulse_given_at"), "role_play_pulse", ["given_at"])
    op.create_index("ix_role_play_pulse_person_given", "role_play_pulse", ["person_id", "given_at"])


def downgrade() -> None:
    """What was said is gone; nothing else was made of it."""
    op.drop_table("role_play_pulse")
