"""Two groups on one machine: each has its own people, cases and words, and a case can go from one to the other."""

import io
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Role
from casework.domain.timing.diary import EntrySource
from casework.services.campaign import stopping, supporters
from casework.services.case import cases, owners
from casework.services.consent import subject_access
from casework.services.letters import letters
from casework.services.safety import accounts, audit, case_exports, case_imports, case_moves, groups
from casework.services.timing import board, deadlines
from casework.storage.asking import Asking, asking_for, now_asking
from casework.storage.database import db
from casework.storage.models import (
    Case,
    CasePlace,
    Group,
    Letter,
    LetterWording,
    SignUp,
    Supporter,
    TeamMember,
    User,
)
from casework.storage.sealed_files import Opener, SealedReader
from tests.factories import home, make_case
from tests.full_case import full_case
from tests.supporters import signed_up

PASSPHRASE = "six words drawn by lot again"


@pytest.fixture
def other(app) -> User:
    """Zahra, who runs another group on the same machine."""
    _, token = groups.add_group("Harbour Friends")
    return accounts.use_first_link(token, "Zahra Noor", "zahra@example.org", "a long walk by the sea")


def test_the_first_link_of_a_group_makes_its_organiser_and_no_second_one(app, organiser, other):
    assert (other.role, groups.name_of(other.group_id)) == (Role.ORGANISER, "Harbour Friends")
    assert groups.name_of(organiser.group_id) == "Invented Welcome Group"
    with pytest.raises(CaseworkError, match="Somebody has an account there"):
        groups.first_link_again(other.group_id)
    with pytest.raises(CaseworkError, match="already"):
        groups.add_group("harbour  friends")


def test_a_name_to_sign_in_is_one_on_the_whole_machine(organiser, other):
    with asking_for(groups.asking_of(organiser)), pytest.raises(CaseworkError, match="has this name already"):
        accounts.add_user("Zahra", "ZAHRA@example.org", Role.READER, organiser)


def test_every_query_leaves_out_the_rows_of_another_group(organiser, other):
    case = make_case(organiser, home())
    supporter = supporters.add_supporter(case, organiser, name="Ada", postcode="LS11 0ES")
    ids = {Case: case.id, User: organiser.id, Supporter: supporter.id}
    asking = groups.asking_of(other)
    db.session.remove()
    with asking_for(asking):
        for table, row_id in ids.items():
            assert db.session.get(table, row_id) is None
            assert db.session.scalar(select(func.count(table.id)).where(table.id == row_id)) == 0
        with pytest.raises(NotFound):
            accounts.get_user(ids[User])
        assert [user.name for user in accounts.list_users()] == ["Zahra Noor"]
    assert db.session.get(Case, ids[Case]) is not None
    assert now_asking() == Asking()


def test_new_rows_belong_to_the_group_that_asks(other):
    with asking_for(groups.asking_of(other)):
        user, _ = accounts.add_user("Bo", "bo@example.org", Role.CASEWORKER, other)
        case = make_case(user, home())
        supporter = supporters.add_supporter(case, user, name="Ada", postcode="LS11 0ES")
        assert {user.group_id, case.group_id, supporter.group_id} == {other.group_id}
        assert {member.user_id for member in case.team} == {user.id, other.id}


def test_somebody_of_another_group_is_put_on_no_team(organiser, other):
    case = make_case(organiser, home())
    with pytest.raises(CaseworkError, match="Choose somebody"):
        cases.add_to_team(case, other.id, organiser)


def test_an_organiser_reads_nothing_of_another_groups_accounts_in_the_trail(organiser, other):
    accounts.sign_out(organiser)
    assert {event.user_name for event in audit.list_events(other)} == {"Zahra Noor"}
    assert "Zahra Noor" not in {event.user_name for event in audit.list_events(organiser)}


def test_a_case_goes_to_another_group_with_all_that_is_in_it(organiser, other):
    full = full_case(organiser, "Samira")
    case, before = full.case, db.session.scalar(select(func.count(CasePlace.id)))
    shared = supporters.add_supporter(case, organiser, name="Both", postcode="LS11 0ES")
    stays = make_case(organiser, home(), name="Daniel")
    supporters.join(stays, shared, organiser, "hand", {})
    db.session.add(
        LetterWording(
            key="home-mp-urgent",
            entry={"title": "Ours"},
            words=None,
            written_at=case.opened_at,
            written_by=organiser,
        )
    )
    with pytest.raises(CaseworkError, match="Ask the person first"):
        case_moves.offer(case, other.group_id, organiser, agreed=False)
    with pytest.raises(NotFound):
        case_moves.take(case.id, other)
    case_moves.offer(case, other.group_id, organiser, agreed=True)
    (offered,) = case_moves.offers_to(other.group_id)
    assert (offered.reference, offered.group, offered.supporters) == (
        case.reference,
        "Invented Welcome Group",
        2,
    )
    assert case_moves.offers_to(organiser.group_id) == []
    case_moves.take(case.id, other)
    db.session.expire_all()
    with pytest.raises(NotFound):
        cases.get_case(case.reference, organiser)
    taken = cases.get_case(case.reference, other)
    assert [member.user_id for member in taken.team] == [other.id]
    assert {row.supporter.group_id for row in signed_up(taken)} == {other.group_id}
    assert shared.group_id == organiser.group_id
    assert [row.case_id for row in db.session.get(Supporter, shared.id).sign_ups] == [stays.id]
    assert db.session.scalar(select(func.count(SignUp.id)).where(SignUp.case_id == case.id)) == 2
    assert db.session.scalar(select(func.count(CasePlace.id))) >= before
    wordings = select(LetterWording.key).where(LetterWording.group_id == other.group_id)
    assert list(db.session.scalars(wordings)) == ["home-mp-urgent"]
    assert db.session.get(Letter, full.ids["letter_id"]).drafted_by.name == organiser.name
    assert {entry.owner_id for entry in board.board(other).dates} == {None}
    assert board.board(organiser).dates == []
    assert [event.action for event in audit.list_events(other, taken)][:2] == [
        "taken over from another group",
        "offered to another group",
    ]
    with pytest.raises(NotFound):
        case_moves.take(case.id, other)


