"""How far a rule reaches

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A rule is for one team, or it is HR's and reaches everybody; one that was written before and has no team can only be HR's."""
    with op.batch_alter_table("assignment_rule") as table:
        table.add_column(sa.Column("wide", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE assignment_rule SET wide = :yes WHERE team_id IS NULL").bindparams(yes=True))
    with op.batch_alter_table("assignment_rule") as table:
        table.alter_column("wide", server_default=None)
        table.create_check_constraint(op.f("ck_assignment_rule_wide_or_of_a_team"), "wide OR team_id IS NOT NULL")


def downgrade() -> None:
    """Nobody looks how far a rule reaches any more."""
    with op.batch_alter_table("assignment_rule") as table:
        table.drop_constraint(op.f("ck_assignment_rule_wide_or_of_a_team"), type_="check")
        table.drop_column("wide")
