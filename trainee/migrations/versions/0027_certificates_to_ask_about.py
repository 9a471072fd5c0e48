"""Each certificate has a public name under which its state can be asked for

Revision: 0027, after 0026.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"


def _code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(4)) for _group in range(4))


def upgrade() -> None:
    """Those that stand there get one each."""
    op.add_column("certificate", sa.Column("code", sa.String(length=40), nullable=True))
    table = sa.table("certificate", sa.column("id", sa.Integer()), sa.column("code", sa.String()))
    connection = op.get_bind()
    for number in connection.scalars(sa.select(table.c.id)).all():
        connection.execute(sa.update(table).where(table.c.id == number).values(code=_code()))
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.alter_column("code", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_certificate_code"), ["code"])


def downgrade() -> None:
    """What was printed on paper can be asked for no more."""
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.drop_constraint(op.f("uq_certificate_code"), type_="unique")
        batch_op.drop_column("code")
