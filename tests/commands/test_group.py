"""Whoever has the machine can add another group to it."""

import re

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.services.safety import accounts, groups


@pytest.fixture
def run(app, instance, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    return lambda *words: CliRunner().invoke(main, ["group", *words])


def test_a_group_is_added_with_the_link_of_its_first_organiser(run, organiser):
    token = re.search(r"http://127\.0\.0\.1:8000/first/(\S+)", run("add", "Harbour Friends").output)[1]
    zahra = accounts.use_first_link(token, "Zahra Noor", "zahra", "lantern gravel otter noon")
    assert groups.name_of(zahra.group_id) == "Harbour Friends"
    assert "2: Harbour Friends, 1 with an account" in run("list").output
    assert run("link", "2").output.startswith("Error: Somebody has an account there.")
    assert run("add", " ").output.startswith("Error: Give the group a name.")
