"""Expectations in versions, for a job too, with how they are monitored in every language; answers to them; drafts

Revision: 0007, after 0006.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HERE = "Europe/Istanbul"
_FOR_ONE = (
    "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN job IS NULL THEN 0 ELSE 1 END) = 1"
)
_WORDING = ("why", "monitored", "how_often", "seen_by")


def upgrade() -> None:
    """Every expectation stays as it was said; its moments become dates where the person lives, and of whole teams where most people do."""
    before = _rows("SELECT e.*, p.time_zone FROM expectation e LEFT JOIN person p ON p.id = e.person_id ORDER BY e.since, e.id")
    _drop_expectation()
    _create_expectation()
    _refill([_forwards(row, before) for row in before])
    _create_answers()
    _create_drafts()


def downgrade() -> None:
    """Answers and drafts are gone, and what was expected of a whole job, of which the table before cannot tell."""
    op.drop_table("expectation_draft")
    op.drop_table("expectation_answer")
    kept = "SELECT e.*, p.time_zone FROM expectation e LEFT JOIN person p ON p.id = e.person_id WHERE e.job IS NULL ORDER BY e.id"
    after = _rows(kept)
    _drop_expectation()
    _create_expectation_of_before()
    _refill([_backwards(row) for row in after])


def _rows(statement: str) -> list[dict[str, Any]]:
    types = {"since": sa.DateTime(timezone=True), "until": sa.DateTime(timezone=True), "issued_at": sa.DateTime(timezone=True)}
    types |= {"closed_at": sa.DateTime(timezone=True)}
    dates = {"starts_on": sa.Date(), "ends_on": sa.Date(), "closed_on": sa.Date()}
    found = op.get_bind().execute(sa.text(statement)).mappings()
    return [{name: _read(value, types.get(name), dates.get(name)) for name, value in row.items()} for row in found]


def _read(value: Any, moment: Any, day: Any) -> Any:
    """SQLite gives moments and dates as the texts they are kept as."""
    if isinstance(value, str) and moment is not None:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and moment is not None:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return date.fromisoformat(value) if isinstance(value, str) and day is not None else value


def _forwards(row: Mapping[str, Any], every: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    zone = ZoneInfo(row["time_zone"] or _HERE)
    own = row["person_id"] is not None
    chain = [one["id"] for one in every if (one["person_id"], one["team_id"], one["skill"]) == (row["person_id"], row["team_id"], row["skill"])]
    until = row["until"]
    kept = {name: row[name] for name in ("id", "person_id", "team_id", "skill", "level", "set_by_id", *_WORDING)}
    return kept | {
        "scope": f"person/{row['person_id']}" if own else f"team/{row['team_id']}",
        "version": chain.index(row["id"]) + 1,
        "job": None,
        "starts_on": row["since"].astimezone(zone).date(),
        "ends_on": None,
        "ways": [],
        "rhythm": "",
        "audience": "",
        "anchors": [],
        "words_tr": "",
        "words_en": "",
        "issued_at": row["since"],
        "closed_on": until.astimezone(zone).date() if until is not None else None,
        "closed_at": until,
        "closed_by_id": None,
        "end_reason": None,
    }


def _backwards(row: Mapping[str, Any]) -> dict[str, Any]:
    zone = ZoneInfo(row["time_zone"] or _HERE)
    kept = {name: row[name] for name in ("id", "person_id", "team_id", "skill", "level", "set_by_id", "why")}
    # What was chosen and not written is kept as the word it is stored by: the table before asks for some text.
    ways = row["ways"] if isinstance(row["ways"], list) else sa.JSON().result_processor(op.get_bind().dialect, None)(row["ways"])
    kept["monitored"] = row["monitored"] or ", ".join(ways)
    kept["how_often"] = row["how_often"] or row["rhythm"]
    kept["seen_by"] = row["seen_by"] or row["audience"]
    kept["since"] = _moment(row["starts_on"], row["issued_at"], zone)
    kept["until"] = _moment(row["closed_on"], row["closed_at"], zone)
    if kept["until"] is None and row["ends_on"] is not None:
        kept["until"] = datetime.combine(row["ends_on"], time(23, 59, 59), zone).astimezone(UTC)
    return kept


def _moment(day: date | None, told: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The very moment when it lies on that day, else the day's beginning."""
    if day is None or (told is not None and told.astimezone(zone).date() == day):
        return told if day is not None else None
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _refill(rows: list[dict[str, Any]]) -> None:
    bind = op.get_bind()
    if rows:
        table = sa.Table("expectation", sa.MetaData(), autoload_with=bind)
        naive = bind.dialect.name == "sqlite"
        filled = [{name: _kept(value, naive) for name, value in row.items()} for row in rows]
        bind.execute(table.insert(), filled)
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text("SELECT setval(pg_get_serial_sequence('expectation', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM expectation), false)"))


