"""What was destroyed, terms of keeping, being made anonymous, and versions of the privacy notice

Revision: 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

GUARDS = {'postgresql': ("CREATE FUNCTION destruction_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' AND EXISTS (SELECT "
                "1 FROM record_door WHERE is_open) THEN RETURN OLD; END IF; RAISE EXCEPTION 'destruction is only added to'; END $$",
                'CREATE TRIGGER destruction_is_kept BEFORE UPDATE OR DELETE ON destruction FOR EACH ROW EXECUTE FUNCTION '
                'destruction_is_kept()'),
 'sqlite': ("CREATE TRIGGER destruction_is_never_changed BEFORE UPDATE ON destruction BEGIN SELECT RAISE(ABORT, 'destruction is only added "
            "to'); END",
            'CREATE TRIGGER destruction_is_never_deleted BEFORE DELETE ON destruction WHEN NOT EXISTS (SELECT 1 FROM record_door WHERE '
            "is_open) BEGIN SELECT RAISE(ABORT, 'destruction is only added to'); END")}
TAKEN_AWAY = {'postgresql': ('DROP TRIGGER IF EXISTS destruction_is_kept ON destruction', 'DROP FUNCTION IF EXISTS destruction_is_kept()'),
 'sqlite': ('DROP TRIGGER IF EXISTS destruction_is_never_changed', 'DROP TRIGGER IF EXISTS destruction_is_never_deleted')}


def upgrade() -> None:
    """Five empty tables, one of them only added to."""
    op.create_table(
        "retention_term",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 240", name=op.f("ck_retention_term_months")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_retention_term_changed_by_id")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_term")),
    )
    op.create_table(
        "anonymity",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("asked_by_id <> person_id", name=op.f("ck_anonymity_not_oneself")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_anonymity_person_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_anonymity_asked_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_anonymity")),
    )
    op.create_table(
        "destruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_destruction_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
    )
    op.create_index("ix_destruction_at", "destruction", ["at"])
    op.create_table(
        "privacy_notice",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words_tr", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_privacy_notice_published_by_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_privacy_notice")),
        sa.UniqueConstraint("receipt", name=op.f("uq_privacy_notice_receipt")),
    )
    op.create_table(
        "privacy_reading",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["privacy_notice.number"], name=op.f("fk_privacy_reading_number")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_privacy_reading_person_id")),
        sa.PrimaryKeyConstraint("number", "person_id", name=op.f("pk_privacy_reading")),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """What was destroyed stays destroyed; only the note of it goes."""
    for statement in TAKEN_AWAY[op.get_bind().dialect.name]:
        op.execute(statement)
    for table in ("privacy_reading", "privacy_notice", "destruction", "anonymity", "retention_term"):
        op.drop_table(table)
