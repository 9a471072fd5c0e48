"""Policy cards that give the customer a right to what puts a complaint right

Revision: 0054, after 0053.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_TABLES = ("policy_card", "policy_card_version")
# Of the cards we ship, in whatever words they stand here.
_GIVE = ("after-sales-repair", "defective-goods", "late-delivery", "withdrawal")


def upgrade() -> None:
    """A card written here says so from its next version on."""
    for name in _TABLES:
        with op.batch_alter_table(name) as batch:
            batch.add_column(sa.Column("gives_right", sa.Boolean(), nullable=False, server_default=sa.false()))
        cards = sa.table(name, sa.column("key", sa.String), sa.column("gives_right", sa.Boolean))
        op.execute(cards.update().where(cards.c.key.in_(_GIVE)).values(gives_right=True))
        with op.batch_alter_table(name) as batch:
            batch.alter_column("gives_right", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Every card may be named again."""
    for name in _TABLES:
        with op.batch_alter_table(name) as batch:
            batch.drop_column("gives_right")
