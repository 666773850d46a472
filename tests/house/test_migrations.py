"""The tables that the migrations make are the tables that the program knows."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from casework.storage import migrate
from casework.storage.database import db
from tests.databases import is_of_the_models


def test_models_and_migrations_do_not_differ(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_the_models}
        )
        assert compare_metadata(context, db.metadata) == []


def test_a_fresh_instance_stands_at_the_newest_revision(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert migrate.current_revision(connection) == migrate.newest_revision()
