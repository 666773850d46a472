"""Whoever has the machine can let somebody back in."""

import re

import pyotp
import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts, second_factors
from tests.factories import make_user, signed_in


@pytest.fixture
def run(app, instance, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))

    def ask(*words: str):
        return CliRunner().invoke(main, ["user", *words])

    return ask


def test_the_accounts_are_listed_with_their_part(run, organiser):
    accounts.switch_off(make_user(Role.VOLUNTEER, "Ada"), organiser)
    answer = run("list")
    assert f"{organiser.sign_in_name}: Ruth Ellery, organiser\n" in answer.output
    assert "Ada, volunteer, switched off\n" in answer.output


def test_a_link_from_the_terminal_gives_a_new_password(run, organiser):
    answer = run("link", organiser.sign_in_name.upper())
    token = re.search(r"http://127\.0\.0\.1:8000/join/(\S+)", answer.output)[1]
    assert accounts.use_link(token, "lantern gravel otter noon").id == organiser.id


def test_a_name_that_nobody_has_is_one_plain_sentence(run, organiser):
    answer = run("link", "nobody")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: Nobody signs in as nobody.")


def test_whoever_has_the_machine_takes_a_lost_second_factor_away(run, organiser):
    signed_in(organiser)
    secret = second_factors.new_secret()
    second_factors.set_up_app(organiser, secret, pyotp.TOTP(secret).now())
    answer = run("reset-second-factor", organiser.sign_in_name)
    assert "signs in with the password alone" in answer.output
    assert not second_factors.has_any(organiser)
    assert run("reset-second-factor", "nobody").exit_code == 1
