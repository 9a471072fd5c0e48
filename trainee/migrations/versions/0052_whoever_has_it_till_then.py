"""Who has a complaint that no line of the handbook stands for

Revision: 0052, after 0051.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_DEADLINE = timedelta(hours=24)
_PERSON = sa.table("person", sa.column("id", sa.Integer), sa.column("disabled_at", sa.DateTime(timezone=True)))
_ROLE = sa.table("role_held", sa.column("person_id", sa.Integer), sa.column("role", sa.String))
_COMPLAINT = sa.table(
    "complaint",
    *(sa.column(name, sa.Integer) for name in ("id", "held_by_id")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("received_at", "due_at", "closed_at")),
    sa.column("owner", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    """What is open and has no owner goes to HR, or to an administrator: who wrote it down is not told by it."""
    with op.batch_alter_table("complaint") as batch:
        batch.add_column(sa.Column("held_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_complaint_held_by_id"), "person", ["held_by_id"], ["id"])
        batch.create_index(op.f("ix_complaint_held_by_id"), ["held_by_id"])
    link = op.get_bind()
    who = sa.select(_PERSON.c.id).join(_ROLE, _ROLE.c.person_id == _PERSON.c.id).where(_PERSON.c.disabled_at.is_(None))
    who = who.where(_ROLE.c.role.in_(("hr", "admin"))).order_by(_ROLE.c.role == "admin", _PERSON.c.id)
    holder = link.execute(who.limit(1)).scalar()
    none = sa.or_(_COMPLAINT.c.owner.is_(None), sa.cast(_COMPLAINT.c.owner, sa.Text) == "null")
    waiting = sa.select(_COMPLAINT.c.id, _COMPLAINT.c.received_at).where(none, _COMPLAINT.c.closed_at.is_(None))
    for row in link.execute(waiting).all() if holder is not None else ():
        told = {"held_by_id": holder, "due_at": row.received_at + _DEADLINE}
        link.execute(sa.update(_COMPLAINT).where(_COMPLAINT.c.id == row.id).values(told))


def downgrade() -> None:
    """Who had it is not told any more."""
    with op.batch_alter_table("complaint") as batch:
        batch.drop_index(op.f("ix_complaint_held_by_id"))
        batch.drop_constraint(op.f("fk_complaint_held_by_id"), type_="foreignkey")
        batch.drop_column("held_by_id")
