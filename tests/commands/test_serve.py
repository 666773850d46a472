"""Casework says where it listens, or in one sentence why it cannot."""

import gc
import logging
import re
import socket
import sys

import pytest
from click.testing import CliRunner

from casework.commands.serve import (
    WithoutWords,
    address,
    listen,
    serve_command,
    settle_memory,
    take_short_turns,
    warnings,
)
from casework.domain.errors import SettingsError
from casework.settings import load_settings


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_one_plain_sentence_and_makes_nothing(taken, tmp_path, monkeypatch):
    monkeypatch.setenv("CASEWORK_INSTANCE", str(tmp_path / "group"))
    answer = CliRunner().invoke(serve_command, ["--port", str(taken)])
    assert answer.exit_code == 1
    assert (
        answer.output
        == f"Error: Port {taken} is in use, perhaps by Casework itself. Try --port {taken + 1}\n"
    )
    assert not (tmp_path / "group").exists()


def test_an_address_of_another_machine_is_one_plain_sentence():
    with pytest.raises(SettingsError, match=r"does not have the address 192\.0\.2\.1"):
        listen("192.0.2.1", 8000)


def test_a_port_that_does_not_exist_is_one_plain_sentence():
    answer = CliRunner().invoke(serve_command, ["--port", "70000"])
    assert answer.exit_code == 1
    assert "from 1 to 65535" in answer.output


def test_the_address_can_be_opened_in_a_browser():
    assert address(load_settings({}, port=8123)) == "http://127.0.0.1:8123/"
    assert address(load_settings({}, host="::1")) == "http://[::1]:8000/"


def test_letting_the_network_in_without_https_is_said():
    assert warnings(load_settings({})) == []
    assert "On 0.0.0.0 others" in warnings(load_settings({}, host="0.0.0.0"))[0]
    assert warnings(load_settings({"CASEWORK_HTTPS": "yes"}, host="0.0.0.0")) == []


def test_the_log_says_where_something_broke_and_never_what_somebody_typed(caplog):
    log = logging.getLogger("casework.test")
    try:
        raise ValueError("Samira Ahmadi cannot be read")
    except ValueError:
        log.exception("Exception on /join/secret-token")
    line = WithoutWords().format(caplog.records[0])
    assert "ERROR casework.test: ValueError at test_serve.py:" in line
    assert not re.search("Samira|secret", line)


def test_a_page_waits_less_than_a_millisecond_for_its_turn_while_a_letter_is_drawn():
    before = sys.getswitchinterval()
    try:
        take_short_turns()
        assert sys.getswitchinterval() < 0.001
    finally:
        sys.setswitchinterval(before)


def test_once_it_runs_the_collector_leaves_the_program_itself_alone():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # what Python begins with
    try:
        settle_memory()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold()[0] > 700
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
