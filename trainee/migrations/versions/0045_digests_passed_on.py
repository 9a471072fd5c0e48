"""How often what a digest took over from earlier days was tried

Revision: 0045, after 0044.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None has taken anything over so far."""
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("carried", sa.Integer(), nullable=False, server_default=sa.text("0")))
    with op.batch_alter_table("delivery") as batch:
        batch.alter_column("carried", existing_type=sa.Integer(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Each is tried as if it had just been written."""
    with op.batch_alter_table("delivery") as batch:
        batch.drop_column("carried")
