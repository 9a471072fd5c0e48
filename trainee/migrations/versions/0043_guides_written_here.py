"""Interview guides that are written on the site, in versions, and in which language was talked

Revision: 0043, after 0042.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No guide yet; talks that were held keep the copy of theirs and say nothing of their language."""
    op.create_table(
        "interview_guide",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("intro", sa.JSON(), nullable=False),
        sa.Column("consent", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 120", name=op.f("ck_interview_guide_minutes")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_interview_guide_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_guide")),
    )
    op.create_index(op.f("ix_interview_guide_made_by_id"), "interview_guide", ["made_by_id"])
    op.create_index("uq_interview_guide_version", "interview_guide", ["key", "version"], unique=True)
    with op.batch_alter_table("interview_talk") as batch:
        batch.add_column(sa.Column("guide_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("language", sa.String(length=2), nullable=True))
        batch.create_foreign_key(op.f("fk_interview_talk_guide_id"), "interview_guide", ["guide_id"], ["id"])
        batch.create_index(op.f("ix_interview_talk_guide_id"), ["guide_id"])


def downgrade() -> None:
    """Guides written here are gone; every talk still has its copy."""
    with op.batch_alter_table("interview_talk") as batch:
        batch.drop_index(op.f("ix_interview_talk_guide_id"))
        batch.drop_constraint(op.f("fk_interview_talk_guide_id"), type_="foreignkey")
        batch.drop_column("language")
        batch.drop_column("guide_id")
    op.drop_table("interview_guide")
