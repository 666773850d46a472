"""What is found, and what is not there for those who may not see it."""

from threading import Thread

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from casework.domain.consent.need_to_know import Hidden
from casework.domain.parliament.member_notes import NoteKind
from casework.domain.safety.accounts import Role
from casework.services.campaign import stopping, supporters
from casework.services.case import cases, notes, search, search_index
from casework.services.case.search import Found
from casework.services.consent import need_to_know
from casework.services.letters import letters
from casework.services.parliament import member_notes
from casework.services.parliament.member_notes import NoteFacts
from casework.services.safety import case_bins, erasing, groups
from casework.storage import hosted
from casework.storage.asking import asking_for
from casework.storage.database import db
from casework.storage.models import Case, CaseReference, SearchEntry, SearchWaiting, User
from tests.factories import add_note, home, make_case, make_user
from tests.full_case import LEEDS_SOUTH


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira's case, under a number of the Home Office."""
    return make_case(
        organiser, home(), name="Samira Kovalenko", official_name="Zamira Petrova", other_names="Tsehaye"
    )


def look(query: str, user: User) -> Found:
    """What this person finds, with their own eyes."""
    db.session.commit()
    with asking_for(groups.asking_of(user)):
        return search.find(query, user)


def found(query: str, user: User) -> list[str]:
    return [hit.source for hit in look(query, user).hits]


NAMED = ("samira", "KOWALENKO", "Коваленко", "kovalen", "samira kowal", "Petrova", "Tsehay", "Самира")


def test_a_person_is_found_by_each_name_however_it_is_spelt(case, organiser):
    make_case(organiser, home(), name="Somebody Else")
    for query in NAMED:
        assert [hit.case.person_name for hit in look(query, organiser).hits] == ["Samira Kovalenko"], query


def test_those_who_are_spelt_so_come_before_those_who_sound_so(organiser):
    for name in ("Husain", "Hassan", "Hussein"):
        make_case(organiser, name=name)
    hits = look("husain", organiser).hits
    assert [(hit.case.person_name, hit.sounds) for hit in hits] == [
        ("Husain", False),
        ("Hussein", True),
        ("Hassan", True),
    ]


def test_numbers_are_found_with_and_without_their_signs(case, organiser):
    case.references.append(CaseReference(kind="home_office", value="A1234567/2"))
    for query in ("A1234567", "a 1234567 / 2", "a12345672", case.reference, "LS11 0ES", "ls110es"):
        assert found(query, organiser), query


def test_mps_of_before_and_constituencies_are_found_by_everybody(organiser):
    volunteer = make_user(Role.VOLUNTEER)
    assert look("Hilary Ben", volunteer).seats[0].term.member.name == "Hilary Benn"
    heard = [one.term.member.name for one in look("choir", volunteer).seats if one.term]
    assert not [name for name in heard if name.startswith("Sir ")]
    assert look("Sir Lindsay", volunteer).seats[0].term.member.name == "Sir Lindsay Hoyle"
    assert any(seat.term is None for seat in look("leeds south", volunteer).seats)


def test_what_is_written_anew_is_found_and_what_it_said_before_is_not(case, organiser):
    add_note(case, "The word of before is xylophone", organiser)
    assert found("xylophone", organiser) == ["case_notes"]
    # Whatever writes it: search does not hang on the services.
    db.session.execute(text("UPDATE case_notes SET text = 'now a trombone'"))
    assert (found("xylophone", organiser), found("trombone", organiser)) == ([], ["case_notes"])
    db.session.execute(text("DELETE FROM case_notes"))
    assert found("trombone", organiser) == []


def test_of_a_case_nothing_is_found_by_those_who_are_not_on_it(case, organiser):
    add_note(case, "A quiet xylophone", organiser)
    friend = supporters.add_supporter(case, organiser, name="Grace Quill", postcode="S1 2HH")
    assert friend.id
    other = make_user(Role.ORGANISER, "Ada Stone")
    for query in ("samira", "xylophone", "quill", "petrova", case.reference):
        assert found(query, organiser), query
        assert found(query, other) == [], query


