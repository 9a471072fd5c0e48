"""Goals of teams, hours with customers, checks after a contact, and greeters on the roster

Revision: 0042, after 0041.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty tables; every shift there is, is one to be called."""
    _goals()
    _hours()
    op.create_table(
        "contact_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("mend", sa.Text(), nullable=False),
        sa.Column("again", sa.Text(), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_contact_check_observation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_check_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_check")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_contact_check_observation_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_contact_check_receipt")),
    )
    op.create_index("ix_contact_check_person_at", "contact_check", ["person_id", "at"])
    with op.batch_alter_table("duty_shift") as batch:
        batch.add_column(sa.Column("duty", sa.String(length=10), nullable=False, server_default=sa.text("'call'")))
        batch.drop_index("uq_duty_shift_one_begins")
    with op.batch_alter_table("duty_shift") as batch:
        batch.alter_column("duty", existing_type=sa.String(length=10), existing_nullable=False, server_default=None)
        batch.create_check_constraint(op.f("ck_duty_shift_duty"), "duty IN ('call', 'greet')")
        batch.create_index("uq_duty_shift_one_begins", ["area", "duty", "rank", "starts_at"], unique=True)


def _goals() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("measure", sa.String(length=120), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("for_all", sa.Boolean(), nullable=False),
        sa.Column("begin", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("end", sa.JSON(), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR outcome <> ''", name=op.f("ck_goal_closed_with_words")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_goal_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_goal_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("receipt", name=op.f("uq_goal_receipt")),
    )
    op.create_index(op.f("ix_goal_by_id"), "goal", ["by_id"])
    op.create_index(op.f("ix_goal_closed_by_id"), "goal", ["closed_by_id"])
    op.create_table(
        "goal_team",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_team_goal_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_goal_team_team_id")),
        sa.PrimaryKeyConstraint("goal_id", "team_id", name=op.f("pk_goal_team")),
    )
    op.create_index(op.f("ix_goal_team_team_id"), "goal_team", ["team_id"])


def _hours() -> None:
    op.create_table(
        "customer_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 720", name=op.f("ck_customer_hours_within_a_day")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_customer_hours_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_hours")),
        sa.UniqueConstraint("receipt", name=op.f("uq_customer_hours_receipt")),
    )
    op.create_index("ix_customer_hours_person_day", "customer_hours", ["person_id", "day"])
    op.create_table(
        "hours_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("hours BETWEEN 0 AND 100", name=op.f("ck_hours_target_hours")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_hours_target_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_target")),
    )
    op.create_index(op.f("ix_hours_target_set_by_id"), "hours_target", ["set_by_id"])


def downgrade() -> None:
    """Goals, hours and checks are gone; who was to greet is taken off the roster."""
    op.execute("DELETE FROM duty_shift WHERE duty = 'greet'")
    with op.batch_alter_table("duty_shift") as batch:
        batch.drop_index("uq_duty_shift_one_begins")
        batch.drop_constraint(op.f("ck_duty_shift_duty"), type_="check")
        batch.drop_column("duty")
        batch.create_index("uq_duty_shift_one_begins", ["area", "rank", "starts_at"], unique=True)
    for table in ("contact_check", "hours_target", "customer_hours", "goal_team", "goal"):
        op.drop_table(table)
