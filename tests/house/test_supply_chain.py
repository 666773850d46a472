"""What Casework stands on is listed to the last file, and no silence is taken for "nothing known"."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.txt").read_text()


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "script" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def listed() -> dict:
    """The list as its JSON says it, once it was held against the schema of CycloneDX; the network is closed."""
    return json.loads(load("sbom").sbom())


def test_the_list_names_every_locked_package_with_its_version_and_every_hash(listed):
    locked = {}
    for block in re.findall(r"^[a-z0-9.\-]+==.*(?:\n    .*)*", LOCK, re.MULTILINE):
        name, version = re.match(r"([a-z0-9.\-]+)==([^ ]+)", block).groups()
        locked[name] = (version, set(re.findall(r"sha256:([0-9a-f]{64})", block)))
    found = {
        one["name"]: (one["version"], {each["content"] for each in one["hashes"]})
        for one in listed["components"]
    }
    assert len(locked) > 20
    assert found == locked


def test_the_list_says_which_package_needs_which_from_casework_down(listed):
    needs = {one["ref"]: one.get("dependsOn", []) for one in listed["dependencies"]}
    assert "sqlcipher3" in needs["casework"]
    assert "werkzeug" in needs["flask"]
    assert {one["name"] for one in listed["components"]} == {
        name for names in needs.values() for name in names
    }


def test_a_package_without_a_hash_is_not_listed_in_silence(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text("flask==3.1.2\n")
    with pytest.raises(ValueError, match="flask is not locked"):
        load("sbom").sbom(lock)


SEEN = {"name": "flask", "version": "3.1.2", "vulns": []}
UNSEEN = {"name": "waitress", "skip_reason": "not found"}
KNOWN = {"name": "pillow", "version": "12.0", "vulns": [{"id": "PYSEC-0000-1", "fix_versions": ["12.1"]}]}


def test_a_fault_that_is_known_ends_the_audit_with_a_failure_and_says_where_it_is_mended():
    status, lines = load("audit").judge([SEEN, KNOWN])
    assert status == 1
    assert lines == ["pillow 12.0: PYSEC-0000-1, mended in 12.1"]


def test_a_package_that_nobody_looked_at_is_no_package_without_faults():
    status, lines = load("audit").judge([SEEN, UNSEEN])
    assert status == 1
    assert lines == ["waitress: nobody looked at it"]
    assert load("audit").judge([SEEN])[0] == 0


def test_an_audit_that_reached_nobody_says_so_and_fails_nothing(capsys):
    assert load("audit").audit(ask=lambda service: [UNSEEN]) == 0
    said = capsys.readouterr().out
    assert "NOT AUDITED" in said
    assert "Nothing is known" not in said
