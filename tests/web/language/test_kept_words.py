"""What is said after a form was sent waits in the session, and is said in the reader's language to its last word."""

from datetime import date

import pytest
from flask import g

from casework.domain.said import AND, OR, count, in_a_row, in_month, names, on_day, typed, upfirst, within
from casework.domain.words import say
from casework.services.language import wordings
from casework.web.language.kept_words import session_json
from casework.web.reading import known
from tests import pseudo

DAY = on_day(date(2027, 3, 8), weekday=True)
WHEN = say("The next contact with this MP is on {when}.", when=DAY)


@pytest.fixture
def instance(instance):
    """The instance, with a language of its own that nobody speaks, and which has dates and lists of its own."""
    pseudo.speak_it(instance)
    return instance


def in_other_words(app, *messages: str) -> list[str]:
    with app.test_request_context():
        g.words_read = wordings.words_in(pseudo.DATED.code)
        return [known(one) for one in messages]


@pytest.mark.parametrize(
    "said",
    [
        WHEN,
        count(3, "letter"),
        in_a_row([count(1, "letter"), in_month(date(2027, 3, 1)), typed("Draft")], AND),
        upfirst(within("A letter")),
        say("{name} has it now: {things}.", name="Draft", things=names(["Ada", "Ben", "8 March 2027"], OR)),
    ],
)
def test_what_waits_in_a_session_is_said_as_if_it_had_not(app, said):
    kept = session_json.loads(session_json.dumps({"_flashes": [("message", said)]}))["_flashes"][0][1]
    assert kept == said
    first, second = in_other_words(app, said, kept)
    assert first == second != said


def test_a_list_and_a_day_in_a_message_are_those_of_the_readers_language(app):
    when, row = in_other_words(app, WHEN, names(["Ada", "Ben", "8 March 2027"]))
    assert "Δευτέρα 8 Μαρτίου 2027" in when
    assert row == "Ada, Ben και 8 March 2027"  # as they were typed


def test_a_day_and_a_sentence_of_ours_are_known_again_in_a_text_that_remembers_nothing(app):
    day, why, theirs = in_other_words(
        app,
        "This is before 8 March 2027, the day that starts it.",
        "The stay at Write to your MP ends on Monday 8 March 2027.",
        "The stay at Nothing is due ends on 31 February 2027.",
    )
    assert "⸨8 Μαρτίου 2027⸩" in day
    assert "⸨Δευτέρα 8 Μαρτίου 2027⸩" in why
    assert "⸨31 February 2027⸩" in theirs
