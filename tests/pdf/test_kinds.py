"""Each kind of letter beyond those to MPs: what it asks, what it never says, and the sheet it stands on."""

from dataclasses import replace
from datetime import date

import pytest

from casework.domain.consent.publicity import Audience
from casework.domain.letters.disclosure import kinds_marked, mask
from casework.domain.letters.letter_readers import greeting, window_lines
from casework.domain.letters.letter_values import (
    Agreed,
    LetterValues,
    OnFile,
    Person,
    Removal,
    Sender,
)
from casework.domain.letters.letters import READERS, missing_in_blocks, missing_values
from casework.pdf.pages import page_count
from casework.reference.topics import topics
from tests.pdf.printed import ALL, LETTERS, sample_pdf
from tests.pdf.reading import in_order_in, place_of, text_of

MEMBERS = [key for key in ALL if LETTERS.template(key).to.endswith("_member")]
BARE = LetterValues(today=date(2026, 11, 20), person=Person("Samira", pronouns="she"))


def printed(key: str, **changes) -> str:
    if not changes:
        return text_of(sample_pdf(key))
    values = replace(LETTERS.sample(key), **changes)
    return text_of(LETTERS.pdf(key, LETTERS.prefill(key, values), values))


def words(key: str, **changes) -> str:
    values = replace(LETTERS.sample(key), **changes)
    return " ".join(LETTERS.prefill(key, values).values())


@pytest.mark.parametrize("key", ALL)
def test_each_paper_says_for_whom_it_is_and_what_it_tells(key):
    template = LETTERS.template(key)
    assert template.reader == READERS[template.to]
    assert template.purpose[-1] in ".?"


@pytest.mark.parametrize("key", [key for key in ALL if LETTERS.template(key).audience is not Audience.PERSON])
def test_the_words_of_the_house_alone_speak_of_nothing_that_may_have_to_stay_private(key):
    texts = LETTERS.prefill(key, BARE)
    own = {name: text for name, text in texts.items() if not kinds_marked(mask(text, {}, topics()))}
    assert own == texts


@pytest.mark.parametrize("key", ALL)
def test_no_paper_writes_on_behalf_of_anybody_or_tells_anybody_what_to_do_in_law(key):
    text = printed(key).lower()
    assert not [one for one in ("on behalf of", "you should appeal", "we submit", "article 8") if one in text]


@pytest.mark.parametrize("key", MEMBERS)
def test_what_ties_the_story_to_a_member_s_own_interests_is_said_where_it_was_recorded(key):
    hook = "You have spoken up for breakfast clubs"
    if "worth" in LETTERS.template(key).blocks and key != "postcards":
        assert hook in words(key, hook=hook)
    assert hook not in words(key)


def test_a_minister_is_written_to_at_the_home_office_by_the_post_and_told_of_the_writer_alone():
    text = printed("supporter-to-minister")
    assert in_order_in(
        text, "Rt Hon Jo Example MP", "Minister for Example Asylum", "Home Office", "in my own name"
    )
    assert "You are also my own Member of Parliament" in text
    for told in ("A1234567", "14 Maude Avenue", "refused her", "appeal"):
        assert told not in text


def test_a_minister_who_is_not_the_writer_s_own_mp_is_not_called_so():
    minister = replace(LETTERS.sample("supporter-to-minister").minister, is_own_member=False)
    assert "my own Member" not in printed("supporter-to-minister", minister=minister)


def test_a_letter_to_a_minister_waits_until_somebody_looked_that_they_still_are_one():
    values = LETTERS.sample("supporter-to-minister")
    unlooked = replace(values, minister=replace(values.minister, checked=""))
    gaps = missing_values(LETTERS.template("supporter-to-minister"), unlooked)
    assert [gap.field for gap in gaps] == ["minister_checked"]


def test_a_letter_of_support_goes_to_the_lawyer_first_and_names_neither_lawyer_nor_numbers():
    text = printed("letter-of-support")
    assert in_order_in(
        text, "The lawyer of Samira", "To whom it may concern,", "goes to her lawyer first", "I am Ruth"
    )
    assert "26 March 2026" in text
    for told in ("N. Okafor", "A1234567", "14 Maude Avenue"):
        assert told not in text


