"""What recommendations were measured to do

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One empty table; the next night fills it."""
    op.create_table(
        "advice_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("diagnosis", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("error", sa.Float(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_effect")),
        sa.UniqueConstraint("measured_at", "kind", "diagnosis", name=op.f("uq_advice_effect_measured_at_kind_diagnosis")),
    )


def downgrade() -> None:
    """What was measured is gone; it is measured again every night."""
    op.drop_table("advice_effect")