def test_who_supports_two_cases_is_erased_from_the_one_that_went_away_when_they_stop_there(organiser, other):
    case, stays = make_case(organiser, home(), name="Samira"), make_case(organiser, home(), name="Daniel")
    person = supporters.add_supporter(case, organiser, name="Zebulon Quill", postcode="LS11 0ES")
    supporters.join(stays, person, organiser, "hand", {})
    recall = letters.draft_letter(case, "recall", organiser)
    recall.facts = {"recall_from": f"supporter {person.id}", "recall_name": "Zebulon Quill"}
    recall_id = recall.id
    db.session.commit()
    case_moves.offer(case, other.group_id, organiser, agreed=True)
    case_moves.take(case.id, other)
    db.session.expire_all()
    (theirs,) = signed_up(cases.get_case(case.reference, other))
    stopping.stop_by_link(theirs.supporter)
    assert "Zebulon" not in str(db.session.get(Letter, recall_id).facts)


def test_an_offer_can_be_taken_back_before_it_is_taken(organiser, other):
    case = make_case(organiser, home())
    case_moves.offer(case, other.group_id, organiser, agreed=True)
    case_moves.take_back_offer(case, organiser)
    with pytest.raises(NotFound):
        case_moves.take(case.id, other)


def test_a_group_is_never_the_other_group_of_itself(organiser, other):
    case = make_case(organiser, home())
    for group_id in (organiser.group_id, 99):
        with pytest.raises(CaseworkError, match="Choose the other group"):
            case_moves.offer(case, group_id, organiser, agreed=True)
    assert db.session.scalar(select(func.count(Group.id))) == 2
    assert owners.people(case, EntrySource.VISIT) == [organiser]


def test_a_case_brought_in_at_the_machine_is_for_the_first_group_alone(app, organiser, other):
    organiser.name = other.name = "Same Name"
    case = make_case(organiser, home(), name="Samira")
    deadlines.record_deadline(case, "ftt_appeal_in_uk", clock.today(), None, organiser)
    file = io.BytesIO()
    case_exports.export(file, case, PASSPHRASE, None, signed="the machine")
    file.seek(0)
    here = case_imports.bring_in(file, Opener(passphrase=PASSPHRASE), None, same_names=True).case
    assert ({one.user_id for one in here.team}, here.opened_by_id) == ({organiser.id}, organiser.id)


def test_no_date_of_another_groups_case_is_on_the_board_of_whoever_is_on_its_team(app, organiser, other):
    case = make_case(organiser, home(), name="Samira")
    deadlines.record_deadline(case, "ftt_appeal_in_uk", clock.today(), None, organiser)
    case.team.append(TeamMember(user=other))
    db.session.commit()
    with asking_for(groups.asking_of(other)):
        assert board.board(other).dates == []
    assert [one.reference for one in board.board(organiser).dates] == [case.reference]


def test_the_copy_for_the_person_names_the_group_that_holds_their_case(app, other):
    case = make_case(other, home(), name="Samira")
    with ZipFile(io.BytesIO(subject_access.make_zip(case, other, encrypted=False))) as bundle:
        page = bundle.read("read-this.html").decode()
    assert "Harbour Friends" in page
    assert "Invented Welcome Group" not in page


def test_a_case_taken_out_at_the_machine_goes_with_the_words_of_its_own_group_alone(app, organiser, other):
    case = full_case(organiser, "Samira").case
    for writer, words in ((organiser, "our words"), (other, "their words")):
        with asking_for(groups.asking_of(writer)):
            written = LetterWording(
                key="home-mp-urgent", entry={}, words={"ask": words}, written_at=clock.now()
            )
            written.written_by = writer
            db.session.add(written)
            db.session.commit()
    file = io.BytesIO()
    case_exports.export(file, case, PASSPHRASE, None, signed="the machine")
    file.seek(0)
    entries = SealedReader(file, case_exports.KIND, Opener(passphrase=PASSPHRASE)).entries()
    taken = {name: b"".join(parts) for name, _, parts in entries}[case_exports.WORDINGS].decode()
    assert "our words" in taken
    assert "their words" not in taken
