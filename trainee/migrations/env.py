"""Alembic's entry: uses the connection it is handed, so that locks and loggers stay ours."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from trainee.kit.db import Base, UtcDateTime


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database, so that a migration needs nothing of today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, render_item=render)
with context.begin_transaction():
    context.run_migrations()
