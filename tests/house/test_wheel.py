"""A built wheel carries all that the program reads."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from casework.web.safety.group_papers import PAPERS

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_below(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("resource", ["templates", "letters", "migrations"])
def test_a_wheel_carries_every_file_of_the_resources_inside_the_package(names, resource):
    here = files_below(ROOT / resource)
    assert here
    assert {f"casework/{resource}/{name}" for name in here} <= names


def test_a_wheel_carries_the_whole_package_with_its_reference_data(names):
    here = {f"casework/{name}" for name in files_below(ROOT / "casework")}
    assert "casework/reference/bank_holidays.json" in here
    assert here <= names


def test_a_wheel_carries_the_papers_for_the_group(names):
    assert {f"casework/docs/{name}.md" for name in PAPERS} <= names


def test_a_wheel_carries_nothing_of_a_group_and_nothing_of_the_tests(names):
    assert not [name for name in names if not name.startswith(("casework/", "casework-"))]
