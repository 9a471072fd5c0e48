"""What is certified has a name in English beside its own, for the paper in English

Revision: 0050, after 0049.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing has such a name yet; what was issued stays as it was sealed."""
    for table in ("certification", "certificate"):
        op.add_column(table, sa.Column("title_en", sa.String(length=120), nullable=True))


def downgrade() -> None:
    """The own name stands on every paper."""
    for table in ("certificate", "certification"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("title_en")
