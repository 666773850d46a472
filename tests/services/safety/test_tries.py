"""Guessing is slowed however it is spread: at one moment, over many names, over the addresses of one line."""

import threading

import pytest
from flask import request, request_started

from casework.app import create_app
from casework.domain.safety.sign_in import FOR_A_NAME, FOR_AN_ADDRESS
from casework.services.safety import tries
from casework.services.safety.tries import TooManyTries, neighbourhood
from casework.storage.database import db
from tests.conftest import Visitor, settings_for
from tests.pages import Browser

HOME = "192.0.2.7"


def test_of_twenty_guesses_at_the_same_moment_no_more_get_through_than_one_after_the_other(app):
    got_through: list[int] = []
    together = threading.Barrier(20)

    def guess(number: int) -> None:
        with app.app_context():
            together.wait()
            try:
                tries.count("ada@example.org", f"192.0.2.{number}")
                got_through.append(number)
            except TooManyTries:
                pass
            finally:
                db.session.remove()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got_through) == FOR_A_NAME.free


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_address_counts_with_all_that_one_line_has(address, counted_as):
    assert neighbourhood(address) == counted_as


def test_many_names_from_the_addresses_of_one_line_are_slowed(app):
    for number in range(FOR_AN_ADDRESS.free):
        tries.count(f"name{number}", f"2001:db8::{number:x}")
    with pytest.raises(TooManyTries):
        tries.count("another", "2001:db8::ffff")
    tries.count("another", "2001:db8:0:1::1")


def seen_as(app, **headers):
    """The address that the program takes a visitor to come from."""
    found = []
    with request_started.connected_to(lambda _sender: found.append(request.remote_addr), app):
        Browser(app.test_client()).client.get(
            "/about", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}
        )
    return found[0]


def test_nobody_says_by_themselves_where_they_come_from(app):
    assert seen_as(app, **{"X-Forwarded-For": HOME}) == "127.0.0.1"


def test_behind_one_web_server_of_the_group_only_its_own_word_counts(instance):

    app = create_app(settings_for(instance, trusted_proxies=1))
    app.test_client_class = Visitor
    with app.app_context():
        assert seen_as(app, **{"X-Forwarded-For": f"10.0.0.1, {HOME}"}) == HOME
        assert seen_as(app, **{"X-Forwarded-For": HOME, "X-Forwarded-Host": "evil.example"}) == HOME
        db.session.remove()
        db.engine.dispose()
