"""The service model, and the handbook that belongs to it

Revision: 0036, after 0035.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four empty tables: entries by version, the draft, what was published, and who has read it."""
    op.create_table(
        "service_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_service_entry_numbered")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_service_entry_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_entry")),
    )
    op.create_index("uq_service_entry_version", "service_entry", ["kind", "key", "number"], unique=True)
    op.create_index(op.f("ix_service_entry_by_id"), "service_entry", ["by_id"])
    op.create_table(
        "service_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_service_draft_only_one")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_service_draft_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_draft")),
    )
    op.create_index(op.f("ix_service_draft_by_id"), "service_draft", ["by_id"])
    op.create_table(
        "service_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_service_version_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_version")),
        sa.UniqueConstraint("number", name=op.f("uq_service_version_number")),
    )
    op.create_index(op.f("ix_service_version_by_id"), "service_version", ["by_id"])
    op.create_table(
        "service_reading",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["service_version.id"], name=op.f("fk_service_reading_version_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_reading_person_id")),
        sa.PrimaryKeyConstraint("version_id", "person_id", name=op.f("pk_service_reading")),
    )
    op.create_index(op.f("ix_service_reading_person_id"), "service_reading", ["person_id"])


def downgrade() -> None:
    """What the company wrote of its service goes with the tables."""
    op.drop_table("service_reading")
    op.drop_table("service_version")
    op.drop_table("service_draft")
    op.drop_table("service_entry")
