"""Contacts as vCard: what is written is read back as it was, whatever it holds."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.errors import CaseworkError
from casework.domain.timing.vcards import Card, read_cards, write_cards

OFFICE = Card(
    "Office of Ada Invented MP, Leeds", "Office; of \\ Ada, with, commas", phones=("0113 496 0000",),
    emails=("office@example.org",), addresses=("1 Long Lane, First Floor\nLeeds; LS1\nUK",),
    note="Surgeries: Fridays\nRing first", revised="20260303",
)  # fmt: skip


def test_an_office_is_written_by_the_rules_and_read_back_as_it_was():
    text = write_cards([OFFICE, Card("Bea Ünvented 𝄞" * 12, "x", "caseworker", is_person=True)])
    lines = text.split("\r\n")
    assert lines[:4] == ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", "FN:Office of Ada Invented MP\\, Leeds"]
    assert "ADR;TYPE=work:;;1 Long Lane\\, First Floor,Leeds\\; LS1,UK;;;;" in lines
    assert "REV:20260303T000000Z" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    office, bea = read_cards(text)
    assert (office.name, office.phones, office.emails, office.note) == (
        OFFICE.name, OFFICE.phones, OFFICE.emails, OFFICE.note,
    )  # fmt: skip
    assert office.addresses == OFFICE.addresses
    assert (bea.name, bea.role, bea.is_person, office.is_person) == (
        "Bea Ünvented 𝄞" * 12,
        "caseworker",
        True,
        False,
    )


def test_the_cards_of_other_programs_are_read():
    text = (
        "BEGIN:VCARD\nVERSION:3.0\nN:Invented;Bea;;;\nitem1.TEL;TYPE=\"work,voice\":tel:+44-113-496-0000\n"
        "EMAIL:mailto:bea@exam\n ple.org\nORG:Office of Ada;Casework\nTITLE:Senior caseworker\n"
        "ADR:;;1 Long Lane;Leeds;;LS1 1AA;\nEND:VCARD\n"
    )  # fmt: skip
    (card,) = read_cards(text)
    assert (card.name, card.role, card.is_person) == ("Bea Invented", "Senior caseworker", True)
    assert (card.phones, card.emails) == (("+44-113-496-0000",), ("bea@example.org",))
    assert card.addresses == ("1 Long Lane\nLeeds\nLS1 1AA",)


@pytest.mark.parametrize(
    "text", ["", "hello", "BEGIN:VCARD\nFN:x", "END:VCARD", "BEGIN:VCARD\nEND:VCARD\n" * 501]
)
def test_what_is_no_whole_file_of_contacts_is_refused_in_words(text):
    with pytest.raises(CaseworkError) as refused:
        read_cards(text)
    assert refused.value.field == "sheet"


PLAIN = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=40)
@given(name=PLAIN, role=PLAIN, note=st.lists(PLAIN, min_size=1, max_size=3).map("\n".join), address=PLAIN)
def test_any_words_come_back_as_they_went_and_make_no_line_of_their_own(name, role, note, address):
    text = write_cards([Card(name, "o", role, addresses=(address,), note=note, is_person=True)])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (card,) = read_cards(text)
    assert (card.name, card.role, card.note, card.addresses) == (name, role, note, (address,))


@settings(max_examples=60)
@given(st.text())
def test_nothing_that_is_sent_breaks_the_reader(text):
    with suppress(CaseworkError):
        read_cards(f"BEGIN:VCARD\n{text}\nEND:VCARD")
