"""The scripts can be started, and name no place to fetch packages from."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [ROOT / "script" / name for name in ("setup", "server", "test", "audit", "sbom", "reading-age")] + [
    ROOT / ".ci" / "run"
]
LISTS = [ROOT / name for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_started_and_stops_at_the_first_failure(script):
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text()
    assert subprocess.run(["bash", "-n", script]).returncode == 0


@pytest.mark.parametrize("file", SCRIPTS + LISTS, ids=lambda path: path.name)
def test_no_script_and_no_lock_names_a_package_host(file):
    text = file.read_text()
    assert "://" not in text
    assert "trusted-host" not in text
    assert not re.search(r"^--", text, re.MULTILINE)  # an option of pip in a list: where to fetch from


def test_every_package_is_locked_with_its_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.findall(r"^[a-z0-9.\-]+==.*(?:\n    .*)*", (ROOT / name).read_text(), re.MULTILINE)
        assert len(blocks) > 20
        assert all("--hash=sha256:" in block for block in blocks)


def test_setup_refuses_a_word_it_does_not_know():
    answer = subprocess.run([ROOT / "script" / "setup", "--all"], capture_output=True, text=True)
    assert answer.returncode == 2
    assert "--dev or nothing" in answer.stderr


def test_every_library_has_its_reason_in_the_docs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    explained = (ROOT / "docs" / "development.md").read_text().split("## Libraries")[1]
    names = {re.split(r"[\[=<>~]", one)[0] for one in asked}
    assert [
        name for name in sorted(names) if not re.search(rf"[|*, ]{re.escape(name)}[|*, ]", explained)
    ] == []
