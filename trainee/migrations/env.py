"""Alembic's entry: uses the connection it is handed, so that locks and loggers stay ours."""

from alembic import context

from trainee.kit.db import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
