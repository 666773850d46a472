"""Whoever changes the trail behind the program's back is found out, whichever way they do it."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic import command
from click.testing import CliRunner
from flask import Flask

from casework.app import create_app
from casework.cli import main
from casework.domain.errors import SettingsError
from casework.services.safety import audit
from casework.storage import audit_chain, hosted
from casework.storage.bare import file_engine
from casework.storage.database import connect, db
from casework.storage.instance import current_instance
from casework.storage.migrate import _config
from casework.storage.models import Case, User
from casework.storage.opening import open_instance
from tests.conftest import settings_for
from tests.factories import home, make_case

LINES = 8


@pytest.fixture
def trail(app: Flask, organiser: User) -> None:
    """Eight lines: a case opened, and looked at seven times."""
    case = make_case(organiser, home(), name="Samira")
    for number in range(LINES - 1):
        audit.record_look(organiser, case, f"cases.page{number}")


def tamper(*statements: str) -> list[str]:
    """What is found after somebody with the key of the database, or its owner, changed it without the triggers."""
    db.session.rollback()
    if hosted.is_postgres(db.engine):
        return tamper_on_postgres(statements)
    instance = current_instance()
    with closing(connect(instance.database_path, instance.keys.database)) as raw:
        raw.execute("DROP TRIGGER audit_events_no_update")
        raw.execute("DROP TRIGGER audit_events_no_delete")
        for statement in statements:
            raw.execute(statement)
        raw.commit()
    return [one.says for one in audit.verify().broken]


def tamper_on_postgres(statements: Iterable[str]) -> list[str]:
    """The same; an index that is taken away is put back, because later tests have the same tables."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_events DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)
        verdict = audit_chain.verify(connection, current_instance().keys.trail)
        if any(statement.startswith("DROP") for statement in statements):
            connection.get_transaction().rollback()
        else:
            connection.exec_driver_sql("ALTER TABLE audit_events ENABLE TRIGGER USER")
    return [one.says for one in verdict.broken]


def test_a_trail_that_nobody_touched_holds(trail: None) -> None:
    verdict = audit.verify()
    assert (verdict.lines, verdict.broken) == (LINES, ())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (["DELETE FROM audit_events WHERE number = 3"], "Line 3 was removed."),
        (["DELETE FROM audit_events WHERE number IN (3, 4)"], "Lines 3 to 4 were removed."),
        (["DELETE FROM audit_events WHERE number > 6"], "Lines 7 to 8 were cut off the end."),
        (
            [
                "DELETE FROM audit_events WHERE number = 8",
                "UPDATE audit_head SET number = 7, link = (SELECT link FROM audit_events WHERE number = 7)",
            ],
            "What says where the trail ends was altered.",
        ),
        (["DELETE FROM audit_events", "DELETE FROM audit_head"], "What says where the trail ends is gone."),
        (["UPDATE audit_head SET seal = link"], "What says where the trail ends was altered."),
        (
            [
                "INSERT INTO audit_events (at, user_name, action, facts) VALUES ('2026-01-01', 'Ruth', 'x', '{}')"
            ],
            f"The line with the id {LINES + 1} was put in: it is no part of the chain.",
        ),
        (
            [
                "INSERT INTO audit_events (at, user_name, action, facts, number, link) "
                f"VALUES ('2026-01-01 00:00:00.000000', 'Ruth', 'x', '{{}}', {LINES + 1}, 'ab')"
            ],
            f"Line {LINES + 1} and what follows were put in at the end.",
        ),
        (
            [
                "DROP INDEX uq_audit_events_number",
                "INSERT INTO audit_events (at, user_name, action, facts, number, link) "
                "SELECT at, user_name, 'x', facts, 5, link FROM audit_events WHERE number = 5",
            ],
            "Line 5 is there twice: one was put in.",
        ),
        (
            [
                "UPDATE audit_events SET number = 100 WHERE number = 3",
                "UPDATE audit_events SET number = 3 WHERE number = 4",
                "UPDATE audit_events SET number = 4 WHERE number = 100",
            ],
            "Line 3 was altered, or stands in another’s place.",
        ),
        (
            [
                "UPDATE audit_events SET id = 100 WHERE id = 3",
                "UPDATE audit_events SET id = 3 WHERE id = 4",
                "UPDATE audit_events SET id = 4 WHERE id = 100",
            ],
            "Line 4 was moved: it is shown in another order.",
        ),
        *(
            (
                [f"UPDATE audit_events SET {column} = {value} WHERE number = 5"],
                "Line 5 was altered, or stands in another’s place.",
            )
            for column, value in (
                ("at", "'2026-01-01 00:00:00.000000'"),
                ("user_id", "99"),
                ("user_id", "NULL"),
                ("user_name", "'Somebody else'"),
                ("action", "'looked away'"),
                ("case_id", "NULL"),
                ("facts", "'{}'"),
                ("link", "'ab'"),
            )
        ),
    ],
)  # fmt: skip
def test_every_way_of_tampering_is_found_and_the_line_is_named(
    trail: None, change: list[str], found: str
) -> None:
    assert found in tamper(*change)


