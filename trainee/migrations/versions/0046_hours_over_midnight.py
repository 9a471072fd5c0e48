"""Hours over midnight in which somebody may be written to

Revision: 0046, after 0045.
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All hours there are still stand."""
    with op.batch_alter_table("notice_habit") as batch:
        batch.drop_constraint(op.f("ck_notice_habit_hours"), type_="check")
        batch.create_check_constraint(op.f("ck_notice_habit_hours"), "opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24 AND opens <> closes")


def downgrade() -> None:
    """Of hours over midnight those before it are left."""
    op.execute("UPDATE notice_habit SET closes = 24 WHERE closes < opens")
    with op.batch_alter_table("notice_habit") as batch:
        batch.drop_constraint(op.f("ck_notice_habit_hours"), type_="check")
        batch.create_check_constraint(op.f("ck_notice_habit_hours"), "opens >= 0 AND opens < closes AND closes <= 24")
