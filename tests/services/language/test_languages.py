"""Languages of the papers: corrected and checked by speakers, exchanged as files, drafts until they are checked."""

import csv
import io

import pytest

from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.language.languages import Language, State
from casework.domain.safety.accounts import Role
from casework.services.language import languages
from casework.services.language.languages import (
    add_language,
    as_csv,
    as_po,
    check_all,
    english_only_for,
    get_catalogue,
    key_of,
    language_of,
    numbers_of_forms,
    perhaps_meant_by,
    save_text,
    take_file,
)
from casework.services.language.wordings import words_in
from casework.storage.models import AuditEvent
from tests.factories import make_user

ABOUT_ME = "About me"
HAUSA = Language("ha", "Hausa", "Hausa", "Latn")
pytestmark = pytest.mark.usefixtures("app")


def text_of(code: str, english: str = ABOUT_ME):
    return get_catalogue(code).text(english)


def key(english: str = ABOUT_ME) -> str:
    return key_of(text_of("ar", english))


def test_everything_that_casework_brings_is_a_draft_until_somebody_has_checked_it():
    for language in languages.list_languages():
        assert get_catalogue(language.code).count(State.CHECKED) == 0


def test_a_correction_goes_before_what_casework_brings_and_leaves_the_rest(organiser):
    before = get_catalogue("ar")
    save_text("ar", key(), "نبذة عني", organiser)
    after = get_catalogue("ar")
    assert (after.text(ABOUT_ME).said, after.text(ABOUT_ME).state) == ("نبذة عني", State.DRAFT)
    assert [one for one in after.texts if one.english != ABOUT_ME] == [
        one for one in before.texts if one.english != ABOUT_ME
    ]


def test_a_text_that_was_taken_out_stays_out(organiser):
    save_text("ar", key(), "", organiser)
    assert text_of("ar").state is State.MISSING


def test_a_text_is_checked_by_a_named_speaker_and_a_later_change_is_a_draft_again(organiser):
    save_text("ar", key(), "عني", organiser, checked_by="Huda Example")
    assert (text_of("ar").state, text_of("ar").checked_by) == (State.CHECKED, "Huda Example")
    save_text("ar", key(), "عني أنا", organiser)
    assert (text_of("ar").state, text_of("ar").checked_by) == (State.DRAFT, "")


def test_a_text_that_is_empty_cannot_be_checked_and_one_without_end_is_refused(organiser):
    with pytest.raises(CaseworkError, match="nothing here"):
        save_text("ar", key(), "", organiser, checked_by="Huda Example")
    with pytest.raises(CaseworkError, match="too long"):
        save_text("ar", key(), "x" * 2001, organiser)


def test_the_second_of_two_who_change_a_text_is_told(organiser):
    seen = text_of("ar").said
    save_text("ar", key(), "one", organiser, before=seen)
    with pytest.raises(OutOfDate):
        save_text("ar", key(), "two", organiser, before=seen)


def test_a_speaker_checks_a_whole_paper_at_once_and_the_other_papers_stay_drafts(organiser):
    checked = check_all("fr", "Awa Example", organiser, paper="explanation")
    catalogue = get_catalogue("fr")
    assert checked > 10
    assert catalogue.count(State.DRAFT, "explanation") == 0
    assert catalogue.text(ABOUT_ME).state is State.DRAFT


def test_a_language_is_added_once_and_begins_with_nothing_translated(organiser):
    catalogue = add_language(HAUSA, organiser)
    assert catalogue.count(State.MISSING) == len(catalogue.texts) > 50
    with pytest.raises(CaseworkError, match="there already"):
        add_language(HAUSA, organiser)


