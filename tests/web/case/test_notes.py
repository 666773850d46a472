"""Notes on a case: people are asked by name to read one, tick it off, and nobody is asked who may not."""

import re

import pytest

from casework.domain.consent.need_to_know import Hidden
from casework.domain.safety.accounts import Role
from casework.domain.safety.bins import BinKind
from casework.services.case import cases, notes
from casework.services.case.notes import NoteFacts
from casework.services.consent import need_to_know
from casework.services.safety import accounts, bins
from casework.storage.database import db
from casework.storage.models import Binned, Case, CaseNote, NoteMention, User
from tests.factories import home, make_case, make_user, on_team
from tests.pages import Browser


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home())


def test_a_note_waits_for_whoever_it_names_until_they_answer_it(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    on_team(case, organiser, Role.READER, "Tom Reader")
    path = f"/cases/{case.reference}/notes"
    form = browser.get(f"{path}/new")
    assert "Mina Castellan, or type @Mina" in form
    assert "Ruth" not in form[form.index("Who should read it?") : form.index("Who may see this?")]
    browser.post(f"{path}/new", text="@mina can you ring the hall?")
    [note] = case.notes
    mine = sign_in(mina)
    today = mine.get("/today")
    assert "For you" in today
    assert "can you ring the hall?" in today
    assert "can you ring" not in browser.get("/today"), "it waits for nobody else"
    assert "This note waits for you" in mine.get(path)
    assert "This note waits for you" in mine.get(path), "looking is not ticking off"
    assert "<details open><summary>1 note<" in mine.get(f"/cases/{case.reference}"), (
        "it is not folded for her"
    )
    assert "<details><summary>1 note<" in browser.get(f"/cases/{case.reference}")
    answer = f"{path}/new?answers={note.id}"
    assert "can you ring the hall?" in mine.get(answer)
    mine.post(answer, answers=str(note.id), people=[str(organiser.id)], text="Done.")
    assert "For you" not in mine.get("/today")
    assert "Done." in browser.get("/today")
    assert "Mina Castellan (read)" in browser.get(path)


def test_a_note_is_ticked_off_by_a_button_that_can_be_undone(sign_in, case: Case, organiser: User) -> None:
    reader = sign_in(on_team(case, organiser, Role.READER, "Tom Reader"))
    note = notes.add_note(case, NoteFacts("@Tom.Reader, read this"), organiser)
    reader.post(f"/cases/{case.reference}/notes/{note.id}/read", page="/today", **{"from": "today"})
    page = reader.get("/today")
    assert "For you" not in page
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    assert offer
    reader.post(f"/cases/{case.reference}/notes/{note.id}/not-read-yet", page="/you/password", offer=offer[1])
    assert "For you" in reader.get("/today")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ask @mnia", "Nobody who may read this is called “mnia”"),
        ("Ask @Vera", "Vera is on the team of this case, but does not read its notes"),
        ("Ask @Grace", "Nobody who may read this is called “Grace”"),
        ("Ask @Sam", "Several people on this case are called “Sam”"),
    ],
)
def test_a_name_that_cannot_be_asked_is_said_and_keeps_what_was_typed(
    browser: Browser, case: Case, organiser: User, text: str, said: str
) -> None:
    on_team(case, organiser, Role.VOLUNTEER, "Vera Long")
    on_team(case, organiser, Role.READER, "Sam One"), on_team(case, organiser, Role.READER, "Sam Two")
    make_user(Role.CASEWORKER, "Grace Elsewhere")
    page = browser.post(f"/cases/{case.reference}/notes/new", 200, text=text, hidden="health")
    assert said in page
    assert f"{text}</textarea>" in page
    assert case.notes == []


