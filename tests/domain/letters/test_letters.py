"""Greetings, gaps and forms of words in letters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.case.pronouns import pronouns
from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_readers import address_lines, salutation
from casework.domain.letters.letter_values import LetterValues, MemberAddressed, Sender
from casework.domain.letters.letters import (
    LetterTemplate,
    missing_in_blocks,
    missing_values,
    placeholders,
    refuse_unfinished,
)

URGENT = LetterTemplate(
    key="urgent",
    title="Urgent letter",
    purpose="",
    to="home_member",
    signed_by="supporter",
    speaks_of_case=True,
    layout="base.html",
    blocks=("subject", "ask"),
    needs=("member.address_as", "sender.name", "sender.lines"),
    audience=Audience.OFFICE,
    tells=(Kind.NAME,),
)


@pytest.mark.parametrize(
    ("name", "full_title", "greeting"),
    [
        ("Sir Roger Sample", "Rt Hon Sir Roger Sample MP", "Sir Roger"),
        ("Roger Sample", "Rt Hon Sir Roger Sample MP", "Sir Roger"),
        ("Dame Caroline Sample", "Rt Hon Dame Caroline Sample DBE MP", "Dame Caroline"),
        ("Dr Kieran Sample", "Dr Kieran Sample MP", "Dr Sample"),
        ("Ms Diane Sample", "Rt Hon Diane Sample MP", "Ms Sample"),
        ("John McSample", "Rt Hon John McSample MP", "John McSample"),
        ("Shabana Sample", "Rt Hon Shabana Sample KC MP", "Shabana Sample"),
        ("", "Siân Ó Sample MP", "Siân Ó Sample"),
        ("", "", ""),
    ],
)
def test_a_member_is_greeted_with_the_title_on_record_and_never_with_a_guessed_one(
    name, full_title, greeting
):
    assert salutation(name, full_title) == greeting


def test_a_family_name_of_several_words_stays_whole_when_it_is_known_and_the_full_name_stands_when_not():
    assert salutation("Dr Jane van der Berg", family_name="van der Berg") == "Dr van der Berg"
    assert salutation("Dr Jane van der Berg") == "Dr Jane van der Berg"


@given(st.text())
def test_any_name_at_all_gives_a_greeting_on_one_line(name):
    assert "\n" not in salutation(name)


def test_right_honourable_stands_in_the_address_and_a_missing_mp_is_added():
    member = MemberAddressed(name="Alex Sample", address_as="Rt Hon Alex Sample")
    assert address_lines(member) == ("Rt Hon Alex Sample MP", "House of Commons", "London", "SW1A 0AA")


def test_without_a_member_there_is_nothing_in_the_window():
    assert address_lines(MemberAddressed()) == ()


def test_every_gap_is_named_once_and_in_the_order_of_the_text():
    text = "Dear [name], held at [where he is held] since [when]. Again: [name]."
    assert placeholders(text) == ["name", "where he is held", "when"]


@given(st.text(alphabet="abc [] ()\n"))
def test_text_without_brackets_has_no_gaps(text):
    assert placeholders(text.replace("[", "(").replace("]", ")")) == []


def test_a_letter_with_a_gap_is_refused_in_words_that_name_the_gap_and_its_block():
    blocks = {"subject": "Samira", "ask": "She is held at [where she is held]."}
    with pytest.raises(CaseworkError, match=r"“What we ask” it still says \[where she is held\]") as refused:
        refuse_unfinished(missing_in_blocks(blocks))
    assert refused.value.field == "ask"


def test_a_letter_without_a_reply_address_is_refused_at_the_field_of_the_address():
    values = LetterValues(
        today=date(2026, 11, 20),
        member=MemberAddressed(address_as="Alex Sample MP"),
        sender=Sender(name="Ruth"),
    )
    with pytest.raises(CaseworkError, match="address of whoever signs") as refused:
        refuse_unfinished(missing_values(URGENT, values))
    assert refused.value.field == "sender_address"


def test_a_finished_letter_is_not_refused():
    refuse_unfinished(missing_in_blocks({"subject": "Samira (Leeds)", "ask": "Please ask."}))


@pytest.mark.parametrize(
    ("written", "their"),
    [("she/her", "her"), ("He, him", "his"), ("they", "their"), ("", "Samira’s"), ("ze", "Samira’s")],
)
def test_pronouns_are_those_that_were_given_and_otherwise_the_name(written, their):
    assert pronouns(written, "Samira").their == their


def test_without_pronouns_and_without_a_name_it_is_they():
    assert pronouns("").their == "their"


def test_verbs_follow_the_pronoun():
    assert pronouns("she").verb("lives", "live") == "lives"
    assert pronouns("", "Samira").verb("lives", "live") == "lives"
    assert pronouns("they").verb("lives", "live") == "live"
