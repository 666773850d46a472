"""Whoever has the machine can let somebody back in."""

import re

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.domain.accounts import Role
from casework.services import accounts
from tests.factories import make_user


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
