"""What a command says where there is no instance: never that nothing is due, or that all is well."""

import pytest
from click.testing import CliRunner

from casework.cli import main

ASKED = (
    "archive move --to database",
    "audit verify",
    "backup {file}",
    "batch --case AAA-111 --template supporter-to-own-mp --supporters {file} --out {file}-made",
    "case export AAA-111 {file}-case",
    "digest",
    "digest --send",
    "group link 1",
    "group list",
    "letter supporter-to-own-mp --case AAA-111 --out {file}-letter",
    "rules adopt",
    "search rebuild",
    "user link ruth",
    "user list",
)


@pytest.mark.parametrize("words", ASKED)
def test_without_an_instance_it_says_so_and_makes_none(nowhere, tmp_path, words):
    (tmp_path / "file").write_text("Name,Postcode\n")
    answer = CliRunner().invoke(main, words.format(file=tmp_path / "file").split())
    assert answer.exit_code == 1, answer.output
    assert f"There is no instance in {nowhere}" in answer.output
    assert not nowhere.exists()
