"""The database's own refusal to change the log, for SQLite and PostgreSQL, as words for models and migrations alike.

An UPDATE passes only while the door is open in the same transaction, and only when it blanks `detail` and touches
nothing else. On PostgreSQL other transactions do not see an uncommitted open door; SQLite has one writer at a time.

A migration that alters the table on SQLite copies it and loses its triggers: it must run `CREATE["sqlite"]` again.
"""

from typing import Final

_FACTS: Final = (
    "id",
    "person_id",
    "skill_key",
    "source",
    "score",
    "item",
    "occurred_at",
    "recorded_at",
    "choices",
    "actor_id",
    "receipt",
    "retracts_id",
)
_SAME_SQLITE: Final = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _FACTS)
_SAME_POSTGRESQL: Final = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FACTS)

# The door's one row, shut; run once, after its table is made.
SHUT: Final = "INSERT INTO evidence_door (id, is_open) VALUES (1, false)"

CREATE: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        "CREATE TRIGGER evidence_is_never_deleted BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END",
        # The words are put together from names written in this file only.
        "CREATE TRIGGER evidence_is_never_changed BEFORE UPDATE ON evidence"  # noqa: S608
        f" WHEN NOT (NEW.detail = '{{}}' AND {_SAME_SQLITE} AND EXISTS (SELECT 1 FROM evidence_door WHERE is_open))"
        " BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION evidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"  # noqa: S608
        " IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'evidence is never deleted'; END IF;"
        f" IF NEW.detail::text = '{{}}' AND {_SAME_POSTGRESQL} AND EXISTS (SELECT 1 FROM evidence_door WHERE is_open) THEN RETURN NEW; END IF;"
        " RAISE EXCEPTION 'evidence is never changed'; END $$",
        "CREATE TRIGGER evidence_is_kept BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION evidence_is_kept()",
    ),
}

DROP: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": ("DROP TRIGGER IF EXISTS evidence_is_never_deleted", "DROP TRIGGER IF EXISTS evidence_is_never_changed"),
    "postgresql": ("DROP TRIGGER IF EXISTS evidence_is_kept ON evidence", "DROP FUNCTION IF EXISTS evidence_is_kept()"),
}
