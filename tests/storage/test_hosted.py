"""A database on PostgreSQL: who writes, who may open it, and what people see when it is gone."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import NullPool, create_engine, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError, NotSupportedError, OperationalError

from casework import clock
from casework.app import create_app
from casework.domain.errors import SettingsError
from casework.services.safety import audit, tries
from casework.storage import hosted, kept_changes, migrate, tenants
from casework.storage.database import db
from casework.storage.models import AuditEvent, InstanceNote, SignInAttempt, User
from tests.conftest import settings_for
from tests.databases import is_of_the_models, make_database
from tests.pages import Browser
from tests.storage.test_instance import start_together

pytestmark = pytest.mark.postgresql


@pytest.fixture
def on_server(pytestconfig) -> str:
    """The address of a database in which there is nothing yet."""
    return make_database(pytestconfig.getoption("--postgresql"), "empty")


def folder_with(address: str, folder: Path) -> Path:
    folder.mkdir()
    (folder / "settings.toml").write_text(f'database_url = "{address}"\n')
    return folder


def closed(app: Flask) -> Flask:
    """An application whose connections are given back."""
    with app.app_context():
        db.engine.dispose()
    return app


def test_two_first_starts_at_the_same_moment_make_one_set_of_tables(on_server, tmp_path):
    folder = folder_with(on_server, tmp_path / "instance")
    assert start_together(folder, 2) == [0, 0]
    with create_engine(on_server, poolclass=NullPool).connect() as connection:
        assert migrate.current_revision(connection) == migrate.newest_revision()


def test_a_query_that_is_asked_again_is_planned_once_although_what_only_read_is_given_up(app):
    db.session.remove()
    db.engine.dispose()  # a connection of its own, which has no plans yet
    for _ in range(4):
        db.session.scalar(select(User.name).where(User.id == 1))
        db.session.rollback()
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%users.name%'"
    assert db.session.scalar(text(kept)) == 1


def test_what_was_written_and_given_up_is_gone_and_the_connection_goes_on(app, organiser):
    db.session.execute(update(User).values(name="Nobody"))
    db.session.rollback()
    assert db.session.scalar(select(User.name)) == "Ruth Ellery"
    with pytest.raises(IntegrityError):
        db.session.execute(text("INSERT INTO users (id, name) VALUES (:id, 'Twice')"), {"id": organiser.id})
    db.session.rollback()
    assert db.session.scalar(select(User.name)) == "Ruth Ellery"


def test_tables_that_another_program_changed_meanwhile_are_asked_anew(app, organiser):
    everything = text("SELECT * FROM instance_notes")
    for _ in range(4):
        db.session.execute(everything)
        db.session.rollback()
    with create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool).begin() as other:
        other.execute(text("ALTER TABLE instance_notes ADD COLUMN newer integer"))
    try:
        with pytest.raises(NotSupportedError):
            db.session.execute(everything)
        db.session.rollback()
        assert db.session.execute(everything).keys() >= {"newer"}
    finally:
        db.session.rollback()
        with create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool).begin() as other:
            other.execute(text("ALTER TABLE instance_notes DROP COLUMN newer"))


def test_models_and_migrations_do_not_differ(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_the_models}
        )
        assert compare_metadata(context, db.metadata) == []


def test_another_key_is_refused_and_one_made_just_now_is_taken_away_again(on_server, tmp_path):
    first = folder_with(on_server, tmp_path / "first")
    closed(create_app(settings_for(first)))
    second = folder_with(on_server, tmp_path / "second")
    with pytest.raises(SettingsError, match="goes by another key"):
        create_app(settings_for(second))
    assert not (second / "key").exists(), "with it the next start would have gone wrong in silence"
    (second / "key").write_bytes((first / "key").read_bytes())
    (second / "key").chmod(0o600)
    closed(create_app(settings_for(second)))


def test_rules_of_another_version_are_written_anew_at_the_next_start(on_server, tmp_path):
    folder = folder_with(on_server, tmp_path / "instance")
    closed(create_app(settings_for(folder)))
    rules = "SELECT count(*) FROM pg_policies WHERE with_check IS NOT NULL"
    with create_engine(on_server, poolclass=NullPool).begin() as connection:
        before = connection.exec_driver_sql(rules).scalar()
        connection.exec_driver_sql("ALTER POLICY one_group ON case_notes WITH CHECK (true)")
        connection.exec_driver_sql("COMMENT ON POLICY people_who_worked_here ON users IS 'another version'")
    closed(create_app(settings_for(folder)))
    with create_engine(on_server, poolclass=NullPool).connect() as connection:
        assert connection.exec_driver_sql(f"{rules} AND with_check <> 'true'").scalar() == before
        assert tenants.are_of_today(connection)


def test_many_tries_at_the_same_moment_are_all_counted(app):
    def try_often() -> None:
        with app.app_context():
            for _ in range(5):
                tries.count_today("letters", 1000)
                db.session.commit()

    threads = [threading.Thread(target=try_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.session.scalar(select(func.sum(SignInAttempt.failures))) == 20


def test_who_writes_lets_nobody_else_write_and_everybody_read(app, organiser):
    db.session.add(InstanceNote(key="first", value="1"))
    db.session.flush()
    with db.engine.connect() as other:
        assert other.scalar(select(func.count()).select_from(User)) == 1
        other.execute(text("SET lock_timeout = '50ms'"))
        with pytest.raises(OperationalError) as refused:
            other.execute(update(User).values(name="Somebody else"))
        assert hosted.why_not_saved(refused.value) == "locked"
    db.session.commit()
    with db.engine.begin() as other:
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        other.execute(update(User).values(name="Somebody else"))


@pytest.mark.parametrize(
    "statement", [update(AuditEvent).values(user_name="x"), delete(AuditEvent), text("TRUNCATE audit_events")]
)
def test_the_trail_is_append_only(app, organiser, statement):
    audit.record("case opened", organiser)
    db.session.commit()
    with pytest.raises(IntegrityError, match="append-only"):
        db.session.execute(statement)
    db.session.rollback()


@pytest.fixture
def switched_off(app, pytestconfig):
    """A way to have the database answer no more, and to have it back."""
    name = db.engine.url.database
    server = create_engine(
        pytestconfig.getoption("--postgresql"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )

    def switch(off: bool) -> None:
        with server.connect() as connection:
            connection.execute(
                text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {"false" if off else "true"}')
            )
            if off:
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                    {"name": name},
                )

    yield switch
    switch(False)


def test_a_database_that_is_gone_is_said_in_words_and_its_return_needs_no_new_start(
    browser: Browser, organiser, switched_off, caplog
):
    browser.get("/cases")
    switched_off(True)
    db.session.remove()
    answer = browser.client.get("/cases")
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert "casework@" not in caplog.text
    switched_off(False)
    browser.get("/cases")


def test_a_connection_that_is_cut_while_somebody_saves_says_so_and_the_next_one_works(app, organiser):
    db.session.execute(update(User).values(name="Nobody"))
    own = db.session.scalar(text("SELECT pg_backend_pid()"))
    with create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool).connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
    with pytest.raises(OperationalError):
        db.session.scalar(select(User.name))
    db.session.rollback()
    assert db.session.scalar(select(User.name)) == "Ruth Ellery"


def test_changes_of_rules_are_read_without_starting_the_program(app, organiser, instance):
    assert kept_changes.read_kept_changes(settings_for(instance)) == []
    away = replace(
        settings_for(instance), database_url="postgresql+psycopg://nobody:secret@127.0.0.1:1/casework"
    )
    with pytest.raises(SettingsError) as refused:
        kept_changes.read_kept_changes(away)
    assert "secret" not in refused.value.message


def test_instants_come_back_as_they_were(app, organiser):
    organiser.last_sign_in_at = now = clock.now()
    db.session.commit()
    db.session.expire_all()
    assert organiser.last_sign_in_at == now
