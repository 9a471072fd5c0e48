"""Policy cards may be written on the site, version by version

Revision: 0040, after 0039.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_NEW = (("text_tr", sa.Text(), "''"), ("text_en", sa.Text(), "''"), ("number", sa.Integer(), "0"), ("origin", sa.String(length=10), "'file'"))


def upgrade() -> None:
    """Every card comes from its file as yet; the next start reads the files, whose words it has not kept, as the first versions."""
    op.create_table(
        "policy_card_version",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=120), nullable=False) for name in ("title_tr", "title_en", "owner_tr", "owner_en")),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("legal_review", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("text_tr", "text_en", "html_tr", "html_en")),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("coming", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_policy_card_version_numbered")),
        sa.CheckConstraint("origin IN ('file', 'house')", name=op.f("ck_policy_card_version_origin_known")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_policy_card_version_by_id")),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_policy_card_version")),
    )
    op.create_index(op.f("ix_policy_card_version_by_id"), "policy_card_version", ["by_id"])
    with op.batch_alter_table("policy_card") as batch:
        for name, kind, value in _NEW:
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=sa.text(value)))
    with op.batch_alter_table("policy_card") as batch:
        for name, kind, _value in _NEW:
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    """What was written here goes; the next start reads the files."""
    with op.batch_alter_table("policy_card") as batch:
        for name, _kind, _value in _NEW:
            batch.drop_column(name)
    op.drop_table("policy_card_version")
