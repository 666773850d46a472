"""Forms that were sent twice, and how long that is remembered."""

from datetime import timedelta

from flask import Flask

from casework import clock
from casework.services.letters import submissions
from casework.storage.database import db
from casework.storage.models import Submission


def test_a_form_can_be_claimed_once(app: Flask) -> None:
    assert submissions.claim("one form")
    db.session.commit()
    assert not submissions.claim("one form")


def test_what_was_not_saved_can_be_claimed_again(app: Flask) -> None:
    assert submissions.claim("one form")
    submissions.give_up()
    assert submissions.claim("one form")


def test_marks_of_forms_older_than_a_week_are_dropped(app: Flask) -> None:
    for token, days in (("old", 8), ("new", 6)):
        db.session.add(Submission(token=token, at=clock.now() - timedelta(days=days)))
    db.session.commit()
    submissions.forget_old()
    assert [row.token for row in db.session.scalars(db.select(Submission))] == ["new"]
