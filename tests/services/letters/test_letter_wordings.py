"""Words that a group writes for its letters: kept as versions, used from then on, and never over another's words."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.services.letters import letter_pages, letters
from casework.services.letters.group_letters import collected, list_versions
from casework.services.letters.letter_wordings import (
    back_to_own,
    changed,
    copy_letter,
    get_version,
    go_back_to,
    list_standing,
    newest_version,
    save_wording,
    wording_of,
)
from casework.storage.database import db
from casework.storage.models import AuditEvent, LetterWording, User
from tests.factories import home, make_case, make_user

URGENT = "home-mp-urgent"


def write(key: str, actor: User, **words: str) -> LetterWording:
    """Save words for some blocks of a letter, over what it has."""
    wording = wording_of(key)
    template = wording.template
    new = changed(
        wording, title=template.title, purpose=template.purpose, audience=template.audience, tells=template.tells,
        words={**wording.words, **words},
    )  # fmt: skip
    return save_wording(new, newest_version(key), actor)


def drafted(actor: User, key: str = URGENT) -> dict[str, str]:
    """The words of a letter that is drafted now."""
    case = make_case(actor, home(), name="Samira")
    return letters.draft_letter(case, key, actor, gss_code=case.places[0].gss_code).blocks


def test_letters_drafted_after_a_change_have_the_new_words_and_a_draft_before_keeps_its_own(organiser):
    case = make_case(organiser, home(), name="Samira")
    before = letters.draft_letter(case, URGENT, organiser, gss_code=case.places[0].gss_code)
    old = dict(before.blocks)
    write(URGENT, organiser, ask="Please ring us about {{ name() }} today.")
    assert drafted(organiser)["ask"] == "Please ring us about Samira today."
    assert before.blocks == old


def test_who_changed_what_and_when_is_kept_with_the_words(organiser):
    ada = make_user(name="Ada")
    write(URGENT, organiser, ask="First")
    write(URGENT, ada, ask="Second")
    assert [(row.words["ask"], row.written_by.name) for row in list_versions(URGENT)] == [
        ("Second", "Ada"),
        ("First", "Ruth Ellery"),
    ]
    lines = db.session.query(AuditEvent).filter_by(action="letter words changed").all()
    assert [(line.user_name, line.facts["template"]) for line in lines] == [
        ("Ruth Ellery", URGENT),
        ("Ada", URGENT),
    ]


def test_going_back_makes_a_version_more_and_loses_none(organiser):
    first = write(URGENT, organiser, ask="First")
    write(URGENT, organiser, ask="Second")
    go_back_to(first, organiser)
    assert drafted(organiser)["ask"] == "First"
    own = letter_pages.letters().words(URGENT)
    back_to_own(URGENT, organiser)
    assert letter_pages.letters().words(URGENT) != own
    assert [row.words and row.words["ask"] for row in list_versions(URGENT)] == [
        None,
        "First",
        "Second",
        "First",
    ]
    with pytest.raises(CaseworkError, match="own words already"):
        back_to_own(URGENT, organiser)


def test_words_that_are_wrong_are_not_kept(organiser):
    with pytest.raises(CaseworkError, match=r"Line 2: there is no value called persn") as refused:
        write(URGENT, organiser, ask="One\n{{ persn.name }}")
    assert refused.value.field == "ask"
    assert list_versions(URGENT) == []


def test_of_two_who_save_at_once_the_second_is_told(organiser):
    wording = wording_of(URGENT)
    save_wording(wording, 0, organiser)
    with pytest.raises(OutOfDate):
        save_wording(wording, 0, organiser)


def test_a_copy_is_a_letter_of_its_own_that_can_be_drafted_and_issued_papers_know_their_words(organiser):
    row = copy_letter(URGENT, "For the choir: an urgent letter!", organiser)
    assert row.key == "for-the-choir-an-urgent-letter"
    write(row.key, organiser, ask="Sing for {{ name() }}.")
    assert drafted(organiser, row.key)["ask"] == "Sing for Samira."
    assert drafted(organiser, URGENT)["ask"] != "Sing for Samira."
    hashes = {letter_pages.letters().wording_hash(key) for key in (URGENT, row.key)}
    write(row.key, organiser, ask="Other words")
    assert letter_pages.letters().wording_hash(row.key) not in hashes
    with pytest.raises(CaseworkError, match="There is a letter of this title"):
        copy_letter(URGENT, "for the choir: An urgent letter!", organiser)


def test_a_letter_of_the_group_s_own_that_is_offered_no_more_stays_for_its_drafts(organiser):
    key = copy_letter(URGENT, "Ours", organiser).key
    case = make_case(organiser, home(), name="Samira")
    letter = letters.draft_letter(case, key, organiser, gss_code=case.places[0].gss_code)
    back_to_own(key, organiser)
    assert key not in {one.key for one in letters.templates()}
    assert letters.template_of(letter).title == "Ours"
    assert letter_pages.preview(letter).startswith(b"%PDF")
    assert next(one for one in list_standing() if one.template.key == key).is_retired


def test_titles_in_any_script_give_each_letter_a_key_of_its_own(organiser):
    keys = [copy_letter(URGENT, title, organiser).key for title in ("ደብዳቤ", "رسالة", "../../x", "x" * 80)]
    assert keys == ["letter", "letter-2", "x", "x" * 50]


def test_a_paper_without_words_cannot_be_changed(organiser):
    with pytest.raises(NotFound, match="no words that can be changed"):
        wording_of("form-of-authority")
    row = write(URGENT, organiser, ask="Words")
    with pytest.raises(NotFound):
        get_version("detention-mp", row.id)


def test_nobody_makes_a_letter_ask_for_less_consent(organiser):
    wording = wording_of(URGENT)
    template = replace(wording.template, audience=Audience.PERSON)
    with pytest.raises(CaseworkError, match="asks for more consent"):
        save_wording(replace(wording, template=template), 0, organiser)


def test_a_paper_with_words_of_the_group_s_own_tells_no_more_than_was_agreed(organiser):
    wording = wording_of("supporter-to-own-mp")
    template = replace(wording.template, tells=(*wording.template.tells, Kind.COUNTRY))
    words = {**wording.words, "ask": "She is {{ person.nationality }}."}
    save_wording(replace(wording, template=template, words=words), 0, organiser)
    case = make_case(organiser, home(), name="Samira", nationality="Afghan")
    letter = letters.draft_letter(case, "supporter-to-own-mp", organiser, gss_code=case.places[0].gss_code)
    assert letter.blocks["ask"] == "She is Afghan."
    assert "Afghan" not in letter_pages.text_of(letter)
    assert Kind.COUNTRY in letter_pages.taken_out(letter)


@pytest.fixture
def folder(app: Flask, instance: Path) -> Path:
    """The folder of the group's own letters."""
    made = instance / "letters"
    made.mkdir()
    return made


