"""The invented people of the demo."""

from flask import Flask

from casework.demo import make_demo
from casework.services.safety import accounts
from casework.storage.database import db
from casework.storage.models import Case, Correspondence, Letter


def test_it_shows_the_whole_line_from_a_case_to_an_answer_that_is_waited_for_and_made_again_has_new_passwords(
    app: Flask,
) -> None:
    first = made_anew()
    references = db.select(Case.reference).order_by(Case.id)
    assert list(db.session.scalars(references)) == ["DEMO-1", "DEMO-2", "DEMO-3", "DEMO-4"]
    assert db.session.scalar(db.select(db.func.count(Letter.id)).where(Letter.sha256.is_not(None))) == 1
    chained = db.session.scalars(db.select(Correspondence).where(Correspondence.answers_id.is_not(None)))
    assert [paper.kind for paper in chained] == ["member to home office"]

    second = made_anew()
    assert first != second
    assert accounts.sign_in("ruth", second, "127.0.0.1").name == "Ruth Ellery"
    assert list(db.session.scalars(references)) == ["DEMO-1", "DEMO-2", "DEMO-3", "DEMO-4"]


def made_anew() -> str:
    """The password of Ruth in a demo that was made, or made again."""
    return next(line.split()[1] for line in make_demo() if line.split()[0] == "ruth")
