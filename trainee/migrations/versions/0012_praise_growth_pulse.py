"""Praise, growth opportunities, the engagement pulse, and who else took part in a suggestion

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _key(table: str, column: str, other: str, its: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{its}"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    """Five empty tables."""
    _praise()
    _growth()
    _pulse()
    op.create_table(
        "suggestion_credit",
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _key("suggestion_credit", "suggestion_id", "suggestion"),
        _key("suggestion_credit", "person_id", "person"),
        sa.PrimaryKeyConstraint("suggestion_id", "person_id", name=op.f("pk_suggestion_credit")),
    )
    op.create_index(op.f("ix_suggestion_credit_person_id"), "suggestion_credit", ["person_id"])


def _praise() -> None:
    op.create_table(
        "praise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=280), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("suggestion_id", sa.Integer(), nullable=True),
        sa.Column("to_team", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("person_id <> from_id", name=op.f("ck_praise_not_oneself")),
        sa.CheckConstraint("(evidence_id IS NULL) <> (suggestion_id IS NULL)", name=op.f("ck_praise_tied_to_one")),
        _key("praise", "person_id", "person"),
        _key("praise", "from_id", "person"),
        _key("praise", "evidence_id", "evidence"),
        _key("praise", "suggestion_id", "suggestion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_praise")),
        sa.UniqueConstraint("receipt", name=op.f("uq_praise_receipt")),
    )
    op.create_index(op.f("ix_praise_from_id"), "praise", ["from_id"])
    op.create_index("ix_praise_person_given", "praise", ["person_id", "given_at"])


def _growth() -> None:
    followed = "(answer = 'accepted') = (follow_up_on IS NOT NULL) OR answer IS NULL AND follow_up_on IS NULL"
    outcome = "(outcome IS NULL) = (outcome_at IS NULL) AND (outcome IS NULL OR answer = 'accepted')"
    op.create_table(
        "growth_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("offered_by_id IS NULL OR offered_by_id <> person_id", name=op.f("ck_growth_offer_not_oneself")),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_growth_offer_answered_once")),
        sa.CheckConstraint(followed, name=op.f("ck_growth_offer_accepted_followed_up")),
        sa.CheckConstraint(outcome, name=op.f("ck_growth_offer_outcome_of_accepted")),
        _key("growth_offer", "person_id", "person"),
        _key("growth_offer", "skill_key", "skill", "key"),
        _key("growth_offer", "offered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth_offer")),
        sa.UniqueConstraint("receipt", name=op.f("uq_growth_offer_receipt")),
    )
    op.create_index("ix_growth_offer_person", "growth_offer", ["person_id", "offered_at"])


def _pulse() -> None:
    op.create_table(
        "pulse_taken",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=10), nullable=False),
        _key("pulse_taken", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", "quarter", name=op.f("pk_pulse_taken")),
    )
    op.create_table(
        "pulse_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=10), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name=op.f("ck_pulse_tally_value")),
        _key("pulse_tally", "team_id", "team"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_tally")),
        sa.UniqueConstraint("quarter", "team_id", "question", "value", name=op.f("uq_pulse_tally_quarter_team_id_question_value")),
    )


def downgrade() -> None:
    """What was said is gone; evidence and suggestions are as they were."""
    for table in ("suggestion_credit", "pulse_tally", "pulse_taken", "growth_offer", "praise"):
        op.drop_table(table)
