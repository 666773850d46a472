"""Runs migrations on the connection that Casework hands over."""

from alembic import context

from casework.storage import models  # noqa: F401
from casework.storage.database import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
