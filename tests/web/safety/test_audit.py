"""The trail shows who did and who looked at what, to those who may see it, and cannot be altered."""

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from casework.domain.safety.accounts import Role
from casework.services.safety import accounts, audit
from casework.storage.database import db
from tests.factories import make_case, make_user


def test_the_trail_of_a_case_names_who_looked_and_who_changed(browser, organiser):
    case = make_case(organiser)
    browser.get(f"/cases/{case.reference}/places")
    page = browser.get(f"/cases/{case.reference}/trail")
    assert "case opened (places: 0)" in page
    assert "looked at places" in page
    assert "Ruth Ellery" in page


def test_a_campaign_page_of_which_only_the_number_was_kept_is_not_taken_for_a_page_looked_at(
    browser, organiser
):
    case = make_case(organiser)
    audit.record_by_number("campaign page taken down", organiser, case.id, page=7)
    db.session.commit()
    assert "campaign page taken down (campaign page: 7)" in browser.get(f"/cases/{case.reference}/trail")


def test_changes_and_looks_can_be_read_apart(browser, organiser):
    case = make_case(organiser)
    browser.get(f"/cases/{case.reference}/places")
    changes = browser.get(f"/cases/{case.reference}/trail?show=changes")
    looks = browser.get(f"/cases/{case.reference}/trail?show=looks")
    assert "case opened" in changes
    assert "looked at places" not in changes
    assert "looked at places" in looks
    assert "case opened" not in looks


def test_older_lines_are_one_link_away_and_none_is_missed(browser, organiser):
    case = make_case(organiser)
    for number in range(150):
        audit.record("counted", organiser, case, number=number)
    db.session.commit()
    first = browser.get(f"/cases/{case.reference}/trail?show=changes")
    assert "number: 149" in first
    oldest = audit.list_events(organiser, case, show=audit.Show.CHANGES)[-1].id
    second = browser.get(f"/cases/{case.reference}/trail?show=changes&before={oldest}")
    shown = [number for number in range(150) if f"number: {number})" in first + second]
    assert shown == list(range(150))
    assert "case opened" in second


def test_an_organiser_reads_of_accounts_and_not_of_a_case_that_is_not_theirs(browser, organiser):
    other = make_user(Role.CASEWORKER, "Ada Mensah")
    case = make_case(other)
    case.team = [member for member in case.team if member.user_id == other.id]
    db.session.commit()
    accounts.change_role(other, Role.VOLUNTEER, organiser)
    page = browser.get("/trail")
    assert "role changed (person: Ada Mensah, before: caseworker, after: volunteer" in page
    assert "case opened" not in page
    browser.get(f"/cases/{case.reference}/trail", 404)


def test_a_caseworker_reads_of_their_own_cases_and_their_own_account_only(organiser, sign_in):
    ada = make_user(Role.CASEWORKER, "Ada Mensah")
    mine, theirs = make_case(ada), make_case(organiser)
    accounts.sign_out(organiser)
    accounts.sign_out(ada)
    page = sign_in(ada).get("/trail")
    assert mine.reference in page
    assert theirs.reference not in page
    trail = page.partition("<main")[2].partition("</main>")[0]
    assert trail.count("signed out") == 1


def test_a_volunteer_does_not_read_the_trail(organiser, sign_in):
    ada = make_user(Role.VOLUNTEER, "Ada")
    case = make_case(ada)
    theirs = sign_in(ada)
    theirs.get("/trail", 403)
    theirs.get(f"/cases/{case.reference}/trail", 403)


@pytest.mark.parametrize(
    "query", ["?show=nonsense", "?before=x", "?before=-1", "?before=99999999999999999999"]
)
def test_an_odd_address_of_the_trail_is_still_a_page(browser, organiser, query):
    browser.get(f"/trail{query}")


@pytest.mark.parametrize("change", ["UPDATE audit_events SET action = 'nothing'", "DELETE FROM audit_events"])
def test_the_database_refuses_to_alter_the_trail(organiser, change):
    make_case(organiser)
    with pytest.raises((DatabaseError, sqlcipher.DatabaseError), match="append-only"):
        db.session.execute(text(change))
