"""The terminal says how many dates need whom, and cron sends the mail."""

import pytest
from click.testing import CliRunner

from casework import clock
from casework.cli import main
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts
from casework.services.timing import deadlines, settling
from casework.storage.database import db
from tests.factories import home, make_case, make_user
from tests.post import Post, server_for


@pytest.fixture
def run(app, instance, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    return lambda *words: CliRunner().invoke(main, ["digest", *words])


@pytest.fixture
def post(monkeypatch):
    """A mail server of which the environment tells."""
    post = Post()
    server = server_for(post)
    server.start()
    for name, value in {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "casework@group.example",
        "BASE_URL": "https://casework.group.example",
    }.items():
        monkeypatch.setenv(f"CASEWORK_{name}", value)
    yield post
    server.stop()


@pytest.fixture
def asked(organiser):
    """Ruth, who asked for the mail and has a date today."""
    case = make_case(organiser, home(), name="Samira")
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", clock.today(), None, organiser)
    settling.state(case, row.id, clock.today(), "the lawyer", organiser)
    organiser.digest_to = "ruth@example.org"
    db.session.commit()


def test_it_counts_the_dates_of_everybody_who_can_sign_in_and_tells_nothing_of_a_case(run, organiser, asked):
    make_user(Role.VOLUNTEER, "Ada")
    accounts.switch_off(make_user(Role.VOLUNTEER, "Gone"), organiser)
    answer = run()
    assert answer.output == "Ada: No date needs you today.\nRuth Ellery: 1 date needs you today.\n"
    assert answer.exit_code == 0


def test_the_mail_goes_out_once_however_often_cron_asks(run, post, asked):
    assert (run("--send").output, run("--send").output) == ("1 sent.\n", "0 sent.\n")
    assert len(post.mails) == 1


def test_a_mail_that_could_not_be_sent_is_said_and_the_command_fails(run, post, asked):
    post.answer = "451 later"
    answer = run("--send")
    assert answer.exit_code == 1
    assert answer.stderr == (
        "Ruth Ellery: The mail server did not take it: it answered 451. The next run tries again.\n"
    )
    post.answer = "250 OK"
    answer = run("--send")
    assert (answer.exit_code, answer.output) == (0, "1 sent.\n")


def test_without_a_mail_server_it_says_so_and_fails(run, asked):
    answer = run("--send")
    assert answer.exit_code == 1
    assert answer.stderr == "Error: No mail server is set. The README names the settings.\n"


def test_a_mail_server_that_is_not_there_is_one_plain_sentence(run, post, asked, monkeypatch):
    monkeypatch.setenv("CASEWORK_SMTP_PORT", "9")
    answer = run("--send")
    assert answer.exit_code == 1
    assert (
        answer.stderr == "Error: The mail server 127.0.0.1, port 9, cannot be reached: Connection refused.\n"
    )