def test_a_change_of_one_line_is_not_blamed_on_the_others(trail: None) -> None:
    assert len(tamper("UPDATE audit_events SET user_name = 'x' WHERE number = 2")) == 1


def test_two_who_write_at_the_same_moment_get_numbers_of_their_own(app: Flask, organiser: User) -> None:
    case_id, user_id = make_case(organiser, home()).id, organiser.id
    together = Barrier(2)

    def write() -> None:
        with app.app_context():
            case, user = db.session.get_one(Case, case_id), db.session.get_one(User, user_id)
            together.wait()
            for _ in range(10):
                audit.record_look(user, case, "cases.show")
            db.session.remove()

    threads = [Thread(target=write) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    verdict = audit.verify()
    assert (verdict.lines, verdict.broken) == (21, ())


def test_a_line_noted_on_paper_shows_that_an_older_database_was_put_back(trail: None) -> None:
    noted = (LINES, audit.verify().last[:8])
    assert audit.verify(noted).broken == ()
    assert audit.verify((LINES, "00000000")).broken[0].says == f"Line {LINES} is not the one that was noted."
    assert audit.verify((99, "00000000")).broken[0].says == "Line 99, which was noted, is not there."


def test_lines_of_one_save_keep_their_order_and_one_that_was_taken_back_leaves_no_gap(
    app: Flask, organiser: User
) -> None:
    case = make_case(organiser, home())
    for number in range(5):
        audit.record("counted", organiser, case, number=number)
    db.session.rollback()
    for number in range(5):
        audit.record("counted", organiser, case, number=number, text="ä", some=[1, None, True])
    db.session.flush()
    db.session.rollback()
    for number in range(5):
        audit.record("counted", organiser, case, number=number)
    db.session.commit()
    assert [one.facts.get("number") for one in reversed(audit.list_events(organiser, case))][1:] == [
        *range(5)
    ]
    assert audit.verify().broken == ()


def test_the_lines_of_an_older_casework_are_linked_at_the_first_start_and_stay_locked(tmp_path: Path) -> None:
    older = open_instance(settings_for(tmp_path))
    older.database_path.touch(mode=0o600)
    engine, config = file_engine(older.database_path, older.keys.database), _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        for number in range(LINES):
            connection.exec_driver_sql(
                "INSERT INTO audit_events (at, user_name, action, facts) "
                f"VALUES ('2026-03-01 12:30:00.000000', 'Ruth', 'page {number}', '{{}}')"
            )
    engine.dispose()
    newer = create_app(settings_for(tmp_path))
    with newer.app_context():
        assert audit.verify().lines == LINES
        assert audit.verify().broken == ()
        audit.record("counted", None, None, signed=audit.BY_ITSELF)
        db.session.commit()
        assert (audit.verify().lines, audit.verify().broken) == (LINES + 1, ())
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text("DELETE FROM audit_events"))
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("which", ["number > 0", "number > 3"])
def test_no_start_makes_a_new_chain_of_lines_whose_links_somebody_emptied(
    instance: Path, app: Flask, trail: None, which: str
) -> None:
    assert tamper(
        f"UPDATE audit_events SET action = 'x', number = NULL, link = NULL WHERE {which}",
        "DELETE FROM audit_head",
    )
    db.engine.dispose()
    with pytest.raises(SettingsError, match="The end of the trail is gone"):
        create_app(settings_for(instance))


def test_the_command_and_the_doctor_say_which_line(
    instance: Path, trail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    run = CliRunner()
    well = run.invoke(main, ["audit", "verify"])
    assert (well.exit_code, f"{LINES} lines, and the trail holds." in well.output) == (0, True)
    tamper("UPDATE audit_events SET user_name = 'x' WHERE number = 2")
    wrong = run.invoke(main, ["audit", "verify"])
    assert wrong.exit_code == 1
    assert "Line 2 was altered" in wrong.output
    assert "Somebody changed it. Line 2 was altered" in run.invoke(main, ["doctor"]).output
    tamper_head = run.invoke(main, ["audit", "verify", "--known", "x"])
    assert tamper_head.exit_code == 2