def test_a_volunteer_finds_what_their_pages_show_and_nothing_of_the_story(case, organiser):
    volunteer, reader = make_user(Role.VOLUNTEER, "Ben Low"), make_user(Role.READER, "Ada Stone")
    for user in (volunteer, reader):
        cases.add_to_team(case, user.id, organiser)
    case.references.append(CaseReference(kind="home_office", value="A1234567"))
    add_note(case, "A quiet xylophone", organiser)
    supporters.add_supporter(
        case, organiser, name="Grace Quill", postcode="S1 2HH", email="quill@example.org"
    )
    letters.draft_letter(case, "form-of-authority", organiser)
    letters.draft_letter(case, "home-mp-urgent", organiser, gss_code=LEEDS_SOUTH)
    everything = (
        "samira",
        "petrova",
        "A1234567",
        "xylophone",
        "LS11 0ES",
        "quill",
        "S1 2HH",
        "authority",
        "benn",
    )
    told = {
        user.name: {query: set(found(query, user)) for query in everything}
        for user in (organiser, volunteer, reader)
    }
    assert all(told[organiser.name].values())
    assert told["Ada Stone"] | {"S1 2HH": {"sign_ups"}} == told[organiser.name]
    assert told["Ada Stone"]["S1 2HH"] == set(), "a reader sees no address of a supporter"
    assert {query for query in everything if told["Ben Low"][query]} == {"samira", "quill", "S1 2HH", "benn"}
    assert told["Ben Low"]["benn"] == {"letters"}


def test_what_is_hidden_is_found_by_those_alone_who_see_it_whatever_else_is_read(case, organiser):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    add_note(case, "A quiet xylophone", organiser)
    note = case.notes[0]
    assert found("xylophone", idris) == ["case_notes"]
    need_to_know.hide_and_save(case, note, Hidden.HEALTH, organiser)
    need_to_know.let_see(case, idris.id, [Hidden.OFFENCE], organiser)
    assert found("xylophone", idris) == []
    assert found("xylophone", organiser) == ["case_notes"]


def test_hidden_hits_take_no_place_from_those_that_are_seen(case, organiser):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    add_note(case, "xylophone, for all", organiser)
    for _ in range(search.MOST + 5):
        add_note(case, "xylophone, for few", organiser)
    db.session.execute(text("UPDATE case_notes SET hidden = 'health' WHERE text LIKE '%few'"))
    need_to_know.let_see(case, idris.id, [], organiser)
    seen, everything = look("xylophone", idris), look("xylophone", organiser)
    assert (len(seen.hits), seen.more) == (1, frozenset())
    assert (len(everything.hits), everything.more) == (search.MOST, {"case_notes"})


def test_of_another_group_nothing_is_found_and_a_case_takes_its_words_along(case, organiser):
    group, _ = groups.add_group("Another Group")
    theirs = make_user(Role.ORGANISER, "Ada Stone")
    theirs.group_id = group.id
    member_notes.add_note(LEEDS_SOUTH, NoteFacts(NoteKind.OTHER, "Played the xylophone"), organiser)
    assert found("xylophone", organiser) == ["member_notes"]
    assert found("xylophone", theirs) == []
    db.session.execute(text(f"UPDATE cases SET group_id = {group.id}"))
    db.session.execute(text(f"UPDATE team_members SET user_id = {theirs.id}"))
    assert found("samira", theirs) == ["cases"]
    assert found("samira", organiser) == []


def test_who_stopped_is_found_no_more_and_is_again_after_an_undo(case, organiser):
    friend = supporters.add_supporter(case, organiser, name="Grace Quill", postcode="S1 2HH")
    assert found("quill", organiser) == ["sign_ups"]
    row = stopping.stop(case, friend.id, organiser)
    sign_up_id = row.id
    assert found("quill", organiser) == []
    stopping.take_back(case, sign_up_id, organiser)
    assert found("quill", organiser) == ["sign_ups"]


