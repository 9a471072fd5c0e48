"""Follow-up observations as records, who has read what, licences that end, and the wish to say first how one saw it

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _key(table: str, column: str, other: str, its: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{its}"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Every session that was held has its follow-up observation, met by the first that answers it; who acknowledged has read; licences stand."""
    _planned()
    _readings()
    _licences(ending=True)


def downgrade() -> None:
    """The dates of follow-ups stay in their sessions; who read what is gone; of a licence only one that stands is left."""
    _licences(ending=False)
    for table in ("self_review_wish", "dispute_reading", "observation_reading", "planned_observation"):
        op.drop_table(table)


def _planned() -> None:
    op.create_table(
        "planned_observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skill_key", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observation_id", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        _key("planned_observation", "person_id", "person"),
        _key("planned_observation", "skill_key", "skill", "key"),
        _key("planned_observation", "planned_by_id", "person"),
        _key("planned_observation", "observation_id", "observation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_observation")),
        sa.UniqueConstraint("receipt", name=op.f("uq_planned_observation_receipt")),
    )
    op.create_index("ix_planned_observation_person", "planned_observation", ["person_id", "due_on"])
    op.execute("""
        INSERT INTO planned_observation (person_id, skill_key, due_on, planned_by_id, planned_at, observation_id, receipt)
        SELECT s.person_id, s.skill_key, s.follow_up_on, s.agreed_by_id, s.held_at,
            (SELECT o.id FROM observation o JOIN observation_line l ON l.observation_id = o.id
             WHERE o.person_id = s.person_id AND l.skill_key = s.skill_key AND o.seen_at > s.held_at
               AND (l.level IS NOT NULL OR l.critical IS NOT NULL)
               AND NOT EXISTS (SELECT d.id FROM dispute d WHERE d.observation_id = o.id AND d.skill_key = l.skill_key AND d.outcome = 'struck')
             ORDER BY o.seen_at, o.id LIMIT 1),
            'coaching_session/' || s.id
        FROM coaching_session s WHERE s.held_at IS NOT NULL
    """)


def _readings() -> None:
    for table, other in (("observation_reading", "observation"), ("dispute_reading", "dispute")):
        op.create_table(
            table,
            sa.Column(f"{other}_id", sa.Integer(), nullable=False),
            sa.Column("person_id", sa.Integer(), nullable=False),
            sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
            _key(table, f"{other}_id", other),
            _key(table, "person_id", "person"),
            sa.PrimaryKeyConstraint(f"{other}_id", "person_id", name=op.f(f"pk_{table}")),
        )
    op.execute(
        "INSERT INTO observation_reading (observation_id, person_id, read_at)"
        " SELECT id, person_id, acknowledged_at FROM observation WHERE acknowledged_at IS NOT NULL"
    )
    op.create_table(
        "self_review_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _key("self_review_wish", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_self_review_wish")),
    )


def _licences(ending: bool) -> None:
    """The table made anew, with its rows: by whom a licence is held is its key before, and one of its columns since."""
    kept = sa.table("observer_licence", *(sa.column(name) for name in ("person_id", "granted_at", "cases")))
    ended = sa.column("ended_at")
    standing = sa.select(kept.c.person_id, sa.type_coerce(kept.c.granted_at, sa.DateTime(timezone=True)), sa.type_coerce(kept.c.cases, sa.JSON()))
    rows = op.get_bind().execute(standing if ending else standing.where(ended.is_(None))).all()
    op.drop_table("observer_licence")
    common = [
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
    ]
    if ending:
        made = op.create_table(
            "observer_licence",
            sa.Column("id", sa.Integer(), nullable=False),
            *common,
            sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("ended_by_id", sa.Integer(), nullable=True),
            sa.Column("why", sa.Text(), nullable=False),
            sa.CheckConstraint("ended_at IS NOT NULL OR ended_by_id IS NULL", name=op.f("ck_observer_licence_ended_by_somebody")),
            sa.CheckConstraint("(ended_at IS NULL) = (why = '')", name=op.f("ck_observer_licence_ended_with_a_reason")),
            sa.CheckConstraint("ended_by_id IS NULL OR ended_by_id <> person_id", name=op.f("ck_observer_licence_not_ones_own")),
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observer_licence_person_id")),
            sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_observer_licence_ended_by_id")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_observer_licence")),
        )
        stands = sa.text("ended_at IS NULL")
        op.create_index("uq_observer_licence_standing", "observer_licence", ["person_id"], unique=True, sqlite_where=stands, postgresql_where=stands)
        op.create_index("ix_observer_licence_person_id", "observer_licence", ["person_id"])
    else:
        made = op.create_table(
            "observer_licence",
            *common,
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observer_licence_person_id")),
            sa.PrimaryKeyConstraint("person_id", name=op.f("pk_observer_licence")),
        )
    values = [{"person_id": who, "granted_at": at, "cases": cases} | ({"why": ""} if ending else {}) for who, at, cases in rows]
    if values:
        op.bulk_insert(made, values)
