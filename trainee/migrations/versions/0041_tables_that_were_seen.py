"""A look may be at a table of many people

Revision: 0041, after 0040.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

# A table that is altered on SQLite is copied and loses its triggers.
GUARDS = ('CREATE TRIGGER record_look_is_never_changed BEFORE UPDATE ON record_look WHEN NOT ((NEW.id IS OLD.id) AND (NEW.person_id IS '
 'OLD.person_id) AND (NEW.by_id IS OLD.by_id) AND (NEW.day IS OLD.day) AND (NEW.at IS OLD.at) AND (NEW.page IS OLD.page) AND '
 "(NEW.capacity IS OLD.capacity) AND (NEW.reason IS OLD.reason OR NEW.reason = '') AND (NEW.receipt IS OLD.receipt) AND EXISTS (SELECT 1 "
 "FROM record_door WHERE is_open)) BEGIN SELECT RAISE(ABORT, 'record_look is only added to'); END",
 'CREATE TRIGGER record_look_is_never_deleted BEFORE DELETE ON record_look WHEN NOT EXISTS (SELECT 1 FROM record_door WHERE is_open) '
 "BEGIN SELECT RAISE(ABORT, 'record_look is only added to'); END")
DROPPED = ("DROP TRIGGER record_look_is_never_changed", "DROP TRIGGER record_look_is_never_deleted")


def _may_be_of_nobody(nullable: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        if not nullable:
            op.execute("ALTER TABLE record_look DISABLE TRIGGER record_look_is_kept")
            op.execute("DELETE FROM record_look WHERE person_id IS NULL")
            op.execute("ALTER TABLE record_look ENABLE TRIGGER record_look_is_kept")
        op.alter_column("record_look", "person_id", existing_type=sa.Integer(), nullable=nullable)
        return
    for statement in DROPPED:
        op.execute(statement)
    if not nullable:
        op.execute("DELETE FROM record_look WHERE person_id IS NULL")
    with op.batch_alter_table("record_look") as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=nullable)
    for statement in GUARDS:
        op.execute(statement)


def upgrade() -> None:
    """From now on tables of many are noted as well."""
    _may_be_of_nobody(True)


def downgrade() -> None:
    """Looks at tables of many are forgotten."""
    _may_be_of_nobody(False)