def test_no_number_mail_or_address_of_a_supporter_is_found_or_shown(case, organiser):
    details = {"phone": "0113 496 0123", "email": "quill@example.org", "address": "7 Thistle Row"}
    supporters.add_supporter(case, organiser, name="Grace Quill", postcode="S1 2HH", **details)
    for query in ("0113", "01134960123", "quill@example.org", "example", "thistle"):
        assert found(query, organiser) == [], query
    [hit] = look("S1 2HH", organiser).hits
    assert "0113" not in repr(hit.excerpt)


def test_what_lies_in_the_bin_is_not_found(case, organiser):
    add_note(case, "A quiet xylophone", organiser)
    assert found("xylophone", organiser) == ["case_notes"]
    notes.remove_note(case, case.notes[0].id, organiser)
    assert found("xylophone", organiser) == []
    case_bins.put_away(case, organiser)
    assert found("samira", organiser) == []
    assert found("petrova", organiser) == []


def test_an_erased_case_leaves_no_word_in_what_search_keeps(case, organiser):
    make_case(organiser, home(), name="Somebody Else")
    add_note(case, "A quiet xylophone", organiser)
    assert found("xylophone", organiser) == ["case_notes"]
    assert "xylophone" in everything_kept()
    erasing.erase_case(case, organiser)
    assert db.session.query(SearchWaiting).filter_by(source="case_notes").count() == 0
    kept = everything_kept()
    for word in ("xylophone", "kovalenko", "petrova", "tsehaye", "°kvlnk"):
        assert word not in kept, word
    assert "somebody" in kept


@pytest.mark.postgresql
def test_a_row_that_is_erased_while_search_reads_it_leaves_no_word(case, organiser):
    note = add_note(case, "A quiet xylophone", organiser).id
    engine, begun = db.engine, []

    def erase() -> None:
        with engine.begin() as other:
            other.execute(text("DELETE FROM case_notes WHERE id = :id"), {"id": note})

    def is_waiting() -> bool:
        with engine.connect() as other:
            return bool(other.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

    def meanwhile(_session: Session) -> None:
        if not begun:
            begun.append(Thread(target=erase))
            begun[0].start()
            while begun[0].is_alive() and not is_waiting():
                pass

    db.session.commit()
    event.listen(Session, "before_commit", meanwhile)
    try:
        assert search_index.take_in()
    finally:
        event.remove(Session, "before_commit", meanwhile)
    begun[0].join()
    assert "xylophone" not in everything_kept()


def everything_kept() -> str:
    """All that search keeps, the pages of its index among it, as they lie in the database."""
    kept = [row.words for row in db.session.query(SearchEntry)]
    if not hosted.is_postgres(db.engine):
        for table in ("data", "idx"):
            kept += [str(row) for row in db.session.execute(text(f"SELECT * FROM search_index_{table}"))]
    return " ".join(kept)


def test_all_is_there_again_after_a_rebuild(case, organiser):
    look("samira", organiser)
    before = sorted((row.source, row.row_id, row.part, row.words) for row in db.session.query(SearchEntry))
    db.session.execute(text("DELETE FROM search_entries"))
    assert search_index.rebuild() == len(before)
    assert (
        sorted((row.source, row.row_id, row.part, row.words) for row in db.session.query(SearchEntry))
        == before
    )
    assert found("samira", organiser) == ["cases"]


ODD = ("", "  ", "'\"*()^:-", "NEAR(a b)", "a OR b AND", "zz", "°kvlnk", "x" * 5000, "\x00é\ud800", "&|!<->")


def test_whatever_is_typed_is_no_order_to_the_database(case, organiser):
    for query in ODD:
        assert look(query, organiser).hits == (), query
