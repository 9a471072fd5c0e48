"""Scorecards, draws, self-reviews, disputes and calibration: observing as it is meant

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = (
    "self_review_line", "self_review", "dispute", "observation_draft", "calibration_mark", "calibration_sheet", "calibration_case",
    "observer_licence", "contact_pick", "contact_draw", "scorecard_version",
)
COLUMNS = (
    "card_id", "contact", "pick_id", "opening", "professional", "respectful", "conduct", "licensed", "self_review_by", "released_at", "dispute_by",
)


def upgrade() -> None:
    """What was observed before was on no card, was shown at once and counts as it did; nobody had a self-review, and its time to disagree is over."""
    _cards_and_draws()
    _widen_observation()
    _calibration()
    _around_observations()


def _widen_observation() -> None:
    op.add_column("observation", sa.Column("contact", sa.String(length=120), nullable=True))
    op.add_column("observation", sa.Column("conduct", sa.Text(), nullable=True))
    op.add_column("observation", sa.Column("licensed", sa.Boolean(), nullable=True))
    op.add_column("observation", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE observation SET contact = '', conduct = '', licensed = true, released_at = recorded_at")
    with op.batch_alter_table("observation") as batch:
        for name, kind in (("contact", sa.String(length=120)), ("conduct", sa.Text()), ("licensed", sa.Boolean())):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.add_column(sa.Column("card_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("pick_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("opening", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("professional", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("respectful", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("self_review_by", sa.Date(), nullable=True))
        batch.add_column(sa.Column("dispute_by", sa.Date(), nullable=True))
        batch.create_check_constraint(op.f("ck_observation_opening"), "opening BETWEEN 1 AND 4")
        batch.create_foreign_key(op.f("fk_observation_card_id"), "scorecard_version", ["card_id"], ["id"])
        batch.create_foreign_key(op.f("fk_observation_pick_id"), "contact_pick", ["pick_id"], ["id"])
        batch.create_index("ix_observation_contact", ["person_id", "contact"])


def downgrade() -> None:
    """The observations stay with their lines; cards, draws, self-reviews, disputes and calibration are gone, and evidence is as it was decided."""
    with op.batch_alter_table("observation") as batch:
        batch.drop_constraint(op.f("fk_observation_pick_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_observation_card_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_observation_opening"), type_="check")
        batch.drop_index("ix_observation_contact")
        for column in COLUMNS:
            batch.drop_column(column)
    for table in TABLES:
        op.drop_table(table)


def _cards_and_draws() -> None:
    op.create_table("scorecard_version",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("key", sa.String(length=120), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("channel", sa.String(length=20), nullable=False),
    sa.Column("digest", sa.String(length=120), nullable=False),
    sa.Column("content", sa.JSON(), nullable=False),
    sa.Column("origin", sa.String(length=120), nullable=False),
    sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("published_by_id", sa.Integer(), nullable=True),
    sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_scorecard_version_published_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_version")),
    sa.UniqueConstraint("key", "number", name=op.f("uq_scorecard_version_key_number"))
    )
    op.create_table("contact_draw",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("person_id", sa.Integer(), nullable=False),
    sa.Column("drawn_by_id", sa.Integer(), nullable=False),
    sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("kind", sa.String(length=20), nullable=False),
    sa.Column("pool", sa.JSON(), nullable=False),
    sa.Column("seed", sa.String(length=120), nullable=False),
    sa.Column("receipt", sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(["drawn_by_id"], ["person.id"], name=op.f("fk_contact_draw_drawn_by_id")),
    sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_draw_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_draw")),
    sa.UniqueConstraint("receipt", name=op.f("uq_contact_draw_receipt"))
    )
    op.create_index("ix_contact_draw_drawn_by_id", "contact_draw", ["drawn_by_id"])
    op.create_index("ix_contact_draw_person_id", "contact_draw", ["person_id"])
    op.create_table("contact_pick",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("draw_id", sa.Integer(), nullable=False),
    sa.Column("place", sa.Integer(), nullable=False),
    sa.Column("reference", sa.String(length=120), nullable=False),
    sa.Column("observed_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("replaced_by_id", sa.Integer(), nullable=True),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(["draw_id"], ["contact_draw.id"], name=op.f("fk_contact_pick_draw_id")),
    sa.ForeignKeyConstraint(["replaced_by_id"], ["person.id"], name=op.f("fk_contact_pick_replaced_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_pick"))
    )
    op.create_index("uq_contact_pick_place", "contact_pick", ["draw_id", "place"], unique=True)


def _calibration() -> None:
    op.create_table("observer_licence",
    sa.Column("person_id", sa.Integer(), nullable=False),
    sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("cases", sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observer_licence_person_id")),
    sa.PrimaryKeyConstraint("person_id", name=op.f("pk_observer_licence"))
    )
    op.create_table("calibration_case",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(length=120), nullable=False),
    sa.Column("channel", sa.String(length=20), nullable=False),
    sa.Column("card_id", sa.Integer(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("reference", sa.JSON(), nullable=False),
    sa.Column("made_by_id", sa.Integer(), nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("agreed", sa.Text(), nullable=False),
    sa.Column("receipt", sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(["card_id"], ["scorecard_version.id"], name=op.f("fk_calibration_case_card_id")),
    sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_calibration_case_made_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_case")),
    sa.UniqueConstraint("receipt", name=op.f("uq_calibration_case_receipt"))
    )
    op.create_table("calibration_sheet",
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("observer_id", sa.Integer(), nullable=False),
    sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["case_id"], ["calibration_case.id"], name=op.f("fk_calibration_sheet_case_id")),
    sa.ForeignKeyConstraint(["observer_id"], ["person.id"], name=op.f("fk_calibration_sheet_observer_id")),
    sa.PrimaryKeyConstraint("case_id", "observer_id", name=op.f("pk_calibration_sheet"))
    )
    op.create_index("ix_calibration_sheet_observer_id", "calibration_sheet", ["observer_id"])
    op.create_table("calibration_mark",
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("observer_id", sa.Integer(), nullable=False),
    sa.Column("skill_key", sa.String(length=120), nullable=False),
    sa.Column("level", sa.Integer(), nullable=True),
    sa.Column("note", sa.Text(), nullable=False),
    sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_calibration_mark_level")),
    sa.ForeignKeyConstraint(["case_id"], ["calibration_case.id"], name=op.f("fk_calibration_mark_case_id")),
    sa.ForeignKeyConstraint(["observer_id"], ["person.id"], name=op.f("fk_calibration_mark_observer_id")),
    sa.ForeignKeyConstraint(["skill_key"], ["skill.key"], name=op.f("fk_calibration_mark_skill_key")),
    sa.PrimaryKeyConstraint("case_id", "observer_id", "skill_key", name=op.f("pk_calibration_mark"))
    )
    op.create_index("ix_calibration_mark_observer_id", "calibration_mark", ["observer_id"])


def _around_observations() -> None:
    op.create_table("observation_draft",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("receipt", sa.String(length=120), nullable=False),
    sa.Column("observer_id", sa.Integer(), nullable=False),
    sa.Column("person_id", sa.Integer(), nullable=False),
    sa.Column("card_id", sa.Integer(), nullable=False),
    sa.Column("fields", sa.JSON(), nullable=False),
    sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["card_id"], ["scorecard_version.id"], name=op.f("fk_observation_draft_card_id")),
    sa.ForeignKeyConstraint(["observer_id"], ["person.id"], name=op.f("fk_observation_draft_observer_id")),
    sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observation_draft_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_draft")),
    sa.UniqueConstraint("receipt", name=op.f("uq_observation_draft_receipt"))
    )
    op.create_index("ix_observation_draft_observer_id", "observation_draft", ["observer_id"])
    op.create_table("dispute",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("observation_id", sa.Integer(), nullable=False),
    sa.Column("skill_key", sa.String(length=120), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("decide_by", sa.Date(), nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("decided_by_id", sa.Integer(), nullable=True),
    sa.Column("outcome", sa.String(length=20), nullable=True),
    sa.Column("level", sa.Integer(), nullable=True),
    sa.Column("reply", sa.Text(), nullable=False),
    sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_dispute_decided_with_an_outcome")),
    sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_dispute_level")),
    sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_dispute_decided_by_id")),
    sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_dispute_observation_id")),
    sa.ForeignKeyConstraint(["skill_key"], ["skill.key"], name=op.f("fk_dispute_skill_key")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute"))
    )
    op.create_index("ix_dispute_open", "dispute", ["decided_at"])
    op.create_index("uq_dispute_line", "dispute", ["observation_id", "skill_key"], unique=True)
    op.create_table("self_review",
    sa.Column("observation_id", sa.Integer(), nullable=False),
    sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("declined", sa.Boolean(), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(["observation_id"], ["observation.id"], name=op.f("fk_self_review_observation_id")),
    sa.PrimaryKeyConstraint("observation_id", name=op.f("pk_self_review"))
    )
    op.create_table("self_review_line",
    sa.Column("observation_id", sa.Integer(), nullable=False),
    sa.Column("skill_key", sa.String(length=120), nullable=False),
    sa.Column("level", sa.Integer(), nullable=True),
    sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_self_review_line_level")),
    sa.ForeignKeyConstraint(["observation_id"], ["self_review.observation_id"], name=op.f("fk_self_review_line_observation_id")),
    sa.ForeignKeyConstraint(["skill_key"], ["skill.key"], name=op.f("fk_self_review_line_skill_key")),
    sa.PrimaryKeyConstraint("observation_id", "skill_key", name=op.f("pk_self_review_line"))
    )
