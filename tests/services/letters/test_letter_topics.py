"""Sentences that may speak of what is withheld stop a letter, until they go or somebody says that they do not."""

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.consent.publicity import Kind
from casework.domain.errors import CaseworkError
from casework.services.case import cases
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letter_topics, letters
from casework.services.letters.letters import draft_letter, issue_letter, save_draft
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, Letter
from tests.factories import home, make_case, make_case_that_keeps_health_private

CANTEEN = "She cooks in the canteen of the hospital."


@pytest.fixture
def case(app, organiser) -> Case:
    return make_case_that_keeps_health_private(organiser)


@pytest.fixture
def letter(case, organiser) -> Letter:
    """A letter to her MP that says where she works, with every other gap filled in."""
    letter = draft_letter(case, "home-mp-urgent", organiser, gss_code=case.places[0].gss_code)
    words = {name: text.replace("[", "").replace("]", "") for name, text in letter.blocks.items()}
    facts = {"sender_name": "Ruth", "sender_address": "1 Row\nLeeds", "sender_postcode": "LS11 8PG"}
    save_draft(letter, {**words, "worth": CANTEEN}, facts, letter.version, organiser)
    return letter


def say(letter: Letter, actor, ticks=None, **blocks: str) -> None:
    save_draft(letter, {**letter.blocks, **blocks}, {}, letter.version, actor, ticks=ticks)


def keys(letter: Letter) -> list[str]:
    return [one.key for one in letter_topics.noticed(letter)]


def cleared(letter: Letter) -> list[str]:
    return letter.facts["cleared"]


def test_the_sentence_is_named_and_the_letter_stops(letter, organiser):
    (one,) = letter_topics.noticed(letter)
    assert (one.kind, one.sentences) == (Kind.HEALTH, (CANTEEN,))
    with pytest.raises(CaseworkError, match="no consent to say this: health"):
        issue_letter(letter, organiser)


def test_somebody_says_that_it_tells_nothing_of_her_and_the_trail_keeps_who(letter, organiser):
    say(letter, organiser, keys(letter))
    issue_letter(letter, organiser)
    line = db.session.scalar(select(AuditEvent).where(AuditEvent.action == "said what a text does not tell"))
    assert (line.user_name, line.facts["kinds"]) == ("Ruth Ellery", ["health"])
    assert "canteen" not in str(line.facts)


def test_it_holds_while_other_sentences_change_and_no_longer_when_this_one_does(letter, organiser):
    say(letter, organiser, keys(letter))
    say(letter, organiser, ask="Please write today.")
    assert cleared(letter) == ["health"]
    say(letter, organiser, worth=f"{CANTEEN} She was ill in May.")
    assert cleared(letter) == []
    with pytest.raises(CaseworkError, match="health"):
        issue_letter(letter, organiser)


def test_a_tick_for_one_sentence_never_counts_for_another_that_is_typed_with_it(letter, organiser):
    say(letter, organiser, keys(letter), worth="She is ill.")
    assert cleared(letter) == []


def test_a_tick_can_be_taken_away(letter, organiser):
    say(letter, organiser, keys(letter))
    say(letter, organiser, [])
    assert cleared(letter) == []


@pytest.mark.parametrize("forged", ["health", "health:", "name:0000000000000000", "²", "x" * 5000])
def test_a_forged_tick_says_nothing(letter, organiser, forged):
    say(letter, organiser, [forged])
    assert cleared(letter) == []


def test_what_she_agreed_to_have_told_is_not_asked_about(case, organiser):
    paper = NewAuthority(signed_on=clock.today(), scope=("ask",))
    other = make_case(organiser, home(), name="Tesfay")
    cases.record_asked(other, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    consent.record_authority(other, paper, organiser)
    letter = draft_letter(other, "home-mp-urgent", organiser, gss_code=other.places[0].gss_code)
    say(letter, organiser, worth=CANTEEN)
    assert keys(letter) == []


def test_before_anybody_was_asked_there_is_nothing_to_tick(organiser):
    case = make_case(organiser, home(), name="Alex")
    letter = draft_letter(case, "home-mp-urgent", organiser, gss_code=case.places[0].gss_code)
    say(letter, organiser, worth=CANTEEN)
    assert keys(letter) == []


def test_a_corrected_letter_is_asked_about_anew(letter, organiser):
    say(letter, organiser, keys(letter))
    assert "cleared" not in letters.correct_letter(issue_letter(letter, organiser), organiser).facts
