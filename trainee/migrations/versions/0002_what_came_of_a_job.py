"""What came of a job: how many things it did, and how many failed

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two counts beside the error; runs of before have none."""
    op.add_column("job_run", sa.Column("done", sa.Integer(), nullable=True))
    op.add_column("job_run", sa.Column("failed", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Without the counts."""
    op.drop_column("job_run", "failed")
    op.drop_column("job_run", "done")
