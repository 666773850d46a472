"""The tables that the migrations make are the tables that the program knows."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from casework.storage import migrate, search_tables
from casework.storage.database import db


def is_a_table_of_ours(name: str | None, kind: str, parents: object) -> bool:
    """Not the index of search, which the database keeps by itself."""
    return kind != "table" or not (name or "").startswith(search_tables.INDEX)


def test_models_and_migrations_do_not_differ(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_a_table_of_ours}
        )
        assert compare_metadata(context, db.metadata) == []


def test_a_fresh_instance_stands_at_the_newest_revision(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert migrate.current_revision(connection) == migrate.newest_revision()
