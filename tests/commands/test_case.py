"""`casework case`: a case from one instance to another, from the terminal."""

import re
import shutil

from click.testing import CliRunner

from casework.app import create_app
from casework.cli import main
from casework.storage.database import db
from casework.storage.models import Case
from tests.conftest import settings_for
from tests.factories import home, make_case, make_user


def run(*words, status=0, typed=""):
    answer = CliRunner().invoke(main, [str(word) for word in words], input=typed)
    assert answer.exit_code == status, answer.output
    return answer.output


def test_a_case_goes_from_one_instance_to_another(nowhere, empty_instance, tmp_path, monkeypatch):
    shutil.copytree(empty_instance, nowhere)
    shutil.copytree(empty_instance, tmp_path / "other")
    for folder, name in ((nowhere, "Samira"), (tmp_path / "other", "Daniel")):
        with create_app(settings_for(folder)).app_context():
            make_case(make_user(), home(), name=name)
            db.engine.dispose()
    assert "no case C-9" in run("case", "export", "C-9", tmp_path / "file", status=1)
    assert not (tmp_path / "file").exists()
    passphrase = re.search(r"kept nowhere: (\S+)", run("case", "export", "c-1", tmp_path / "file"))[1]
    assert "there already" in run("case", "export", "C-1", tmp_path / "file", status=1)
    monkeypatch.setenv("CASEWORK_INSTANCE", str(tmp_path / "other"))
    assert "does not open it" in run("case", "import", tmp_path / "file", status=1, typed="no\n")
    assert "here as C-2; there it was C-1" in run(
        "case", "import", tmp_path / "file", typed=f"{passphrase}\n"
    )
    with create_app(settings_for(tmp_path / "other")).app_context():
        assert {case.name_used for case in db.session.scalars(db.select(Case))} == {"Samira", "Daniel"}
        db.engine.dispose()
