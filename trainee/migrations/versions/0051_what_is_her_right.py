"""Of a complaint the class of its product, of a remedy what says that it is the customer's right, of an observation the seconds until the first word

Revision: 0051, after 0050.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what is there already none of it was asked."""
    op.add_column("complaint", sa.Column("product_class", sa.String(length=120), nullable=True))
    op.add_column("complaint_remedy", sa.Column("right_by", sa.String(length=120), nullable=True))
    op.add_column("observation", sa.Column("first_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    """What was given as a right stays, as something within the limit."""
    op.drop_column("observation", "first_seconds")
    op.drop_column("complaint_remedy", "right_by")
    op.drop_column("complaint", "product_class")
