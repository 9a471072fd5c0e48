"""Figures in the order of their key

A rebuild writes and clears very many of them; on SQLite they lie in the primary key's own tree and not beside it.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("mastery", "item_memory", "mastery_month")


def _made_anew(with_rowid):
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": with_rowid}):
            pass


def upgrade() -> None:
    _made_anew(False)


def downgrade() -> None:
    _made_anew(True)