@pytest.mark.parametrize(
    ("language", "field"),
    [
        (Language("../x", "X", "X", "Latn"), "code"),
        (Language("en", "English", "English", "Latn"), "code"),
        (Language("ha", "", "Hausa", "Latn"), "name"),
        (Language("ha", "Hausa", "", "Latn"), "own_name"),
        (Language("ha", "Hausa", "Hausa", "Xxxx"), "script"),
    ],
)
def test_a_language_that_cannot_be_right_is_refused_at_its_field(organiser, language, field):
    with pytest.raises(CaseworkError) as refused:
        add_language(language, organiser)
    assert refused.value.field == field


@pytest.mark.parametrize("code", ["xx", "../ar", "texts", "AR", ""])
def test_a_language_that_is_not_there_is_not_found(code):
    with pytest.raises(NotFound):
        get_catalogue(code)


@pytest.mark.parametrize("export", [as_po, as_csv])
def test_a_file_that_goes_out_and_comes_back_changes_nothing(organiser, export):
    save_text("ar", key(), 'نبذة, "عني"\nوأكثر', organiser, checked_by="Huda Example")
    before = get_catalogue("ar")
    taken = take_file("ar", export("ar").encode(), organiser)
    assert (taken.changed, taken.unknown) == (0, 0)
    assert get_catalogue("ar") == before


def test_a_translators_file_comes_in_as_drafts_and_what_it_leaves_empty_stays(organiser):
    rows = [
        ["English", "Translation"],
        [ABOUT_ME, "Game da ni"],
        ["Date of birth", ""],
        ["No such text", "x"],
    ]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    add_language(HAUSA, organiser)
    taken = take_file("ha", out.getvalue().encode("utf-8-sig"), organiser)
    assert (taken.changed, taken.same, taken.unknown) == (1, 1, 1)
    assert (text_of("ha").said, text_of("ha").state) == ("Game da ni", State.DRAFT)


def test_a_file_that_one_speaker_has_checked_comes_in_as_checked_by_them(organiser):
    taken = take_file(
        "so", f'msgid "{ABOUT_ME}"\nmsgstr "Aniga"\n'.encode(), organiser, checked_by="Hodan Example"
    )
    assert taken.changed == 1
    assert text_of("so").checked_by == "Hodan Example"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"a,b\n1,2\n",
        b"/etc/passwd msgid",
        b'English,Translation\n"open',
        b"x" * 1_000_001,
    ],
)
def test_a_file_that_is_none_is_refused_and_changes_nothing(organiser, content):
    before = get_catalogue("ar")
    with pytest.raises(CaseworkError):
        take_file("ar", content, organiser)
    assert get_catalogue("ar") == before


@pytest.mark.parametrize("end", ["\r", "\x0b", "\x1c", "\x85", "\u2028"], ids=ascii)
def test_no_line_end_in_a_text_or_a_name_loses_a_word_or_breaks_the_kept_file(organiser, end):
    row = f'{ABOUT_ME},"Mon{end}cas","Ana{end}Lund",2026-03-01\r\n'
    take_file("fr", f"English,Translation,Checked by,Checked on\r\n{row}".encode(), organiser)
    assert (text_of("fr").said, text_of("fr").checked_by) == ("Mon\ncas", "Ana Lund")
    save_text("fr", key(), f"Mon{end}cas à moi", organiser)
    assert text_of("fr").said == "Mon\ncas à moi"
    assert languages.broken_files() == []


def test_no_line_end_in_a_form_that_a_number_takes_loses_a_word(organiser):
    text = next(one for one in get_catalogue("fr").texts if one.several == "{number} letters")
    save_text("fr", key_of(text), "{number} lettre\u2028en main\n{number} lettres", organiser)
    assert get_catalogue("fr").text(text.english).forms[:2] == [
        "{number} lettre en main",
        "{number} lettres",
    ]


@pytest.mark.parametrize(("code", "forms"), [("es-CO", 3), ("vec", 3), ("zh-TW", 1)])
def test_a_language_of_one_country_has_its_numbers(organiser, code, forms):
    add_language(Language(code, "Somewhere’s", "Somewhere", "Latn"), organiser)
    assert len(numbers_of_forms(code)) == forms
    words = words_in(code)
    assert words is not None
    assert words.form_for(1) == 0


