"""The log of deeds is only added to, and who looked at whose pages

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

GUARDS = {'postgresql': ("CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' AND (NEW.id::text "
                'IS NOT DISTINCT FROM OLD.id::text) AND (NEW.at::text IS NOT DISTINCT FROM OLD.at::text) AND (NEW.actor_id::text IS NOT '
                'DISTINCT FROM OLD.actor_id::text) AND (NEW.deed::text IS NOT DISTINCT FROM OLD.deed::text) AND (NEW.subject::text IS NOT '
                "DISTINCT FROM OLD.subject::text) AND (NEW.detail::text IS NOT DISTINCT FROM OLD.detail::text OR NEW.detail::text = '{}') "
                "AND EXISTS (SELECT 1 FROM record_door WHERE is_open) THEN RETURN NEW; END IF; RAISE EXCEPTION 'audit_entry is only added "
                "to'; END $$",
                'CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION '
                'audit_entry_is_kept()',
                "CREATE FUNCTION record_look_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' AND (NEW.id::text "
                'IS NOT DISTINCT FROM OLD.id::text) AND (NEW.person_id::text IS NOT DISTINCT FROM OLD.person_id::text) AND '
                '(NEW.by_id::text IS NOT DISTINCT FROM OLD.by_id::text) AND (NEW.day::text IS NOT DISTINCT FROM OLD.day::text) AND '
                '(NEW.at::text IS NOT DISTINCT FROM OLD.at::text) AND (NEW.page::text IS NOT DISTINCT FROM OLD.page::text) AND '
                '(NEW.capacity::text IS NOT DISTINCT FROM OLD.capacity::text) AND (NEW.reason::text IS NOT DISTINCT FROM OLD.reason::text '
                "OR NEW.reason::text = '') AND (NEW.receipt::text IS NOT DISTINCT FROM OLD.receipt::text) AND EXISTS (SELECT 1 FROM "
                "record_door WHERE is_open) THEN RETURN NEW; END IF; IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM record_door WHERE "
                "is_open) THEN RETURN OLD; END IF; RAISE EXCEPTION 'record_look is only added to'; END $$",
                'CREATE TRIGGER record_look_is_kept BEFORE UPDATE OR DELETE ON record_look FOR EACH ROW EXECUTE FUNCTION '
                'record_look_is_kept()'),
 'sqlite': ('CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry WHEN NOT ((NEW.id IS OLD.id) AND (NEW.at IS OLD.at) '
            'AND (NEW.actor_id IS OLD.actor_id) AND (NEW.deed IS OLD.deed) AND (NEW.subject IS OLD.subject) AND (NEW.detail IS OLD.detail '
            "OR NEW.detail = '{}') AND EXISTS (SELECT 1 FROM record_door WHERE is_open)) BEGIN SELECT RAISE(ABORT, 'audit_entry is only "
            "added to'); END",
            "CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is only added "
            "to'); END",
            'CREATE TRIGGER record_look_is_never_changed BEFORE UPDATE ON record_look WHEN NOT ((NEW.id IS OLD.id) AND (NEW.person_id IS '
            'OLD.person_id) AND (NEW.by_id IS OLD.by_id) AND (NEW.day IS OLD.day) AND (NEW.at IS OLD.at) AND (NEW.page IS OLD.page) AND '
            "(NEW.capacity IS OLD.capacity) AND (NEW.reason IS OLD.reason OR NEW.reason = '') AND (NEW.receipt IS OLD.receipt) AND EXISTS "
            "(SELECT 1 FROM record_door WHERE is_open)) BEGIN SELECT RAISE(ABORT, 'record_look is only added to'); END",
            'CREATE TRIGGER record_look_is_never_deleted BEFORE DELETE ON record_look WHEN NOT EXISTS (SELECT 1 FROM record_door WHERE '
            "is_open) BEGIN SELECT RAISE(ABORT, 'record_look is only added to'); END")}
TAKEN_AWAY = {'postgresql': ('DROP TRIGGER IF EXISTS record_look_is_kept ON record_look',
                'DROP FUNCTION IF EXISTS record_look_is_kept()',
                'DROP TRIGGER IF EXISTS audit_entry_is_kept ON audit_entry',
                'DROP FUNCTION IF EXISTS audit_entry_is_kept()'),
 'sqlite': ('DROP TRIGGER IF EXISTS record_look_is_never_changed',
            'DROP TRIGGER IF EXISTS record_look_is_never_deleted',
            'DROP TRIGGER IF EXISTS audit_entry_is_never_changed',
            'DROP TRIGGER IF EXISTS audit_entry_is_never_deleted')}


def upgrade() -> None:
    """The door, guards around what stands, and a table that begins empty."""
    op.create_table(
        "record_door",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_record_door_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_door")),
    )
    op.execute("INSERT INTO record_door (id, is_open) VALUES (1, false)")
    op.create_table(
        "record_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_record_look_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_record_look_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_look")),
        sa.UniqueConstraint("receipt", name=op.f("uq_record_look_receipt")),
    )
    op.create_index("ix_record_look_person", "record_look", ["person_id", "at"])
    op.create_index("ix_record_look_by", "record_look", ["by_id", "at"])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "id"])


def downgrade() -> None:
    """Whoever looked is forgotten; the deeds stay."""
    op.drop_index("ix_audit_entry_actor", "audit_entry")
    for statement in TAKEN_AWAY[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("record_look")
    op.drop_table("record_door")
