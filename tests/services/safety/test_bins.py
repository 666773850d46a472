"""What was deleted rests in the bin, comes back as it was, and is truly gone after thirty days."""

from datetime import timedelta

import pytest

from casework import clock
from casework.domain.case.places import PlaceKind
from casework.domain.errors import NotFound
from casework.domain.safety.bins import BinKind
from casework.domain.timing.removals import OWN_HOURS
from casework.services.case import case_places, cases, notes
from casework.services.case.case_places import NewPlace
from casework.services.letters import letters
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import bins, case_bins, sweeping
from casework.services.timing import removal_plan, removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.database import db
from casework.storage.models import Binned, Case, CaseNote, Letter, User
from tests.factories import add_note, detained_at, home, make_case


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):
    """Puts the clock so many days ahead, with a sweep on each of them."""

    def go(days: int) -> None:
        begun = clock.now()
        for day in range(1, days + 1):
            monkeypatch.setattr(clock, "now", lambda then=begun + timedelta(days=day): then)
            sweeping.sweep()
        db.session.expire_all()

    return go


def in_bin(case: Case) -> list[tuple[BinKind, str]]:
    return [(one.kind, one.tells) for one in bins.list_bin(case)]


def columns(row) -> dict[str, object]:
    return {column.name: getattr(row, column.name) for column in row.__table__.c}


def delete_one_of_each(case: Case, actor: User) -> dict[type, dict[str, object]]:
    """Delete a place, a note, a visit and a step; what each of them was."""
    note = add_note(case, "Ring her sister first.\nShe is shy.", actor)
    facts = VisitFacts(gss_code="E14001318", held_on=clock.today() + timedelta(9), held_at="The library")
    visit = surgeries.plan_visit(case, facts, actor)
    flight = removals.record_removal(case, RemovalFacts(departs_on=clock.today() + timedelta(9)), actor)
    step = removal_plan.add_step(case, flight.id, "Ring the airline", next(iter(OWN_HOURS)), "Ruth", actor)
    place = case_places.add_place(
        case, NewPlace(PlaceKind.FORMER_HOME, address="7 Old Road", postcode="S1 2HH"), actor
    )
    rows = {type(row): columns(row) for row in (note, visit, step, place)}
    notes.remove_note(case, note.id, actor)
    surgeries.cancel_visit(case, visit.id, actor)
    removal_plan.remove_step(case, flight.id, step.id, actor)
    case_places.remove_place(case, place.id, actor)
    return rows


def test_what_was_deleted_comes_back_as_it_was(organiser):
    case = make_case(organiser, home())
    rows = delete_one_of_each(case, organiser)
    assert {kind for kind, _ in in_bin(case)} == {
        BinKind.PLACE,
        BinKind.NOTE,
        BinKind.VISIT,
        BinKind.STEP,
    }
    assert (BinKind.NOTE, "Ring her sister first. She is shy.") in in_bin(case)
    for one in bins.list_bin(case):
        bins.bring_back(case, one.kind, one.id, organiser)
    for table, row in rows.items():
        assert columns(db.session.get_one(table, row["id"])) == row
    assert bins.list_bin(case) == []


def test_in_the_bin_no_word_of_it_can_be_read_and_after_thirty_days_it_is_gone(organiser, later):
    case = make_case(organiser, home())
    delete_one_of_each(case, organiser)
    kept = b"".join(row.content for row in db.session.query(Binned))
    assert b"sister" not in kept
    assert b"Old Road" not in kept
    later(29)
    assert len(in_bin(case)) == 4
    later(1)
    assert in_bin(case) == []
    assert db.session.query(Binned).count() == 0


@pytest.mark.sqlcipher  # PostgreSQL gives no number twice
def test_a_number_that_was_given_again_is_not_taken_from_the_other(organiser):
    case = make_case(organiser)
    note = add_note(case, "First", organiser)
    number = note.id
    notes.remove_note(case, number, organiser)
    other = add_note(case, "Second", organiser)
    assert other.id == number
    [one] = bins.list_bin(case)
    bins.bring_back(case, BinKind.NOTE, one.id, organiser)
    assert sorted(row.text for row in db.session.query(CaseNote)) == ["First", "Second"]


def test_a_place_of_detention_that_comes_back_brings_its_dates_back(organiser):
    case = make_case(organiser, detained_at(since=clock.today() - timedelta(3)))
    dates = len(diary_of(case))
    assert dates
    case_places.remove_place(case, case.places[0].id, organiser)
    assert len(diary_of(case)) < dates
    [one] = bins.list_bin(case)
    bins.bring_back(case, BinKind.PLACE, one.id, organiser)
    assert len(diary_of(case)) == dates


def diary_of(case: Case):
    from casework.services.timing import diary

    return diary.open_entries_of(case)


def test_a_draft_comes_back_with_its_words_and_goes_after_thirty_days(organiser, later):
    case = make_case(organiser, home())
    letter = letters.draft_letter(case, "covering-letter", organiser, gss_code="E14001318")
    number, words = letter.id, dict(letter.blocks)
    letters.discard_draft(letter, organiser)
    [one] = bins.list_bin(case)
    bins.bring_back(case, BinKind.DRAFT, one.id, organiser)
    assert letters.get_letter(case, number).blocks == words
    letters.discard_draft(letters.get_letter(case, number), organiser)
    later(31)
    assert db.session.get(Letter, number) is None


def test_nobody_reaches_into_the_bin_of_another_case(organiser):
    mine, other = make_case(organiser, home()), make_case(organiser, home())
    case_places.remove_place(mine, mine.places[0].id, organiser)
    [one] = bins.list_bin(mine)
    with pytest.raises(NotFound):
        bins.bring_back(other, BinKind.PLACE, one.id, organiser)
    with pytest.raises(NotFound):
        bins.erase_now(other, BinKind.PLACE, one.id, organiser)
    bins.erase_now(mine, BinKind.PLACE, one.id, organiser)
    assert bins.list_bin(mine) == []


def test_a_case_in_the_bin_comes_back_with_its_team(organiser):
    case = make_case(organiser, home())
    reference = case.reference
    case_bins.put_away(case, organiser)
    with pytest.raises(NotFound):
        cases.get_case(reference, organiser)
    assert [one.reference for one in case_bins.list_cases(organiser)] == [reference]
    case_bins.bring_back(reference, organiser)
    assert [member.user_id for member in cases.get_case(reference, organiser).team] == [organiser.id]
    assert case_bins.list_cases(organiser) == []


def test_a_case_is_erased_after_thirty_days_in_the_bin(organiser, later):
    case_bins.put_away(make_case(organiser, home()), organiser)
    later(29)
    assert db.session.query(Case).count() == 1
    later(1)
    assert db.session.query(Case).count() == 0