def _kept(value: Any, naive: bool) -> Any:
    return value.replace(tzinfo=None) if naive and isinstance(value, datetime) else value


def _drop_expectation() -> None:
    # SQLite cannot change the checks of a table that stands; nothing else points at this one while it is made anew.
    op.drop_table("expectation")


def _keys(table: str, columns: Mapping[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], [f"{to}"], name=op.f(f"fk_{table}_{name}")) for name, to in columns.items()]


def _create_expectation_of_before() -> None:
    op.create_table(
        "expectation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("skill", sa.String(length=120), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("monitored", sa.Text(), nullable=False),
        sa.Column("how_often", sa.String(length=200), nullable=False),
        sa.Column("seen_by", sa.String(length=200), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(team_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_expectation_team_or_person")),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_expectation_level")),
        *_keys("expectation", {"person_id": "person.id", "set_by_id": "person.id", "skill": "skill.key", "team_id": "team.id"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectation")),
    )
    op.create_index(op.f("ix_expectation_person_id"), "expectation", ["person_id"])
    op.create_index("ix_expectation_person_skill", "expectation", ["person_id", "skill"])
    op.create_index(op.f("ix_expectation_team_id"), "expectation", ["team_id"])


def _terms() -> list[sa.Column[Any]]:
    """The columns that an expectation and a draft share."""
    return [
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("job", sa.String(length=120), nullable=True),
        sa.Column("skill", sa.String(length=120), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("monitored", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("how_often", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("seen_by", sa.String(length=200), nullable=False),
        sa.Column("words_tr", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
    ]


def _create_expectation() -> None:
    op.create_table(
        "expectation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_terms(),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_expectation_level")),
        sa.CheckConstraint(_FOR_ONE, name=op.f("ck_expectation_for_one")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_expectation_ends_after_it_starts")),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_at IS NULL)", name=op.f("ck_expectation_closed_once")),
        *_keys(
            "expectation",
            {"person_id": "person.id", "team_id": "team.id", "skill": "skill.key", "set_by_id": "person.id", "closed_by_id": "person.id"},
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectation")),
        sa.UniqueConstraint("scope", "skill", "version", name=op.f("uq_expectation_scope_skill_version")),
    )
    op.create_index(op.f("ix_expectation_team_id"), "expectation", ["team_id"])
    op.create_index(op.f("ix_expectation_job"), "expectation", ["job"])
    op.create_index("ix_expectation_person_skill", "expectation", ["person_id", "skill"])


def _create_answers() -> None:
    op.create_table(
        "expectation_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expectation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("kind IN ('acknowledged', 'objected')", name=op.f("ck_expectation_answer_kind_known")),
        sa.CheckConstraint("kind <> 'objected' OR note <> ''", name=op.f("ck_expectation_answer_objection_has_a_note")),
        sa.CheckConstraint("replied_by_id IS NULL OR replied_by_id <> person_id", name=op.f("ck_expectation_answer_not_to_oneself")),
        *_keys("expectation_answer", {"expectation_id": "expectation.id", "person_id": "person.id", "replied_by_id": "person.id"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectation_answer")),
        sa.UniqueConstraint("receipt", name=op.f("uq_expectation_answer_receipt")),
    )
    op.create_index(op.f("ix_expectation_answer_person_id"), "expectation_answer", ["person_id"])
    op.create_index("ix_expectation_answer_newest", "expectation_answer", ["expectation_id", "person_id", "id"])


def _create_drafts() -> None:
    op.create_table(
        "expectation_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        *_terms(),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("issued_id", sa.Integer(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_expectation_draft_level")),
        sa.CheckConstraint(_FOR_ONE, name=op.f("ck_expectation_draft_for_one")),
        *_keys("expectation_draft", {"person_id": "person.id", "team_id": "team.id", "skill": "skill.key"}),
        *_keys("expectation_draft", {"author_id": "person.id", "edited_by_id": "person.id"}),
        *_keys("expectation_draft", {"replaces_id": "expectation.id", "issued_id": "expectation.id"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectation_draft")),
        sa.UniqueConstraint("receipt", name=op.f("uq_expectation_draft_receipt")),
    )
    for column in ("person_id", "team_id", "author_id"):
        op.create_index(op.f(f"ix_expectation_draft_{column}"), "expectation_draft", [column])
