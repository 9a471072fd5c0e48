"""Messages to people, the outbox of mails, and how people wish them

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Six empty tables. What was so before is old news: each rule begins when it first runs."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("problem", sa.String(length=120), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed', 'cancelled')", name=op.f("ck_delivery_state_known")),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_delivery_ended_once")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index(op.f("ix_delivery_person_id"), "delivery", ["person_id"])
    op.create_index("ix_delivery_waiting", "delivery", ["state", "next_try_at"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("occasion", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'held_back', 'sent', 'failed', 'cancelled')", name=op.f("ck_notice_state_known")),
        sa.CheckConstraint("(state IN ('held_back', 'failed', 'cancelled')) = (why IS NOT NULL)", name=op.f("ck_notice_why_told")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_notice_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index(op.f("ix_notice_delivery_id"), "notice", ["delivery_id"])
    op.create_index("ix_notice_person", "notice", ["person_id", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_notice_unread", "notice", ["person_id", "settled_at"], sqlite_where=unread, postgresql_where=unread)
    op.create_index("ix_notice_waiting", "notice", ["state", "send_at"])
    op.create_table(
        "notice_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_step_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_step")),
    )
    op.create_index(op.f("ix_notice_step_notice_id"), "notice_step", ["notice_id"])
    op.create_table(
        "notice_habit",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mails", sa.Boolean(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opens >= 0 AND opens < closes AND closes <= 24", name=op.f("ck_notice_habit_hours")),
        sa.CheckConstraint("days <> ''", name=op.f("ck_notice_habit_some_day")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_habit_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_habit")),
    )
    op.create_table(
        "notice_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("frequency", sa.String(length=20), nullable=False),
        sa.CheckConstraint("frequency IN ('at_once', 'daily', 'weekly', 'site', 'off')", name=op.f("ck_notice_wish_frequency_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_wish_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "rule", name=op.f("pk_notice_wish")),
    )
    op.create_table(
        "notice_rule",
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_notice_rule")),
    )


def downgrade() -> None:
    """What people were told is forgotten; migrated up again, each rule begins anew and tells nothing old."""
    for table in ("notice_rule", "notice_wish", "notice_habit", "notice_step", "notice", "delivery"):
        op.drop_table(table)