def test_a_letter_of_support_asks_for_what_the_writer_saw_and_how_they_know_the_person():
    asked = [gap.what for gap in missing_in_blocks(LETTERS.prefill("letter-of-support", BARE))]
    assert [part for part in asked if part.startswith("how I know Samira, since when")]
    assert [part for part in asked if part.startswith("what I have seen myself")]


def test_thanks_repeat_what_was_promised_and_when_we_ask():
    text = words("member-thanks")
    assert "Thank you for meeting us on Friday 20 March 2026" in text
    assert (
        "– The caseworker: write to the Home Office, marked urgent (in our diary for 23 March 2026)." in text
    )


def test_thanks_without_a_meeting_thank_for_the_answer_and_without_either_ask():
    assert "your answer of Monday 30 March 2026" in words(
        "member-thanks", on_file=OnFile(answered_on=date(2026, 3, 30))
    )
    assert "[what we thank them for" in words("member-thanks", on_file=OnFile())


def test_a_reminder_says_the_days_of_the_file():
    text = words("member-chase")
    assert "We wrote to you on Wednesday 18 March 2026." in text
    assert "You wrote to the Home Office on Monday 23 March 2026, and we know of no answer." in text
    assert "20 working days: for your letter that is about Wednesday 22 April 2026" in text


def test_a_reminder_to_an_office_that_did_not_answer_asks_who_looks_after_it_and_claims_no_target():
    text = words("member-chase", on_file=OnFile(written_on=date(2026, 3, 18)))
    assert "who in your office is looking after it" in text
    assert "have no answer on our file yet" in text
    assert "working days" not in text


def test_a_reminder_never_guesses_when_we_wrote():
    assert "We wrote to you [on which day]" in words("member-chase", on_file=OnFile())


def test_a_complaint_says_when_the_answer_was_due_and_needs_a_tick_for_complaints():
    text = words("member-complaint")
    assert "You wrote to the Home Office on Wednesday 18 February 2026." in text
    assert "that was about Wednesday 18 March 2026. We know of no answer." in text
    assert "28 February 1990" in text
    authority = replace(LETTERS.sample("member-complaint").authority, complains=False)
    assert "[a form of authority with a tick at “make a complaint for me”" in words(
        "member-complaint", authority=authority
    )


def test_a_complaint_about_an_answer_that_is_not_due_yet_does_not_call_it_late():
    early = OnFile(asked_home_office_on=date(2026, 3, 20), home_office_aims_at=date(2026, 4, 21))
    text = words("member-complaint", on_file=early)
    assert "that is about Tuesday 21 April 2026" in text
    assert "[that day has not come yet" in text


def test_the_lawyer_is_asked_two_things_before_anybody_is_told():
    text = printed("question-to-lawyer")
    assert in_order_in(
        text, "N. Okafor", "LS1 1AA", "Dear N. Okafor,", "is there an anonymity order", "may we use"
    )
    assert "nothing goes out" in text
    firm = replace(LETTERS.sample("question-to-lawyer").representative, name="", lines=())
    values = replace(LETTERS.sample("question-to-lawyer"), representative=firm)
    template = LETTERS.template("question-to-lawyer")
    assert window_lines(template, values) == ("Example Law Centre", "okafor@example.org")
    assert greeting(template, values) == "Dear Example Law Centre,"


def test_the_airline_sheet_holds_what_finds_the_booking_and_no_number_of_the_home_office():
    text = printed("airline-sheet")
    assert in_order_in(
        text, "AHMADI/SAMIRA MS", "Example Airways, XX 123", "Thursday 2 April 2026, 22.35", "London Heathrow",
        "Istanbul, then Kabul", "Commercial", "refuse to carry", "not the police", "is a crime, with real sentences",
        "The lawyer said yes on 24 March 2026",
    )  # fmt: skip
    assert "A1234567" not in text


@pytest.mark.parametrize("lacking", ["booked_name", "airline", "flight", "at", "airport"])
def test_an_airline_sheet_without_what_finds_the_booking_is_not_finished(lacking):
    values = LETTERS.sample("airline-sheet")
    empty = None if lacking == "at" else ""
    values = replace(values, removal=replace(values.removal, **{lacking: empty}))
    gaps = missing_values(LETTERS.template("airline-sheet"), values)
    assert [gap.field for gap in gaps] == ["removal"]


