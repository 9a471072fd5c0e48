"""A mail that its worker has in hand

Revision: 0044, after 0043.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one in hand while the schema is brought up to date."""
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("in_hand_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """It is no longer told from those that are only leased."""
    with op.batch_alter_table("delivery") as batch:
        batch.drop_column("in_hand_at")
