"""Go-bags: who may take what out of the house, what is on record of it, and what happens when less is agreed to."""

import json
import re
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework import clock
from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.consent.need_to_know import Hidden
from casework.domain.consent.publicity import Audience, Level
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.go_bag_words import WORDS
from casework.domain.letters.go_bags import Ended
from casework.domain.safety.accounts import Role
from casework.pdf import make_pdf
from casework.reference.rule_book import rule_book
from casework.services.case import cases
from casework.services.consent import agreements, consent, need_to_know, recall
from casework.services.consent.consent import NewAuthority
from casework.services.letters import (
    correspondence,
    go_bag_contents,
    go_bags,
    letter_pages,
    pack_lists,
)
from casework.services.letters.correspondence import NewPaper
from casework.services.letters.go_bags import NewBag
from casework.services.letters.scans import keep_scan
from casework.services.parliament import surgery_scripts
from casework.services.timing import deadlines, removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.asking import Asking, asking_for
from casework.storage.database import db
from casework.storage.go_bag_files import SCRIPTS, SOURCES, key_from
from casework.storage.models import Case, GoBag, User
from tests import cost
from tests.factories import add_note, detained_at, home, make_case, make_user
from tests.supporters import agree_to, make_supporters

PASSPHRASE = "abcd-efgh-jkmn-pqrs-tuvw-xyz2"


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira, who said yes to MPs and signed a form of authority."""
    case = make_case(
        organiser, home(), detained_at(), name="Samira", official_name="Samira Ahmadi", languages="Dari"
    )
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    signed = NewAuthority(signed_on=clock.today() - timedelta(1), scope=("ask",), withheld=("health",))
    consent.record_authority(case, signed, organiser)
    return case


def bag(case: Case, actor: User, audience: Audience = Audience.OFFICE, **more: object) -> tuple[GoBag, str]:
    asked = NewBag(audience, "Idris Vane", clock.today() + timedelta(14), **more)
    row, pieces = go_bags.make(case, asked, PASSPHRASE, actor)
    return row, b"".join(pieces).decode()


def opened(file: str, number: int, passphrase: str = PASSPHRASE) -> bytes:
    """One part of the file, as a browser opens it."""
    header = re.search(r'<script id="header" type="application/json">(.*?)</script>', file)[1]
    told = json.loads(header)
    key = key_from(passphrase, b64decode(told["salt"]), told["iterations"])
    sealed = b64decode(re.search(rf'data-part="{number}">([^<]+)<', file)[1])
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], f"{header}\n{number}".encode())


def sections(file: str) -> str:
    """All that is told besides the papers."""
    return "".join(opened(file, number).decode() for number in range(6))


def scan(case: Case, actor: User, hidden: str | None = None) -> str:
    """A letter from an MP, scanned; the key by which a copy takes it."""
    name, kind = keep_scan(case, make_pdf("<!doctype html><title>x</title><p>Scanned</p>", "x"), "scan")
    paper = NewPaper(
        PaperKind.MEMBER_TO_US, sender="Hilary Benn", received_on=clock.today(), scan=(name, kind)
    )
    row = correspondence.record_paper(case, paper, actor)
    if hidden:
        need_to_know.hide_and_save(case, row, Hidden(hidden), actor)
    return f"scan_{row.id}"


def test_nothing_of_anybody_stands_outside_and_inside_is_what_the_case_has(
    case: Case, organiser: User
) -> None:
    row, file = bag(case, organiser)
    outside = re.sub(r"<style>.*?</style>|<script.*?</script>", "", file, flags=re.DOTALL)
    for told in ("Samira", "Ahmadi", "Idris", "Dari", "Yarl", case.reference, row.token, "Casework", "Leeds"):
        assert told not in outside
        assert told not in re.sub(r"[^<>]{200,}", "", file)
    assert "Made on" in outside
    inside = sections(file)
    assert all(told in inside for told in ("Samira Ahmadi", "Yarl’s Wood", "Hilary Benn", "9 months on"))
    assert row.taken_by == "Idris Vane"
    with pytest.raises(InvalidTag):
        opened(file, 1, "abcd-efgh-jkmn-pqrs-tuvw-xyz3")


def test_a_passphrase_costs_whoever_guesses_it_the_stated_number_of_rounds(
    case, organiser, monkeypatch
) -> None:
    cost.take_that_of_the_house(monkeypatch)
    _, file = bag(case, organiser)
    assert '"kdf":"PBKDF2-HMAC-SHA-256","iterations":600000,' in file
    assert b"Samira Ahmadi" in opened(file, 0) + opened(file, 1)


def test_who_changes_a_date_outside_or_moves_a_part_opens_nothing(case: Case, organiser: User) -> None:
    _, file = bag(case, organiser)
    expires = re.search(r'"expires":"([^"]+)"', file)[1]
    with pytest.raises(InvalidTag):
        opened(file.replace(expires, "2036-01-01"), 0)
    with pytest.raises(InvalidTag):
        opened(file.replace('data-part="1"', 'data-part="x"').replace('data-part="2"', 'data-part="1"'), 1)


def test_without_a_yes_no_copy_leaves_the_house_and_the_person_s_own_is_theirs(
    case: Case, organiser: User
) -> None:
    with pytest.raises(CaseworkError, match="level 2"):
        bag(case, organiser, Audience.SUPPORTERS)
    with pytest.raises(CaseworkError):
        bag(case, organiser, Audience.PUBLIC)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    for form in consent.list_authorities(case):
        consent.withdraw_authority(case, form.id, clock.today(), "by phone", organiser)
    with pytest.raises(CaseworkError, match="level 1"):
        bag(case, organiser)
    assert go_bags.list_bags(case) == []
    row, file = bag(case, organiser, Audience.PERSON, keys=("explanation",))
    assert row.contents == ["These papers in plain words"]
    assert opened(file, 6).startswith(b"%PDF")
    assert "What is kept about you" in sections(file)
    assert go_bags.told_beyond(row, agreements.agreement_on(case, clock.today())) == frozenset()


def test_what_nobody_may_tell_is_left_out_line_by_line_and_no_supporter_is_named(
    case: Case, organiser: User
) -> None:
    case.urgency = "She has HIV and her asthma is bad"
    add_note(case, "A secret of the house", organiser)
    make_supporters(case, 2, postcode="LS11 0ES")
    _, file = bag(case, organiser)
    inside = sections(file)
    assert "asthma" not in inside
    assert "2 people who support Samira live here." in inside
    assert not re.search("Signer|We mended", inside)
    agree_to(case, organiser, Level.SUPPORTERS)
    inside = sections(bag(case, organiser, Audience.SUPPORTERS)[1])
    assert not re.search("Samira|Ahmadi|Yarl|Invented Street|LS11|Dari|فارسی", inside)
    assert "Leeds South" in inside
    assert '"left_out":true' in inside
    assert "secret of the house" not in inside


def test_what_is_hidden_stays_here_unless_somebody_who_sees_it_says_otherwise(
    case: Case, organiser: User
) -> None:
    key = scan(case, organiser, "health")
    need_to_know.hide_and_save(case, case.places[0], Hidden.ADDRESS, organiser)
    assert [one.key for one in go_bags.offered(case, Audience.OFFICE) if one.is_original] == []
    row, file = bag(case, organiser, keys=(key,), looked=True)
    assert row.contents == []
    assert "Invented Street" not in sections(file)
    on_purpose, file = bag(case, organiser, keys=(key,), looked=True, with_hidden=True)
    assert len(on_purpose.contents) == 1
    assert opened(file, 6).startswith(b"%PDF")
    assert "Invented Street" in sections(file)

    ada = make_user(Role.CASEWORKER, "Ada")
    cases.add_to_team(case, ada.id, organiser)
    need_to_know.let_see(case, ada.id, [], organiser)
    with asking_for(Asking(organiser.group_id, ada.id)):
        db.session.expire_all()
        row, _ = bag(case, ada, keys=(key,), looked=True, with_hidden=True)
        assert row.contents == []
        assert not go_bags.shows_contents(case)
    db.session.expire_all()


def test_a_scan_goes_only_where_somebody_looked_and_a_passphrase_has_to_be_good(
    case: Case, organiser: User
) -> None:
    key = scan(case, organiser)
    with pytest.raises(CaseworkError, match="Look through each original") as refused:
        bag(case, organiser, keys=(key,))
    assert refused.value.field == "looked"
    asked = NewBag(Audience.OFFICE, "Idris", clock.today(), is_own_passphrase=True)
    for typed in ("Samira", "samira ahmadi samira ahmadi", "passwordpasswordpassword"):
        with pytest.raises(CaseworkError) as refused:
            go_bags.make(case, asked, typed, organiser)
        assert refused.value.field == "own_passphrase"
    for day in (None, clock.today() - timedelta(1), clock.today() + timedelta(91)):
        with pytest.raises(CaseworkError) as refused:
            go_bags.make(case, replace(asked, expires_on=day), PASSPHRASE, organiser)
        assert refused.value.field == "expires_on"
    assert go_bags.list_bags(case) == []


def test_when_less_is_agreed_to_the_copies_that_are_out_are_listed_until_they_are_ticked_off(
    case: Case, organiser: User
) -> None:
    row, _ = bag(case, organiser)
    assert recall.beyond(case).bags == ()
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    for form in consent.list_authorities(case):
        consent.withdraw_authority(case, form.id, clock.today(), "by phone", organiser)
    (found,) = recall.beyond(case).bags
    assert (found.bag_id, found.taken_by) == (row.id, "Idris Vane")
    assert any("taken along by Idris Vane" in line.value for line in letter_pages.own_view_of(case).went)
    go_bags.tick_off(case, row.id, Ended.LOST, organiser)
    assert recall.beyond(case).bags[0].is_lost
    go_bags.tick_off(case, row.id, Ended.DESTROYED, organiser)
    assert recall.beyond(case).bags == ()
    with pytest.raises(CaseworkError, match="already"):
        go_bags.tick_off(case, row.id, Ended.RETURNED, organiser)
    with pytest.raises(NotFound):
        go_bags.get_bag(make_case(organiser, home()), row.id)


# What stands outside, where no dictionary is open yet.
OUTSIDE = (
    "It closed itself, because nothing was touched for a while. What you typed in the log is kept.",
    "Type the passphrase.",
    "Opening. On an old phone this takes some seconds.",
    "This is not the passphrase, or the file is damaged at its beginning. Nothing is lost: look at "
    "it letter by letter, and try again.",
    "The passphrase is right, but this file is damaged or was changed, so it cannot be opened. Ask "
    "for a new copy.",
    "It is closed.",
    "This file is damaged at its beginning, so it cannot be opened. Ask for a new copy.",
    "This copy has expired. It still opens, but facts may have changed: ask for a new one.",
    "This file is damaged, so it cannot be opened. Ask for a new copy.",
)


def test_of_a_removal_it_never_says_to_aim_for_its_day_and_of_a_window_when_it_opens(
    case: Case, organiser: User
) -> None:
    today = clock.today()
    facts = RemovalFacts(notice_given_on=today, departs_on=today + timedelta(30))
    removals.record_removal(case, facts, organiser)
    notice, port = (rule_book().rules[key].name for key in ("removal_notice_period", "removal_port_refusal"))
    said = {one["title"]: one for one in go_bag_contents.contents(case, Audience.PERSON).dates}
    assert said[notice]["when"].startswith("They may act from")
    assert "; the paper gives" in said[notice]["when"]
    deadlines.record_deadline(case, "removal_port_refusal", today, None, organiser)
    said = {one["title"]: one for one in go_bag_contents.contents(case, Audience.PERSON).dates}
    for one in (said[notice], said[port]):
        assert one["when"].startswith(f"Removal possible from {spoken(today, weekday=True)}")
        assert "may not act" not in one["what"]


def test_everything_that_the_file_says_is_in_the_list_to_translate() -> None:
    """Each text of its scripts is in one of the two lists, and each text of the lists is said somewhere."""
    scripts = "".join((SOURCES / name).read_text() for name in SCRIPTS if name != "sealed.js")
    said = set(re.findall(r'"([A-Z][^"]*)"', scripts)) - {"AES-GCM", "UTC", "English", "DOMContentLoaded"}
    assert said <= {*WORDS, *OUTSIDE}
    services = "".join(
        Path(one.__file__).read_text() for one in (go_bag_contents, surgery_scripts, pack_lists)
    )
    brief = letter_pages.letters().source("surgery-brief.txt")
    fields = REFERENCE_KINDS["home_office"].label
    elsewhere = services + brief + fields
    assert [text for text in WORDS if text not in said and text not in elsewhere] == []
    assert set(OUTSIDE) <= said