def test_a_name_that_is_longer_than_a_line_of_the_kept_file_is_kept_whole(organiser):
    name = " ".join(["Ana Lund of the interpreters"] * 6)
    save_text("fr", key(), "Mon cas", organiser, checked_by=name)
    assert text_of("fr").checked_by == name


def test_a_file_of_another_language_is_refused(organiser):
    with pytest.raises(CaseworkError, match="another language"):
        take_file("ar", as_po("fr").encode(), organiser)


def test_a_damaged_file_of_the_group_is_named_and_passed_over_and_never_written_over(organiser):
    ours = get_catalogue("ar")
    save_text("ar", key(), "عني", organiser)
    own = languages.folders()[1] / "ar.po"
    own.write_bytes(b"msgid \xff")
    assert languages.broken_files() == [own]
    assert get_catalogue("ar") == ours
    with pytest.raises(CaseworkError, match=r"ar\.po cannot be read"):
        save_text("ar", key(), "عني", organiser)
    assert own.read_bytes() == b"msgid \xff"


def test_a_cell_that_a_spreadsheet_would_reckon_is_shown_as_text_and_comes_back_as_it_was(organiser):
    save_text("fr", key(), "=1+1", organiser)
    assert ",'=1+1," in languages.as_csv("fr")
    assert take_file("fr", languages.as_csv("fr").encode(), organiser).changed == 0


def test_each_change_stands_in_the_trail_with_who_made_it():
    speaker = make_user(Role.ORGANISER, "Yohannes Example")
    save_text("ti", key(), "ብዛዕባይ", speaker, checked_by="Yohannes Example")
    add_language(HAUSA, speaker)
    lines = [(one.action, one.user_name, (one.facts or {})["language"]) for one in AuditEvent.query.all()]
    assert ("translation checked", "Yohannes Example", "ti") in lines
    assert ("language added", "Yohannes Example", "ha") in lines


@pytest.mark.parametrize(
    ("spoken", "code"),
    [
        ("Arabic and some English", "ar"),
        ("Tigrinya", "ti"),
        ("English, Sorani", "ckb"),
        ("Dari and English", "fa"),
        ("ትግርኛ", "ti"),
    ],
)
def test_the_language_beside_the_english_is_the_first_that_the_person_speaks(spoken, code):
    found = language_of(spoken)
    assert found
    assert found.code == code


@pytest.mark.parametrize("spoken", ["", "English", "Arabicish"])
def test_no_language_is_guessed(spoken):
    assert language_of(spoken) is None


@pytest.mark.parametrize(
    ("spoken", "meant"),
    [
        ("Somalian", "so"),
        ("English, Somalian", "so"),
        ("Tigrigna", "ti"),
        ("Amaric", "am"),
        ("Farsee", "fa"),
        ("Ukranian", "uk"),
        ("Vietnameese", "vi"),
        ("pashtu", "ps"),
        *((right, None) for right in ("Somali", "Dari", "English", "")),
        *(
            (other, None)
            for other in ("Yoruba", "Iranian", "Armenian", "Romanian", "Tigre", "Turkmen", "Polish")
        ),
    ],
)
def test_another_spelling_of_a_language_is_asked_about_and_another_language_is_not(spoken, meant):
    found = perhaps_meant_by(spoken)
    assert (found.code if found else None) == meant


@pytest.mark.parametrize(
    ("spoken", "alone"),
    [
        ("Yoruba", True),
        ("Yoruba, some English", True),
        ("Somali", False),
        ("English and Yoruba", False),
        ("", False),
    ],
)
def test_english_alone_is_said_of_somebody_who_reads_another_language_best(spoken, alone):
    assert english_only_for(spoken) is alone
