"""Of an observation what was done for the relation beyond the product

Revision: 0053, after 0052.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was observed before nobody was asked."""
    op.add_column("observation", sa.Column("beyond", sa.Integer(), nullable=True))


def downgrade() -> None:
    """The marks go; the lines stay."""
    op.drop_column("observation", "beyond")
