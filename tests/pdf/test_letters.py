"""Every letter, filled in, printed and read back out of its PDF."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pypdf
import pytest

from casework.domain.letters.letter_readers import greeting, window_lines
from casework.domain.letters.letter_values import LetterValues, MemberAddressed, Removal
from casework.domain.letters.letters import BLOCK_LABELS, missing_in_blocks, missing_values
from casework.pdf.letter_text import needed, text_to_html
from casework.pdf.letters import Letters
from casework.pdf.pages import page_count
from tests.pdf.printed import ALL, FOLDER, LETTERS, sample_pdf
from tests.pdf.reading import in_order, place_of, text_of

POSTED = [key for key in ALL if not LETTERS.template(key).sheet and LETTERS.template(key).to != "holder"]
PAGES = {"form-of-authority": 2, "campaign-consent": 3, "own-view": 3}
TO_MEMBERS = [key for key in POSTED if LETTERS.template(key).writes_to_member]
URGENT = "home-mp-urgent"
NOTICE = "It is not legal advice."


def printed(key: str, **changes) -> bytes:
    if not changes:
        return sample_pdf(key)
    values = replace(LETTERS.sample(key), **changes)
    return LETTERS.pdf(key, LETTERS.prefill(key, values), values)


def test_the_letters_of_the_house_are_all_there():
    assert ALL == [
        "home-mp-first-contact",
        "home-mp-urgent",
        "detention-mp",
        "friend-at-former-home",
        "supporter-to-own-mp",
        "covering-letter",
        "member-thanks",
        "member-chase",
        "answer-chase",
        "member-complaint",
        "supporter-to-minister",
        "letter-of-support",
        "question-to-lawyer",
        "surgery-brief",
        "form-of-authority",
        "explanation",
        "campaign-consent",
        "supporters-notice",
        "recall",
        "airline-sheet",
        "press-line",
        "postcards",
        "withdrawal-notice",
        "own-view",
    ]


@pytest.mark.parametrize("key", ALL)
def test_a_letter_filled_from_its_sample_lacks_nothing_and_is_tagged_with_title_and_language(key):
    template, values = LETTERS.template(key), LETTERS.sample(key)
    blocks = LETTERS.prefill(key, values)
    assert missing_in_blocks(blocks) + missing_values(template, values) == []
    assert all(name in BLOCK_LABELS for name in template.blocks)
    document = pypdf.PdfReader(BytesIO(sample_pdf(key)))
    assert document.metadata.title
    assert document.root_object["/Lang"] == "en-GB"
    assert document.root_object["/MarkInfo"]["/Marked"]
    assert len(document.pages) == PAGES.get(key, 1)


# How a letter that does not argue calls its parts.
PARTS = {
    "member-thanks": ("What helps us most.", "When we ring.", "What it means to us."),
    "question-to-lawyer": ("What you can tell us.", "What we cannot judge.", "What it would do."),
}


@pytest.mark.parametrize("key", POSTED)
def test_a_posted_letter_runs_from_window_and_sender_over_the_four_parts_to_the_signature(key):
    values = LETTERS.sample(key)
    pdf = printed(key)
    assert in_order(
        pdf,
        *window_lines(LETTERS.template(key), values),
        values.sender.name,
        values.sender.email,
        "26 March 2026",
        greeting(LETTERS.template(key), values),
        *PARTS.get(key, ("What you can do.", "What stands in the way.", "Why it is worth it.")),
        "Yours sincerely,",
        values.sender.name,
    )
    assert "Page 1 of 1" in text_of(pdf)
    assert NOTICE not in text_of(pdf)


@pytest.mark.parametrize("key", TO_MEMBERS)
def test_the_address_stands_in_the_dl_window_and_no_reference_does(key):
    pdf = printed(key)
    for line in ("House of Commons", "SW1A 0AA"):
        left, top = place_of(pdf, line)
        assert 24 <= left <= 120
        assert 39.5 <= top <= 66.3
    if LETTERS.template(key).shows_references:
        assert place_of(pdf, "A1234567")[1] > 68


@pytest.mark.parametrize("key", POSTED)
def test_no_letter_says_illegal_or_tells_anybody_to_appeal_or_speaks_of_clients(key):
    text = text_of(printed(key)).lower()
    assert not [word for word in ("illegal", "client", "you should appeal", "on behalf of") if word in text]


@pytest.mark.parametrize("key", ["surgery-brief", "form-of-authority", "airline-sheet"])
def test_a_sheet_for_the_group_or_the_person_says_that_it_is_not_legal_advice(key):
    assert NOTICE in text_of(printed(key))


@pytest.mark.parametrize("key", ALL)
def test_nothing_known_gives_a_letter_that_names_its_gaps_and_still_prints(key):
    values = LetterValues(today=date(2026, 11, 20))
    blocks = LETTERS.prefill(key, values)
    if LETTERS.template(key).blocks:
        assert missing_in_blocks(blocks)
    assert LETTERS.pdf(key, blocks, values).startswith(b"%PDF")
    assert not [text for text in blocks.values() if "None" in text or "[[" in text]


def test_the_urgent_letter_names_the_flight_in_its_first_line_when_there_is_one():
    flight = Removal(at=datetime(2026, 4, 2, 22, 35), flight="XX 123")
    blocks = LETTERS.prefill(URGENT, replace(LETTERS.sample(URGENT), removal=flight))
    assert blocks["subject"] == "Samira, of Beeston: removal booked for Thursday 2 April 2026 at 22.35"
    assert "flight XX 123" in blocks["opening"]


def test_a_letter_without_pronouns_says_the_name_and_guesses_nothing():
    values = LETTERS.sample(URGENT)
    blocks = LETTERS.prefill(URGENT, replace(values, person=replace(values.person, pronouns="")))
    assert "Samira was detained" in blocks["opening"]
    assert " she " not in " ".join(blocks[name] for name in ("opening", "ask", "can", "obstacle"))


def test_an_mp_who_only_lends_a_voice_is_not_given_the_persons_numbers():
    for key in ("friend-at-former-home", "supporter-to-own-mp"):
        assert "A1234567" not in text_of(printed(key))


def test_the_person_s_numbers_are_never_in_the_footer():
    html = LETTERS.render_html(URGENT, {}, LETTERS.sample(URGENT))
    assert 'data-group="Beeston Welcome Group · Level 1: MP and Home Office only"' in html
    assert text_of(printed(URGENT)).count("A1234567") == 1


def test_the_form_of_authority_begins_with_every_box_empty_and_ends_with_a_slip_to_cancel_it():
    pdf = printed("form-of-authority")
    assert page_count(pdf) == 2
    assert in_order(
        pdf,
        "Samira Ahmadi",
        "28 February 1990",
        "Afghan",
        "A1234567",
        "Port or detention number",
        "Yarl’s Wood, Avocet 12",
        "14 Maude Avenue",
        "What my MP may do",
        "ask for my file",
        "What each supporter may do",
        "Ruth Ellery",
        "What nobody may tell",
        "HIV",
        "ends on",
        "Interpreter’s name and signature",
        "My signature or mark",
        "Witness to a mark",
        "I cancel my form of authority",
    )
    assert not [mark for mark in "☑☒✓✔✗✘" if mark in text_of(pdf)]


def test_the_brief_tells_problem_stage_and_dates_in_the_order_in_which_an_office_asks():
    pdf = printed("surgery-brief")
    assert in_order(
        pdf, "What kind of problem.", "The stage reached.", "Dates that are near.", "The lawyer.", "Going:",
        "What we ask", "What this MP can do", "What stands in the way", "Why it is worth it", "Promises", "Notes",
    )  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "{{ values.today }} {% raw %} {# no #}",
        "<script>alert(1)</script> <img src=http://example.org/x>",
        "& &amp; &lt;b&gt; ' \"",
        "} @page { margin: 0 } </style>",
    ],
)
def test_what_people_type_is_printed_as_they_typed_it_and_never_obeyed(written):
    values = LETTERS.sample(URGENT)
    blocks = LETTERS.prefill(URGENT, values) | {"worth": written}
    assert written in text_of(LETTERS.pdf(URGENT, blocks, values))
    named = replace(values, person=replace(values.person, name=written))
    assert written in text_of(LETTERS.pdf(URGENT, LETTERS.prefill(URGENT, named), named))


def test_a_group_s_name_with_quotes_stays_inside_the_footer():
    values = LETTERS.sample(URGENT)
    group = replace(values.group, name='Friends" } of <b>Leeds</b>')
    assert 'Friends" } of <b>Leeds</b>' in text_of(printed(URGENT, group=group))


def test_ten_thousand_characters_without_a_space_are_printed_to_the_last():
    values = LETTERS.sample(URGENT)
    pdf = LETTERS.pdf(URGENT, LETTERS.prefill(URGENT, values) | {"worth": "x" * 10_000}, values)
    assert text_of(pdf).count("x") >= 10_000
    assert page_count(pdf) > 1


def test_names_from_right_to_left_and_in_many_scripts_stand_alone_with_their_own_language():
    html = text_to_html("Ask for سمیرا احمدی, ተስፋይ and 中文 by 5 May 2026", "Dari")
    assert '<bdi lang="fa">سمیرا احمدی</bdi>, ' in html
    assert '<bdi lang="und-Ethi">ተስፋይ</bdi>' in html
    assert '<bdi lang="und-Hani">中文</bdi>' in html
    assert '<bdi class="together">5 May 2026</bdi>' in html


def test_marks_that_turn_a_line_round_are_dropped():
    assert text_to_html("pay \u202eevil\u202c \u2067now\u2069") == "pay evil now"


def test_two_stars_make_text_strong_and_nothing_else_is_markup():
    assert text_to_html("**please** do, 2 * 3 ** 4 <b>") == "<strong>please</strong> do, 2 * 3 ** 4 &lt;b&gt;"


def test_the_same_letter_has_the_same_bytes():
    values = LETTERS.sample(URGENT)
    assert LETTERS.pdf(URGENT, LETTERS.prefill(URGENT, values), values) == printed(URGENT)


def test_a_letter_a_few_lines_too_long_is_set_closer_and_stays_on_one_page():
    values = LETTERS.sample(URGENT)
    blocks = LETTERS.prefill(URGENT, values)
    long = blocks | {"worth": blocks["worth"] + " She is missed at every table here." * 7}
    assert page_count(LETTERS.pdf(URGENT, long, values)) == 1
    assert 'class="snug"' in LETTERS.render_html(URGENT, long, values, snug=True)


def test_an_address_of_seven_lines_still_fits_the_window():
    member = MemberAddressed(
        name="Jane Example",
        address_as="Jane Example MP",
        office_lines=("Unit 1", "Example House", "Sample Street", "Sampletown", "Sampleshire", "LS1 1AA"),
    )
    pdf = printed(URGENT, member=member)
    assert place_of(pdf, "LS1 1AA")[1] <= 66.3
    assert place_of(pdf, "26 March 2026")[1] > 66.3


def test_a_gap_inside_a_gap_is_one_gap():
    assert needed("", "how I know [the person’s name]") == "[how I know the person’s name]"


def test_the_words_of_a_letter_have_a_hash_that_differs_from_another_s():
    assert len({LETTERS.wording_hash(key) for key in ALL}) == len(ALL)
    assert LETTERS.wording_hash(URGENT) == Letters(FOLDER).wording_hash(URGENT)


def test_a_letter_that_asks_for_casework_says_at_its_head_who_it_is_about_and_where_their_home_is():
    assert "About: Samira Ahmadi, 14 Maude Avenue, Leeds LS11 7DD" in text_of(printed(URGENT))
    assert "About:" not in text_of(printed("supporter-to-own-mp"))
    assert "About:" not in text_of(printed("home-mp-first-contact"))
