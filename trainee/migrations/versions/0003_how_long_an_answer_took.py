"""How long an answer took, and whether that was long for whoever gave it

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of answers of before nobody can say."""
    op.add_column("quiz_answer", sa.Column("seconds", sa.Integer(), nullable=True))
    op.add_column("review_log", sa.Column("kind", sa.String(length=120), nullable=True))
    op.add_column("review_log", sa.Column("seconds", sa.Integer(), nullable=True))
    op.add_column("review_log", sa.Column("slow", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Without the times."""
    for column in ("slow", "seconds", "kind"):
        op.drop_column("review_log", column)
    op.drop_column("quiz_answer", "seconds")
