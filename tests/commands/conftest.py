"""No command of a test meets the instance of whoever runs it."""

import pytest


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """The folder in which a command looks for its instance; there is none until a test makes one."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("CASEWORK_INSTANCE", str(folder))
    return folder
