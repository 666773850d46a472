"""Notes on a member: plain pages only, no judgement, and nobody named who must not be."""

import pytest

from casework.domain.errors import CaseworkError
from casework.domain.parliament.member_notes import NoteKind, check_link, check_words, named_in, without_names


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "ftp://example.org/", "//example.org",
        "https://", "https:///path", "http://ada:secret@example.org/", "https://example.org/ x", "file:///etc/passwd",
        "https://example.org/\"onclick=x", "https://localhost/", "https://[::1/", "https://example.org:99999/",
        "java\nscript:x", " https://example.org",
    ],
)  # fmt: skip
def test_what_is_no_plain_page_on_the_web_is_no_link(link):
    with pytest.raises(CaseworkError) as refused:
        check_link(link)
    assert refused.value.field == "link"


@pytest.mark.parametrize(
    "link", ["https://hansard.parliament.uk/a?b=c#d", "HTTP://example.org", "https://münchen.example/ü"]
)
def test_a_plain_page_on_the_web_is_kept_as_it_was_typed(link):
    assert check_link(link) == link


def test_a_stance_that_judges_is_sent_back_and_other_notes_are_not():
    with pytest.raises(CaseworkError, match="“friendly” says what somebody is"):
        check_words(NoteKind.STANCE, "Friendly, mostly")
    check_words(NoteKind.STANCE, "Voted for the second reading; asked for safe routes")
    check_words(NoteKind.STANCE, "Really asked three times, and totally refused")
    check_words(NoteKind.INTEREST, "Friendly societies")


def test_a_name_is_found_however_it_is_written_and_a_plain_word_is_no_name():
    names = ["Łukasz Kowalski", "May", "Samira"]
    assert named_in("lukasz  KOWALSKI's street", names) == "Łukasz Kowalski"
    assert named_in("We know Samira", names) == "Samira"
    assert named_in("It may be, and samira is a word here", names) is None


def test_whole_names_are_taken_out_and_the_rest_stays():
    text = "Met Ada Okafor, ada-okafor and Ada; Ben O’Neil too."
    assert (
        without_names(text, ["Ada Okafor", "Ben O'Neil", "Ada"])
        == "Met [a name], [a name] and Ada; [a name] too."
    )
    assert without_names("Ada Okafor Smith", ["Ada Okafor", "Okafor Smith"]) == "[a name]"
    assert without_names("", ["Ada Okafor"]) == ""
