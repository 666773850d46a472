"""Accounts: one-time links, waits after wrong passwords, and sessions that end when they must."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Role
from casework.services.safety import accounts, one_time_links, sessions, tries
from casework.services.safety.tries import TooManyTries
from casework.storage.database import db
from casework.storage.models import AuditEvent, SignInAttempt, User
from tests.factories import make_user, signed_in

WORDS = "lantern gravel otter noon"
OTHER_WORDS = "pebble ladder violet seven"
HERE = "127.0.0.1"


@pytest.fixture
def ada(organiser):
    """A volunteer who has chosen her password."""
    _, token = accounts.add_user("Ada Mensah", "ada@example.org", Role.VOLUNTEER, organiser)
    return accounts.use_link(token, WORDS)


@pytest.fixture
def later(monkeypatch):
    """Move the clock on."""
    now = clock.now()

    def move(by: timedelta) -> None:
        nonlocal now
        now += by

    monkeypatch.setattr(clock, "now", lambda: now)
    return move


def guess(times: int, name: str = "ada@example.org") -> None:
    """Wrong passwords; only the last one is tried in full, which is slow on purpose."""
    for _ in range(times - 1):
        tries.count(name, HERE)
    with pytest.raises(CaseworkError, match="do not go together"):
        accounts.sign_in(name, "a wrong guess", HERE)


def test_two_people_are_two_also_where_neither_is_signed_in(organiser, ada):
    everybody = list(db.session.scalars(select(User)))
    assert ada != organiser
    assert organiser not in [one for one in everybody if one.id != organiser.id]
    assert organiser in everybody


def test_the_first_visit_makes_an_organiser_and_works_once(app):
    token = accounts.first_organiser_link()
    ruth = accounts.use_first_link(token, "Ruth Ellery", "Ruth@Example.org", WORDS)
    assert (ruth.role, ruth.sign_in_name) == (Role.ORGANISER, "ruth@example.org")
    with pytest.raises(CaseworkError, match="used already"):
        accounts.use_first_link(token, "Mallory", "mallory", WORDS)
    assert accounts.first_organiser_link() is None


def test_only_the_newest_link_for_the_first_organiser_works(app):
    older, newer = accounts.first_organiser_link(), accounts.first_organiser_link()
    with pytest.raises(CaseworkError, match="used already"):
        accounts.use_first_link(older, "Mallory", "mallory", WORDS)
    accounts.use_first_link(newer, "Ruth", "ruth", WORDS)


def test_a_link_for_the_first_organiser_is_worth_nothing_once_somebody_has_an_account(app):
    token = accounts.first_organiser_link()
    make_user(Role.VOLUNTEER)
    with pytest.raises(CaseworkError, match="used already"):
        accounts.use_first_link(token, "Mallory", "mallory", WORDS)
    assert len(accounts.list_users()) == 1


def test_a_new_person_chooses_a_password_by_a_link_and_signs_in_with_it(ada):
    assert accounts.sign_in(" ADA@example.org", WORDS, HERE).id == ada.id


def test_a_weak_password_does_not_use_up_the_link(organiser):
    _, token = accounts.add_user("Ada", "ada", Role.VOLUNTEER, organiser)
    with pytest.raises(CaseworkError, match="longer password"):
        accounts.use_link(token, "short")
    accounts.use_link(token, WORDS)


def test_a_link_is_too_old_after_a_week(organiser, later):
    _, token = accounts.add_user("Ada", "ada", Role.VOLUNTEER, organiser)
    later(timedelta(days=7))
    with pytest.raises(CaseworkError, match="too old"):
        accounts.use_link(token, WORDS)


def test_a_link_of_one_kind_does_not_open_the_door_of_another(organiser):
    _, token = accounts.add_user("Ada", "ada", Role.VOLUNTEER, organiser)
    with pytest.raises(NotFound):
        accounts.use_first_link(token, "Mallory", "mallory", WORDS)
    with pytest.raises(NotFound):
        accounts.use_link("made-up", WORDS)


def test_the_database_holds_no_link_that_could_be_used(organiser):
    _, token = accounts.add_user("Ada", "ada", Role.VOLUNTEER, organiser)
    rows = db.session.execute(db.select(one_time_links.OneTimeLink)).scalars().all()
    assert all(token not in str(vars(row)) for row in rows)


def test_two_people_cannot_sign_in_with_the_same_name(organiser):
    accounts.add_user("Ada", "ada", Role.VOLUNTEER, organiser)
    with pytest.raises(CaseworkError, match="already") as caught:
        accounts.add_user("Adah", " ADA ", Role.VOLUNTEER, organiser)
    assert caught.value.field == "sign_in_name"


def test_after_five_wrong_passwords_even_the_right_one_waits(ada, later):
    guess(5)
    with pytest.raises(TooManyTries, match="Wait 15 seconds"):
        accounts.sign_in("ada@example.org", WORDS, HERE)
    later(timedelta(seconds=16))
    assert accounts.sign_in("ada@example.org", WORDS, HERE).id == ada.id
    guess(5)


def test_the_wait_grows_with_every_further_guess(ada, later):
    guess(5)
    later(timedelta(seconds=16))
    guess(1)
    with pytest.raises(TooManyTries, match="Wait 30 seconds"):
        accounts.sign_in("ada@example.org", WORDS, HERE)


def test_a_name_that_nobody_has_is_slowed_in_the_same_words(organiser):
    guess(5, name="nobody@example.org")
    with pytest.raises(TooManyTries, match="many wrong tries"):
        accounts.sign_in("nobody@example.org", WORDS, HERE)


def test_many_names_from_one_address_are_slowed_too(ada):
    address = "192.0.2.7"
    for number in range(30):
        tries.count(f"name{number}", address)
    with pytest.raises(TooManyTries):
        accounts.sign_in("ada@example.org", WORDS, address)
    assert accounts.sign_in("ada@example.org", WORDS, HERE).id == ada.id


def test_tries_are_kept_without_the_name_and_forgotten_after_a_day(ada, later):
    guess(2, name="my password by mistake")
    kept = [str(vars(row)) for row in db.session.execute(db.select(SignInAttempt)).scalars()]
    assert kept
    assert not any("mistake" in text or HERE in text for text in kept)
    later(timedelta(hours=25))
    accounts.sign_in("ada@example.org", WORDS, HERE)
    assert db.session.scalar(db.select(db.func.count(SignInAttempt.key))) == 1


def test_a_new_password_ends_every_session_and_every_link(ada, organiser):
    session, link = signed_in(ada), accounts.make_new_link(ada, organiser)
    accounts.change_password(ada, WORDS, OTHER_WORDS, HERE)
    assert sessions.user_of(session) is None
    with pytest.raises(CaseworkError, match="used already"):
        accounts.use_link(link, WORDS)


def test_a_password_is_not_changed_without_the_old_one(ada):
    with pytest.raises(CaseworkError, match="not your password now") as caught:
        accounts.change_password(ada, OTHER_WORDS, "another four odd words", HERE)
    assert caught.value.field == "old"
    assert accounts.sign_in("ada@example.org", WORDS, HERE).id == ada.id


def test_signing_out_everywhere_ends_every_session(ada):
    here, there = signed_in(ada), signed_in(ada)
    accounts.sign_out_everywhere(ada)
    assert [sessions.user_of(token) for token in (here, there)] == [None, None]


def test_an_account_that_is_switched_off_is_out_at_once_and_can_come_back(ada, organiser):
    session, link = signed_in(ada), accounts.make_new_link(ada, organiser)
    accounts.switch_off(ada, organiser)
    assert sessions.user_of(session) is None
    with pytest.raises(CaseworkError, match="do not go together"):
        accounts.sign_in("ada@example.org", WORDS, HERE)
    with pytest.raises(CaseworkError):
        accounts.use_link(link, OTHER_WORDS)
    with pytest.raises(CaseworkError, match="switched off"):
        accounts.make_new_link(ada, organiser)
    accounts.switch_on(ada, organiser)
    assert accounts.sign_in("ada@example.org", WORDS, HERE).id == ada.id
    assert sessions.user_of(session) is None


def test_the_only_organiser_cannot_leave_the_group_without_one(organiser):
    with pytest.raises(CaseworkError, match="only organiser") as caught:
        accounts.change_role(organiser, Role.VOLUNTEER, organiser)
    assert caught.value.field == "role"
    with pytest.raises(CaseworkError, match="only organiser"):
        accounts.switch_off(organiser, organiser)
    second = make_user(Role.ORGANISER, "Second")
    accounts.change_role(organiser, Role.VOLUNTEER, second)
    assert organiser.role == Role.VOLUNTEER


def test_two_organisers_who_switch_each_other_off_at_the_same_moment_do_not_both_succeed(app, organiser):
    other = make_user(Role.ORGANISER, "Idris Vane")
    together = threading.Barrier(2)

    def switch_off(user_id: int, actor_id: int) -> None:
        with app.app_context():
            user, actor = db.session.get(User, user_id), db.session.get(User, actor_id)
            together.wait()
            with suppress(CaseworkError):
                accounts.switch_off(user, actor)
            db.session.remove()

    pairs = ((organiser.id, other.id), (other.id, organiser.id))
    threads = [threading.Thread(target=switch_off, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert [organiser.active, other.active].count(True) == 1


@pytest.mark.parametrize("session", ["", "1", "x.y", "999.key", "1.", "²." + "k" * 43, "1.ключ"])
def test_a_session_that_was_not_given_out_is_nobodys(organiser, session):
    assert sessions.user_of(session) is None


def test_the_trail_tells_of_accounts_and_never_of_names_or_passwords(ada, organiser):
    accounts.change_role(ada, Role.CASEWORKER, organiser)
    events = db.session.scalars(db.select(AuditEvent)).all()
    assert {"person added", "password chosen by one-time link", "role changed"} <= {e.action for e in events}
    assert not any("ada" in str(e.facts).lower() or WORDS in str(e.facts) for e in events)


def test_a_password_is_kept_as_argon2_only(ada):
    assert db.session.get(User, ada.id).password_hash.startswith("$argon2id$")