def test_a_file_of_the_folder_counts_as_soon_as_it_is_there_and_what_is_written_in_the_program_goes_before_it(
    folder, organiser
):
    (folder / f"{URGENT}.txt").write_text("{% block ask %}From the file{% endblock %}", "utf-8")
    assert drafted(organiser)["ask"] == "From the file"
    write(URGENT, organiser, ask="From the page")
    assert drafted(organiser)["ask"] == "From the page"
    back_to_own(URGENT, organiser)
    assert drafted(organiser)["ask"] == "From the file"
    (folder / f"{URGENT}.txt").unlink()
    db.session.rollback()
    assert "From the file" not in drafted(organiser)["ask"]


def test_a_broken_file_of_the_folder_leaves_the_program_s_words_in_use_and_is_named(folder, organiser):
    before = drafted(organiser)
    (folder / f"{URGENT}.txt").write_text("{% block ask %}{{ config }}{% endblock %}", "utf-8")
    (folder / "index.toml").write_bytes(b"\xff\xfe")
    db.session.rollback()
    assert drafted(organiser) == before
    assert [problem.where for problem in collected().problems] == ["letters/index.toml"]
    (folder / "index.toml").unlink()
    db.session.rollback()
    assert [problem.where for problem in collected().problems] == [f"letters/{URGENT}.txt, line 1"]


def test_a_version_that_no_longer_fits_gives_way_to_the_program_s_words_and_is_named(organiser):
    row, before = write(URGENT, organiser, ask="Words"), drafted(organiser)
    assert before["ask"] == "Words"
    for key, entry, words in (
        (URGENT, row.entry, {"ask": "{{ gone }}"}),
        ("other", row.entry | {"like": "gone"}, {"ask": "x"}),
    ):
        db.session.add(
            LetterWording(key=key, entry=entry, words=words, written_at=row.written_at, written_by=organiser)
        )
    db.session.commit()
    assert "I am writing" in drafted(organiser)["ask"]
    first, second = collected().problems
    assert "there is no value called gone" in first.what
    assert "its page is gone" in second.what


def test_words_that_speak_of_the_person_cannot_say_that_they_tell_nothing(organiser):
    wording = wording_of("press-line")
    template = wording.template
    silent = changed(
        wording, title=template.title, purpose=template.purpose, audience=template.audience, tells=(),
        words={**wording.words, "opening": "{% if person.name %}{{ person.name }} is here.{% endif %}"},
    )  # fmt: skip
    with pytest.raises(CaseworkError, match="at least one thing that it tells"):
        save_wording(silent, newest_version("press-line"), organiser)


def test_a_letter_whose_heading_was_emptied_is_not_kept(organiser):
    with pytest.raises(CaseworkError, match="heading") as refused:
        write(URGENT, organiser, subject="  ")
    assert refused.value.field == "subject"
    assert not list_versions(URGENT)
