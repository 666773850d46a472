"""No command of a test meets the instance of whoever runs it."""

import pytest


@pytest.fixture(autouse=True)
def nowhere(request, monkeypatch, tmp_path):
    """The folder in which a command looks for its instance: the test's own, or one where there is none yet."""
    has_one = {"app", "instance"} & set(request.fixturenames)
    folder = request.getfixturevalue("instance") if has_one else tmp_path / "instance"
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    return folder
