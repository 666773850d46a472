"""`casework batch` and `casework work`: letters for a spreadsheet, in the terminal."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from casework.cli import main
from casework.commands.workers import Workers
from casework.services.campaign import batches
from casework.services.campaign.batch_choice import Choice
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Batch, BatchLetter, Case, SignUp
from tests.supporters import TO_OWN_MP, campaign_of, make_supporters

SHEET = """Name,Address,Postcode,Table
Ann Baker,1 Invented Row,S1 2HH,2
Zoë Ångström,2 Invented Row,LS1 1UR,10
Ben Nobody,3 Invented Row,not one,1
Cem Unhoused,,S1 2HH,2
"""


@pytest.fixture
def case(app, organiser, instance, monkeypatch) -> Case:
    """Samira, whose supporters may write, on the machine of the terminal."""
    monkeypatch.setenv("CASEWORK_INSTANCE", str(instance))
    return campaign_of(organiser)


@pytest.fixture
def sheet(tmp_path) -> Path:
    """A list as a volunteer makes it; one row is wrong, and one lacks an address."""
    path = tmp_path / "list.csv"
    path.write_text(SHEET)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def ask(case: Case, sheet: Path, out: Path, *more: str) -> Result:
    reference = case.reference
    db.session.remove()
    words = ("--case", reference, "--template", TO_OWN_MP, "--supporters", sheet, "--out", out, "--json")
    return run("batch", *words, *more)


def test_everybody_in_a_spreadsheet_gets_a_letter_once_however_often_it_is_asked(case, sheet, tmp_path):
    out = tmp_path / "out"
    first = ask(case, sheet, out, "--room-to-write", "--order", "table")
    found = json.loads(first.stdout)
    assert first.exit_code == 3, "two rows need somebody"
    assert (found["made"], found["total"], found["state"]) == (2, 2, "done")
    assert "Row 4, Postcode" in found["problems"][0]
    assert found["problems"][1:] == ["Row 5: No address, and an MP’s office asks for it."]
    assert sorted(path.name for path in out.iterdir()) == [
        "labels.pdf", "letters.pdf", "letters.zip", "signers.csv",
    ]  # fmt: skip
    with zipfile.ZipFile(out / "letters.zip") as folder:
        assert [name[-8:] for name in folder.namelist()] == ["0001.pdf", "0002.pdf"]
    case = db.session.scalar(select(Case))
    again = json.loads(ask(case, sheet, out, "--room-to-write").stdout)
    assert (again["batch"], again["went_on"], again["made"]) == (found["batch"], True, 2)
    assert again["problems"] == found["problems"], "what is left to do is said each time"
    assert db.session.scalar(select(func.count(BatchLetter.id))) == 2
    assert db.session.scalar(select(func.count(SignUp.id))) == 3


def test_what_cannot_be_begun_is_said_in_a_sentence(case, sheet, tmp_path):
    nobody = ask(case, sheet, tmp_path / "out")
    assert nobody.exit_code == 1
    assert "None of them is ready" in nobody.stderr
    assert not (tmp_path / "out").exists()
    assert db.session.scalar(select(func.count(SignUp.id))) == 0
    assert run("batch", "--case", "C-1").exit_code == 2


def test_a_worker_in_the_terminal_makes_what_waits_and_ends(case, organiser):
    make_supporters(case, 2)
    batch_id = batches.start_batch(case, Choice(TO_OWN_MP), organiser).id
    db.session.remove()
    answer = run("work", "--once")
    assert answer.exit_code == 0, answer.output
    assert "2/2" in answer.stderr
    assert db.session.get(Batch, batch_id).state == "done"


def test_the_server_starts_workers_for_what_waits_and_leaves_none_behind(app, case, organiser):
    make_supporters(case, 3)
    batch_id = batches.start_batch(case, Choice(TO_OWN_MP), organiser).id
    db.session.remove()
    workers = Workers(app, current_instance().settings)
    workers._tend()
    (process,) = workers._running
    assert process.wait() == 0
    assert db.session.get(Batch, batch_id).state == "done"
    workers._tend()
    assert workers._running == []
    workers.end()
