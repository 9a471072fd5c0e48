"""What many came down in at once, found with each calibration

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The calibrations so far say nothing of it."""
    op.add_column("calibration", sa.Column("falls", sa.JSON(), nullable=True))


def downgrade() -> None:
    """What was found is gone; the next night looks again."""
    op.drop_column("calibration", "falls")