def test_nobody_is_asked_to_read_what_is_hidden_from_them(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    tom = on_team(case, organiser, Role.READER, "Tom Reader")
    path = f"/cases/{case.reference}/notes/new"
    page = browser.post(path, 200, text="She is ill. @tom", hidden="health")
    assert "Tom Reader does not see what is hidden for this reason" in page
    page = browser.post(path, 200, text="She is ill.", people=[str(tom.id)], hidden="health")
    assert "Tom Reader does not see" in page
    browser.post(path, text="She is ill. @tom")
    [note] = case.notes
    need_to_know.hide_and_save(case, note, Hidden.HEALTH, organiser)
    theirs = sign_in(tom)
    assert "She is ill" not in theirs.get("/today") + theirs.get(f"/cases/{case.reference}/notes")
    theirs.post(f"/cases/{case.reference}/notes/{note.id}/read", 404, page="/you/password")


def test_nobody_is_asked_any_more_who_left_the_case_or_lost_their_part(
    sign_in, case: Case, organiser: User
) -> None:
    mina, ben = (on_team(case, organiser, Role.CASEWORKER, name) for name in ("Mina Castellan", "Ben Oak"))
    notes.add_note(case, NoteFacts("@mina @ben: a word"), organiser)
    cases.remove_from_team(case, mina.id, organiser)
    accounts.change_role(ben, Role.VOLUNTEER, organiser)
    for person in (mina, ben):
        assert "a word" not in sign_in(person).get("/today")


def test_only_who_wrote_a_note_changes_it_and_what_stood_there_comes_back(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    note = notes.add_note(case, NoteFacts("Ring at noon."), organiser)
    path = f"/cases/{case.reference}/notes/{note.id}"
    theirs = sign_in(mina)
    assert "Only whoever wrote a note" in theirs.post(path, 200, text="Ring never.")
    browser.post(path, text="Ring at one. @mina")
    assert "For you" in theirs.get("/today")
    offer = re.search(r'name="offer" value="([^"]+)"', browser.get(f"/cases/{case.reference}/notes"))
    assert offer
    theirs.post(f"{path}/as-before", 409, page="/today", offer=offer[1])
    assert "Ring at noon." in browser.get(f"/cases/{case.reference}/bin")
    browser.post(f"{path}/as-before", page="/today", offer=offer[1])
    assert "Ring at noon." in browser.get(f"/cases/{case.reference}/notes")
    assert db.session.query(Binned).count() == db.session.query(NoteMention).count() == 0


def test_of_two_who_change_a_note_at_once_the_second_is_told(
    browser: Browser, case: Case, organiser: User
) -> None:
    note = notes.add_note(case, NoteFacts("Ring at noon."), organiser)
    notes.change_note(case, note.id, NoteFacts("Ring at one."), note.version, organiser)
    page = browser.post(f"/cases/{case.reference}/notes/{note.id}", 200, version="1", text="Ring at two.")
    assert "Somebody changed this note while you were typing" in page
    assert "Ring at two.</textarea>" in page
    assert "Ring at one." in page


def test_a_note_that_was_deleted_comes_back_by_undo_with_whom_it_asks(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    note = notes.add_note(case, NoteFacts("@mina Ring at noon."), organiser)
    path = f"/cases/{case.reference}/notes"
    browser.post(f"{path}/{note.id}/remove", page=path)
    offer = re.search(r'name="offer" value="([^"]+)"', browser.get(path))
    assert offer
    theirs = sign_in(mina)
    assert "Ring at noon" not in theirs.get("/today")
    theirs.post(f"/cases/{case.reference}/bin/undo", 409, page="/today", offer=offer[1])
    browser.post(f"/cases/{case.reference}/bin/undo", page=path, offer=offer[1])
    assert browser.location == path
    assert "Ring at noon" in theirs.get("/today")


def test_notes_come_twenty_at_a_time_the_newest_first(browser: Browser, case: Case, organiser: User) -> None:
    db.session.add_all(
        CaseNote(case=case, text=f"Note {number}.", at=case.opened_at, author_id=organiser.id)
        for number in range(23)
    )
    db.session.commit()
    path = f"/cases/{case.reference}/notes"
    first, second = browser.get(path), browser.get(f"{path}?page=2")
    assert first.index("Note 22.") < first.index("Note 3.")
    assert "Note 2." in second
    assert "Note 3." not in second
    assert "23 notes: read all" in browser.get(f"/cases/{case.reference}")
    for odd in ("0", "-1", "x", "9" * 30):
        assert "Note 22." in browser.get(f"{path}?page={odd}")
    browser.get(f"{path}?page=999999999", 404)


def test_an_answer_is_kept_where_the_note_was_deleted_or_asks_them_no_more(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    path, mine = f"/cases/{case.reference}/notes", sign_in(mina)
    told, gone = (notes.add_note(case, NoteFacts(text), organiser) for text in ("For all.", "@mina ring?"))
    mine.post(f"{path}/new?answers={told.id}", answers=str(told.id), text="Seen by me.")
    form = mine.get(f"{path}/new?answers={gone.id}")
    notes.remove_note(case, gone.id, organiser)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', form)
    assert token
    sent = {"csrf_token": token[1], "answers": str(gone.id), "text": "I rang them."}
    answer = mine.client.post(f"{path}/new?answers={gone.id}", data=sent)
    assert answer.status_code == 303
    page = browser.get(path)
    assert "Seen by me." in page
    assert "I rang them." in page


def test_an_undo_brings_back_the_words_of_its_own_note_alone(
    browser: Browser, case: Case, organiser: User
) -> None:
    changed, other = (
        notes.add_note(case, NoteFacts(text), organiser) for text in ("Ring at noon.", "A secret.")
    )
    path = f"/cases/{case.reference}/notes/{changed.id}"
    browser.post(path, text="Ring at one.")
    offer = re.search(r'name="offer" value="([^"]+)"', browser.get(f"/cases/{case.reference}/notes"))
    assert offer
    [before] = db.session.query(Binned).all()
    number = before.id
    bins.erase_now(case, BinKind.NOTE, number, organiser)
    notes.remove_note(case, other.id, organiser)
    [secret] = db.session.query(Binned).all()
    secret.id = number  # as a database gives it that knows the last number alone
    db.session.commit()
    browser.post(f"{path}/as-before", 409, page="/today", offer=offer[1])
    assert "Ring at one." in browser.get(f"/cases/{case.reference}/notes")
    assert db.session.query(Binned).count() == 1
