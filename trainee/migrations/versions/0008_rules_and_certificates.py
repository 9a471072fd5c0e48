"""Assignments of more than modules, the rules that give them, and certificates

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")
_BY_HAND = sa.text("rule_id IS NULL")
_CERTIFIED = sa.text("certification_id IS NOT NULL")
_WAS_OPEN = sa.text("excused_at IS NULL")


def upgrade() -> None:
    """Whatever was assigned is of a module and given by hand; an excuse becomes the reason for which it ended."""
    _certification()
    _rule()
    with op.batch_alter_table("assignment") as table:
        table.drop_index("uq_assignment_given_once")
        table.drop_index("ix_assignment_person_module")
        table.drop_index("ix_assignment_open", sqlite_where=_WAS_OPEN, postgresql_where=_WAS_OPEN)
        table.drop_constraint(op.f("ck_assignment_excuse_has_reason"), type_="check")
        table.alter_column("module_key", new_column_name="what", existing_type=sa.String(length=120), existing_nullable=False)
        table.alter_column("excused_at", new_column_name="ended_at", existing_type=_WHEN, existing_nullable=True)
        table.alter_column("excuse", new_column_name="ended_why", existing_type=sa.Text(), existing_nullable=True)
        table.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default="module"))
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("skill_key", sa.String(length=120), nullable=True))
        table.add_column(sa.Column("gap", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("rule_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("occasion", sa.String(length=120), nullable=True))
        table.add_column(sa.Column("certification_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("short", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("ended_how", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
    op.execute("UPDATE assignment SET ended_how = 'excused' WHERE ended_at IS NOT NULL")
    with op.batch_alter_table("assignment") as table:
        for name in ("kind", "quiet", "short"):
            table.alter_column(name, server_default=None)
        table.create_foreign_key("fk_assignment_skill_key", "skill", ["skill_key"], ["key"])
        table.create_foreign_key("fk_assignment_rule_id", "assignment_rule", ["rule_id"], ["id"])
        table.create_foreign_key("fk_assignment_certification_id", "certification", ["certification_id"], ["id"])
        table.create_foreign_key("fk_assignment_ended_by_id", "person", ["ended_by_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_assignment_end_has_reason"), "(ended_at IS NULL) = (ended_how IS NULL) AND (ended_at IS NULL) = (ended_why IS NULL)"
        )
        table.create_check_constraint(op.f("ck_assignment_rule_has_occasion"), "(rule_id IS NULL) = (occasion IS NULL)")
    _indexes()
    _certificate()


def _indexes() -> None:
    op.create_index("ix_assignment_person_what", "assignment", ["person_id", "kind", "what"])
    op.create_index(
        "uq_assignment_given_once",
        "assignment",
        ["person_id", "kind", "what", "given_at"],
        unique=True,
        sqlite_where=_BY_HAND,
        postgresql_where=_BY_HAND,
    )
    op.create_index("uq_assignment_rule_occasion", "assignment", ["rule_id", "person_id", "occasion"], unique=True)
    op.create_index("ix_assignment_open", "assignment", ["person_id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index(
        "ix_assignment_certification", "assignment", ["certification_id", "person_id"], sqlite_where=_CERTIFIED, postgresql_where=_CERTIFIED
    )


def _certification() -> None:
    op.create_table(
        "certification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", _WHEN, nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_certification_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_certification"),
        sa.UniqueConstraint("receipt", name="uq_certification_receipt"),
    )


def _rule() -> None:
    op.create_table(
        "assignment_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("certification_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("job", sa.String(length=120), nullable=True),
        sa.Column("joined_from", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("accepts_earlier", sa.Boolean(), nullable=False),
        sa.Column("existing", sa.String(length=20), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("made_at", _WHEN, nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.Column("active_from", _WHEN, nullable=True),
        sa.Column("ended_at", _WHEN, nullable=True),
        sa.CheckConstraint("due_days IS NULL OR due_on IS NULL", name=op.f("ck_assignment_rule_one_kind_of_date")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_assignment_rule_author_id"),
        sa.ForeignKeyConstraint(["certification_id"], ["certification.id"], name="fk_assignment_rule_certification_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_assignment_rule_team_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_assignment_rule_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment_rule"),
        sa.UniqueConstraint("receipt", name="uq_assignment_rule_receipt"),
    )
    for name in ("author_id", "certification_id", "team_id"):
        op.create_index(f"ix_assignment_rule_{name}", "assignment_rule", [name])


def _certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("certification_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("issued_at", _WHEN, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", _WHEN, nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why IS NULL)", name=op.f("ck_certificate_withdrawal_has_reason")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_certificate_assignment_id"),
        sa.ForeignKeyConstraint(["certification_id"], ["certification.id"], name="fk_certificate_certification_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_certificate_person_id"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name="fk_certificate_withdrawn_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.UniqueConstraint("assignment_id", name="uq_certificate_assignment_id"),
        sa.UniqueConstraint("number", name="uq_certificate_number"),
    )
    for name in ("certification_id", "person_id"):
        op.create_index(f"ix_certificate_{name}", "certificate", [name])


def downgrade() -> None:
    """Only modules stay assigned; whatever ended one keeps its reason as an excuse, and of the same asked twice at once the first stays."""
    op.drop_table("certificate")
    op.execute("DELETE FROM assignment WHERE kind <> 'module'")
    op.execute(
        "DELETE FROM assignment WHERE id NOT IN (SELECT min(id) FROM assignment GROUP BY person_id, what, given_at)",
    )
    op.drop_index("ix_assignment_certification", "assignment", sqlite_where=_CERTIFIED, postgresql_where=_CERTIFIED)
    op.drop_index("ix_assignment_open", "assignment", sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.drop_index("uq_assignment_rule_occasion", "assignment")
    op.drop_index("uq_assignment_given_once", "assignment", sqlite_where=_BY_HAND, postgresql_where=_BY_HAND)
    op.drop_index("ix_assignment_person_what", "assignment")
    with op.batch_alter_table("assignment") as table:
        table.drop_constraint(op.f("ck_assignment_rule_has_occasion"), type_="check")
        table.drop_constraint(op.f("ck_assignment_end_has_reason"), type_="check")
        for name in ("skill_key", "rule_id", "certification_id", "ended_by_id"):
            table.drop_constraint(f"fk_assignment_{name}", type_="foreignkey")
        for name in (
            "kind",
            "number",
            "skill_key",
            "gap",
            "quiet",
            "rule_id",
            "occasion",
            "certification_id",
            "short",
            "ended_how",
            "ended_by_id",
        ):
            table.drop_column(name)
        table.alter_column("what", new_column_name="module_key", existing_type=sa.String(length=120), existing_nullable=False)
        table.alter_column("ended_at", new_column_name="excused_at", existing_type=_WHEN, existing_nullable=True)
        table.alter_column("ended_why", new_column_name="excuse", existing_type=sa.Text(), existing_nullable=True)
    with op.batch_alter_table("assignment") as table:
        table.create_check_constraint(op.f("ck_assignment_excuse_has_reason"), "excused_at IS NULL OR excuse IS NOT NULL")
        table.create_index("ix_assignment_open", ["person_id"], sqlite_where=_WAS_OPEN, postgresql_where=_WAS_OPEN)
        table.create_index("ix_assignment_person_module", ["person_id", "module_key"])
        table.create_index("uq_assignment_given_once", ["person_id", "module_key", "given_at"], unique=True)
    op.drop_table("assignment_rule")
    op.drop_table("certification")
