"""Which worker is at work, and the how many-th try of an occasion a run of a job is

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every run there is was the first try, in no turn."""
    op.create_table(
        "worker_lease",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_lease")),
    )
    with op.batch_alter_table("job_run") as batch:
        batch.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("turn", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("uq_job_run_job_slot"), type_="unique")
        batch.create_unique_constraint(op.f("uq_job_run_job_slot_attempt"), ["job", "slot", "attempt"])
        batch.create_index(op.f("ix_job_run_job_id"), ["job", "id"])
    with op.batch_alter_table("job_run") as batch:
        batch.alter_column("attempt", server_default=None)


def downgrade() -> None:
    """Of several tries of one occasion the last stays."""
    op.execute("DELETE FROM job_run WHERE id NOT IN (SELECT max(id) FROM job_run GROUP BY job, slot)")
    with op.batch_alter_table("job_run") as batch:
        batch.drop_index(op.f("ix_job_run_job_id"))
        batch.drop_constraint(op.f("uq_job_run_job_slot_attempt"), type_="unique")
        batch.drop_column("turn")
        batch.drop_column("attempt")
        batch.create_unique_constraint(op.f("uq_job_run_job_slot"), ["job", "slot"])
    op.drop_table("worker_lease")
