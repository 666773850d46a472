"""Text in several writing systems is cut into pieces that each keep their own direction."""

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.parliament.scripts import fits, language_tag, runs


@given(st.text())
def test_the_pieces_joined_are_the_text_again(text):
    assert "".join(run.text for run in runs(text)) == text


def test_a_full_name_in_arabic_letters_is_one_piece_and_the_number_after_it_is_not_part_of_it():
    assert [(run.text, run.script) for run in runs("of سمیرا احمدی, 12")] == [
        ("of ", ""),
        ("سمیرا احمدی", "Arab"),
        (", 12", ""),
    ]


def test_accents_greek_and_cyrillic_need_no_font_of_their_own():
    assert [run.script for run in runs("Łukasz Ó Siôn, Νίκος, Олена")] == [""]


def test_arabic_letters_take_the_language_that_the_person_speaks_and_claim_none_when_it_is_unknown():
    assert language_tag("Arab", "English, Urdu") == "ur"
    assert language_tag("Arab", "Dari") == "fa"
    assert language_tag("Arab", "") == "und-Arab"
    assert language_tag("Ethi", "Tigrinya") == "und-Ethi"


def test_arabic_letters_are_farsi_or_kurdish_in_arabic_letters_and_never_english_or_amharic():
    assert fits("Arab", "fa")
    assert fits("Arab", "ku-Arab")
    assert fits("Hani", "ja-JP")
    assert not fits("Arab", "en-GB")
    assert not fits("Arab", "am")
    assert not fits("Arab", "fa-Latn")