def test_the_airline_sheet_waits_for_the_yes_of_the_person_and_of_the_lawyer():
    asked = [
        gap.what
        for gap in missing_in_blocks(
            LETTERS.prefill("airline-sheet", replace(LETTERS.sample("airline-sheet"), agreed=Agreed()))
        )
    ]
    assert asked == [
        "on which day Samira agreed to this",
        "the day on which the lawyer said yes to this sheet",
    ]


def test_there_is_no_airline_sheet_for_a_charter():
    values = LETTERS.sample("airline-sheet")
    charter = replace(values, removal=replace(values.removal, is_charter=True))
    (gap,) = missing_values(LETTERS.template("airline-sheet"), charter)
    assert gap.what == "a commercial airline: on a charter there is nobody to ask"


def test_the_line_for_a_journalist_says_item_by_item_what_may_be_told():
    text = printed("press-line")
    assert "level 3 of 5" in text
    for line in (
        "Name: a changed one stands above",
        "Face: not to be told",
        "Court papers: as it stands above",
    ):
        assert line in text
    assert in_order_in(
        text, "Words not to use", "Whom to ring", "Checked by the person before it goes", "signature"
    )
    for told in ("Samira", "Yarl", "Afghan", "A1234567"):
        assert told not in text


def test_a_line_for_a_journalist_names_no_place_and_no_flight_of_its_own():
    known = LETTERS.sample("home-mp-urgent")
    flight = Removal(notice_on=date(2026, 3, 25))
    subject = LETTERS.prefill("press-line", replace(known, removal=flight))["subject"]
    assert subject == "Samira: notice of removal given on 25 March 2026"
    subject = LETTERS.prefill("press-line", replace(known, removal=Removal()))["subject"]
    assert subject == "Samira: detained since 3 March 2026"


def test_four_postcards_lie_on_one_sheet_across_with_the_address_of_the_mp_on_each():
    pdf = sample_pdf("postcards")
    assert page_count(pdf) == 1
    text = text_of(pdf)
    for each in (
        "House of Commons",
        "Leila: removal possible",
        "in my own words:",
        "My name, address and postcode:",
    ):
        assert text.count(each) == 4
    left, top = place_of(pdf, "Rt Hon Alex Sample MP")
    assert 80 < left < 148.5
    assert top < 105
    assert "Page 1" not in text


def test_a_long_name_and_a_long_group_leave_every_postcard_on_its_quarter():
    values = LETTERS.sample("postcards")
    values = replace(
        values,
        member=replace(
            values.member, address_as="Rt Hon Sir Bartholomew Featherstonehaugh-Cholmondeley KC MP"
        ),
        group=replace(values.group, name="The Very Long Name of a Local Group of Neighbours " * 2),
    )
    assert page_count(LETTERS.pdf("postcards", LETTERS.prefill("postcards", values), values)) == 1


def test_taking_it_back_is_the_person_s_own_word_with_every_box_empty_and_no_reason():
    text = printed("withdrawal-notice")
    assert in_order_in(
        text, "I take back what I agreed to", "Samira Ahmadi", "what is ticked here", "Stop today", "Take down",
        "cannot be called back", "I need not give a reason", "My signature or mark", "Witness to a mark",
    )  # fmt: skip
    assert not [mark for mark in "☑☒✓✔✗✘" if mark in text]
    assert "A1234567" not in text


def test_a_supporter_s_trade_is_asked_for_and_never_guessed():
    assert "[what I do, and where" in words("supporter-to-minister", sender=Sender("Ruth"))


@pytest.mark.parametrize("key", [key for key in ALL if LETTERS.template(key).tells and key != "postcards"])
def test_whoever_finds_a_paper_reads_at_its_foot_how_far_it_may_go(key):
    audience = LETTERS.template(key).audience
    foot = audience.notice
    assert foot.startswith(f"Level {audience.level:d}") or (not foot and audience is Audience.PERSON)
    assert foot in printed(key)
