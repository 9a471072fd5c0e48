"""A reason that was prepared keeps what it was made of, so that everybody reads it in her own language

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Reasons so far stay as they were written: nothing tells for sure which of them were typed."""
    op.add_column("assignment", sa.Column("prepared", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Each reason stays in the words of whoever gave it, which are kept beside the facts."""
    op.drop_column("assignment", "prepared")
