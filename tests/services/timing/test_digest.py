"""The morning's mail, sent to a real mail server on this machine."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.safety import accounts
from casework.services.timing import deadlines, digest, settling
from casework.storage.database import db
from casework.storage.models import User
from tests.conftest import settings_for
from tests.factories import home, make_case, make_user
from tests.post import PASSWORD, USER, Post, certificate, server_for
from tests.running_dates import window

ADDRESS = "ruth@example.org"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def serve(app, post, instance) -> Iterator[Callable[..., None]]:
    """Start the mail server, and tell the application of it."""
    running = []

    def start(settings: dict[str, Any] | None = None, **how: Any) -> None:
        server = server_for(post, **how)
        server.start()
        running.append(server)
        told = {
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port,
            "smtp_security": "none",
            "mail_from": "casework@group.example",
            "base_url": "https://casework.group.example",
            **(settings or {}),
        }
        app.extensions["casework"] = replace(
            app.extensions["casework"], settings=settings_for(instance, **told)
        )

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def case(organiser):
    """A case with one date that needs its person today."""
    case = make_case(organiser, home(), name="Samira Zebulon")
    row = deadlines.record_deadline(case, "ftt_appeal_in_uk", clock.today(), None, organiser)
    settling.state(case, row.id, clock.today(), "the lawyer", organiser)
    return case


@pytest.fixture
def asked(organiser, case) -> User:
    """Ruth, who asked for the mail."""
    organiser.digest_to = ADDRESS
    db.session.commit()
    return organiser


def outcomes() -> list[tuple[str, str]]:
    return [(posted.user.name, posted.wrong) for posted in digest.send_mail()]


def test_the_mail_says_how_many_dates_need_somebody_and_where_to_look(serve, post, asked):
    serve()
    assert outcomes() == [("Ruth Ellery", "")]
    (envelope,) = post.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("casework@group.example", [ADDRESS])
    mail = message_from_bytes(envelope.content, policy=default)
    assert (mail["Subject"], mail["From"], mail["To"]) == ("Today", "casework@group.example", ADDRESS)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == (
        "1 date needs you today. Open Casework.\n\nhttps://casework.group.example/today\n\n"
        "You asked for this mail. You can stop it here: https://casework.group.example/you/mail\n"
    )


def test_nothing_of_the_case_of_the_group_or_of_this_machine_travels(serve, post, asked, case):
    serve()
    outcomes()
    content = post.mails[0].content.decode().lower()
    for told in ("samira", "zebulon", case.reference.lower(), "appeal", "limit", "ruth ellery", "invented"):
        assert told not in content
    assert {session.host_name for session in post.sessions} == {"group.example"}
    assert "@group.example>" in message_from_bytes(post.mails[0].content)["Message-ID"]


def test_a_mail_comes_while_a_removal_is_possible_and_none_for_a_window_that_is_over(
    serve, post, asked, case
):
    serve()
    for entry in deadlines.for_case(case):
        settling.settle(case, entry.id, "Sent by the lawyer", clock.today(), asked)
    window(case, -170, -157)
    assert outcomes() == []
    window(case, -10, 10)
    assert outcomes() == [("Ruth Ellery", "")]
    said = message_from_bytes(post.mails[0].content, policy=default).get_content()
    assert said.startswith(
        "No date needs you today. In 1 case something may happen at any time. Open Casework."
    )
    assert "removal" not in said.lower()


def test_nobody_gets_two_mails_on_a_day_and_everybody_one_on_the_next(serve, post, asked, monkeypatch):
    serve()
    outcomes()
    assert outcomes() == []
    assert len(post.mails) == 1
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    outcomes()
    assert len(post.mails) == 2


def test_two_runs_at_the_same_moment_send_each_person_one_mail(app, serve, post, asked, case):
    for number in range(5):
        user = make_user(Role.CASEWORKER, f"Volunteer {number}")
        cases.add_to_team(case, user.id, asked)
        user.digest_to = f"volunteer{number}@example.org"
    db.session.commit()
    serve()
    together = threading.Barrier(2)

    def run() -> None:
        with app.app_context():
            together.wait()
            list(digest.send_mail())
            db.session.remove()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    sent = sorted(mail.rcpt_tos[0] for mail in post.mails)
    assert sent == [ADDRESS, *(f"volunteer{number}@example.org" for number in range(5))]


def test_the_mail_server_is_not_even_asked_when_no_date_needs_anybody_who_wants_mail(
    serve, post, asked, case
):
    serve()
    gone = make_user(Role.CASEWORKER, "Gone")
    cases.add_to_team(case, gone.id, asked)
    gone.digest_to = "volunteer@example.org"
    accounts.switch_off(gone, asked)
    cases.add_to_team(case, make_user(Role.CASEWORKER, "Without mail").id, asked)
    for entry in deadlines.for_case(case):
        settling.settle(case, entry.id, "Sent by the lawyer", clock.today(), asked)
    assert outcomes() == []
    assert post.sessions == []


def test_a_mail_that_is_refused_is_said_and_tried_again(serve, post, asked):
    serve()
    post.answer = "451 4.3.0 Try later, Samira"
    ((name, wrong),) = outcomes()
    assert name == "Ruth Ellery"
    assert wrong == "The mail server did not take it: it answered 451. The next run tries again."
    post.answer = "250 OK"
    assert outcomes() == [("Ruth Ellery", "")]
    assert len(post.mails) == 1


def test_one_address_that_is_refused_does_not_keep_the_mail_from_the_others(serve, post, asked, case):
    gone = make_user(Role.CASEWORKER, "Ada")
    cases.add_to_team(case, gone.id, asked)
    gone.digest_to = "gone@example.org"
    db.session.commit()
    serve()
    assert outcomes() == [
        ("Ada", "The mail server does not take mail to this address. The next run tries again."),
        ("Ruth Ellery", ""),
    ]


def test_where_nobody_knows_whether_a_mail_went_out_there_is_no_second_one_that_day(serve, post, asked):
    serve()
    post.answer = None
    ((_, wrong),) = outcomes()
    assert "The mail may have gone out" in wrong
    post.answer = "250 OK"
    assert outcomes() == []
    assert post.mails == []


def signed_in(folder, **more):
    """Settings that sign in, with the password in a file."""
    file = folder / "mail-password"
    file.write_text(f"{PASSWORD}\n")
    file.chmod(0o600)
    return {"smtp_user": USER, "smtp_password_file": file, "smtp_security": "starttls", **more}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_travels_encrypted_and_signed_in(serve, post, asked, tmp_path, monkeypatch, security):
    tls = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    serve(signed_in(tmp_path, smtp_security=security), tls=tls, at_once=security == "tls")
    assert outcomes() == [("Ruth Ellery", "")]
    assert post.sessions[-1].authenticated


def refusal() -> str:
    with pytest.raises(CaseworkError) as caught:
        outcomes()
    return caught.value.message


def test_a_mail_server_without_encryption_gets_neither_mail_nor_password(serve, post, asked, tmp_path):
    serve(signed_in(tmp_path))
    assert "offers no encryption" in refusal()
    assert post.mails == []
    assert not post.sessions[-1].authenticated


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused_in_words(serve, post, asked, tmp_path, security):
    serve(signed_in(tmp_path, smtp_security=security), tls=certificate(tmp_path), at_once=security == "tls")
    assert "shows a certificate that does not hold: self-signed certificate" in refusal()
    assert post.mails == []


def test_tls_at_a_port_that_speaks_in_clear_is_refused_in_words(serve, asked):
    serve({"smtp_security": "tls"})
    assert "does not answer in TLS. Look at smtp_port and smtp_security." in refusal()


def test_a_wrong_password_is_refused_in_words_that_do_not_repeat_it(
    serve, asked, tmp_path, monkeypatch, caplog
):
    tls = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    told = signed_in(tmp_path)
    told["smtp_password_file"].write_text("hunter2\n")
    serve(told, tls=tls)
    said = refusal()
    assert "does not let us in: it answers 535." in said
    assert "hunter2" not in said + caplog.text


def test_a_mail_server_that_is_not_there_is_one_plain_sentence(serve, asked):
    serve({"smtp_port": 9})
    assert refusal() == "The mail server 127.0.0.1, port 9, cannot be reached: Connection refused."


def test_after_a_mail_server_that_could_not_be_reached_the_mail_still_goes_out(serve, post, asked):
    serve({"smtp_port": 9})
    refusal()
    serve()
    assert outcomes() == [("Ruth Ellery", "")]


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        (None, 0o600, "cannot be read: No such file"),
        (b"", 0o600, "is empty"),
        (b"\nsecond line", 0o600, "is empty"),
        (b"\xff\xfe", 0o600, "it is not text"),
        ("pässword".encode(), 0o600, "takes plain letters only"),
        (b"hunter2", 0o644, "chmod 600"),
    ],
)
def test_a_file_that_is_no_password_is_refused_in_words(
    serve, asked, tmp_path, monkeypatch, content, mode, says
):
    tls = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    told = signed_in(tmp_path)
    file = told["smtp_password_file"]
    file.unlink()
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    serve(told, tls=tls)
    assert says in refusal()


def test_without_a_mail_server_nobody_is_mailed_and_nobody_can_ask_for_it(app, organiser):
    assert "No mail server is set" in refusal()
    with pytest.raises(NotFound):
        digest.ask_for_mail(organiser, ADDRESS)


@pytest.mark.parametrize(
    "address",
    [
        *("ruth", "ruth@example", "a@example.org, b@example.org", "Ruth <ruth@example.org>"),
        *("rüth@example.org", "ruth@example.org\nBcc: all@example.org", "ruth@example.org\r\n"),
        f"{'x' * 250}@example.org",
    ],
)
def test_only_one_plain_address_is_taken(serve, organiser, address):
    serve()
    with pytest.raises(CaseworkError, match="Type one mail address"):
        digest.ask_for_mail(organiser, address)
    assert organiser.digest_to is None
