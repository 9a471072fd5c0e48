"""How wide bands have to be, learned with each calibration

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bands of the calibrations so far are as wide as the filter says."""
    op.add_column("calibration", sa.Column("widths", sa.JSON(), nullable=True))


def downgrade() -> None:
    """What was learned of widths is gone; the next night learns it again."""
    op.drop_column("calibration", "widths")
