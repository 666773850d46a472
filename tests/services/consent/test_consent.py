"""Forms of authority on record."""

from datetime import timedelta

import pytest

from casework import clock
from casework.domain.consent.consent import State
from casework.domain.consent.publicity import Audience, Kind, Level, may_say
from casework.domain.errors import CaseworkError, NotFound
from casework.services.case import cases
from casework.services.consent import agreements, consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import disclosure
from tests.factories import home, make_case

LEEDS_SOUTH, HAYES = "E14001322", "E14001273"


@pytest.fixture
def case(app, organiser):
    """Samira's case."""
    return make_case(organiser, home(), name="Samira")


def signed(**changes) -> NewAuthority:
    return NewAuthority(
        **{"signed_on": clock.today() - timedelta(10), "scope": ("ask", "replies"), **changes}
    )


def test_a_case_begins_with_no_authority_at_all(case):
    assert consent.in_force(case, clock.today()) is None


def test_an_authority_is_in_force_for_the_mp_it_names_and_no_other(case, organiser):
    row = consent.record_authority(case, signed(gss_codes=(LEEDS_SOUTH,)), organiser)
    assert consent.in_force(case, clock.today(), LEEDS_SOUTH) is row
    assert consent.in_force(case, clock.today(), HAYES) is None


def test_taking_it_back_works_on_that_day_and_the_proof_of_both_is_kept(case, organiser):
    row = consent.record_authority(case, signed(), organiser)
    consent.withdraw_authority(case, row.id, clock.today(), "on the phone", organiser)
    assert consent.in_force(case, clock.today()) is None
    assert consent.in_force(case, clock.today() - timedelta(1)) is row
    assert consent.state_on(row, clock.today()) is State.WITHDRAWN
    assert consent.list_authorities(case) == [row]


def test_taking_it_back_twice_keeps_the_first_day(case, organiser):
    row = consent.record_authority(case, signed(), organiser)
    first = clock.today() - timedelta(3)
    consent.withdraw_authority(case, row.id, first, None, organiser)
    consent.withdraw_authority(case, row.id, clock.today(), None, organiser)
    assert row.withdrawn_on == first


def test_of_two_authorities_the_one_signed_last_counts(case, organiser):
    consent.record_authority(case, signed(), organiser)
    newer = consent.record_authority(case, signed(signed_on=clock.today()), organiser)
    assert consent.in_force(case, clock.today()) is newer


def test_a_mark_needs_the_name_of_a_witness(case, organiser):
    with pytest.raises(CaseworkError) as refused:
        consent.record_authority(case, signed(how_given="mark"), organiser)
    assert refused.value.field == "witness"


def test_an_authority_with_no_box_ticked_is_not_kept(case, organiser):
    with pytest.raises(CaseworkError) as refused:
        consent.record_authority(case, signed(scope=()), organiser)
    assert refused.value.field == "scope"
    assert consent.list_authorities(case) == []


def test_taking_a_form_back_or_letting_it_end_lets_nobody_tell_what_it_kept_private(case, organiser):
    kept = ["health", "family abroad"]
    ends = clock.today() - timedelta(1)
    row = consent.record_authority(case, signed(withheld=("health", "family"), ends_on=ends), organiser)
    assert consent.withheld_topics(case, clock.today()) == kept
    consent.withdraw_authority(case, row.id, clock.today(), None, organiser)
    assert consent.withheld_topics(case, clock.today()) == kept
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    agreement = agreements.agreement_on(case, clock.today())
    assert not may_say(Kind.HEALTH, Audience.OFFICE, agreement)
    consent.record_authority(case, signed(signed_on=clock.today()), organiser)
    assert consent.withheld_topics(case, clock.today()) == []


def test_a_no_to_mps_stops_what_a_form_signed_before_it_allowed(case, organiser):
    consent.record_authority(case, signed(), organiser)
    assert agreements.agreement_on(case, clock.today()).level is Level.OFFICES
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    assert agreements.agreement_on(case, clock.today()).level is Level.PLANNING
    consent.record_authority(case, signed(signed_on=clock.today()), organiser)
    assert agreements.agreement_on(case, clock.today()).level is Level.PLANNING
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    assert agreements.agreement_on(case, clock.today()).level is Level.OFFICES


def test_taking_a_form_back_ends_an_older_yes_to_mps_until_the_person_is_asked_again(case, organiser):
    today = clock.today()
    row = consent.record_authority(case, signed(), organiser)
    cases.record_asked(case, asked_on=row.signed_on, agreed=True, asked_by="Ruth", actor=organiser)
    consent.withdraw_authority(case, row.id, today - timedelta(1), None, organiser)
    assert agreements.agreement_on(case, today).level is Level.PLANNING
    cases.record_asked(case, asked_on=today, agreed=True, asked_by="Ruth", actor=organiser)
    assert agreements.agreement_on(case, today).level is Level.OFFICES


def test_an_authority_of_another_case_is_not_found(case, organiser):
    row = consent.record_authority(case, signed(), organiser)
    with pytest.raises(NotFound):
        consent.get_authority(make_case(organiser, name="Somebody else"), row.id)


def test_what_the_person_wrote_beside_the_boxes_is_kept_and_reminded_of(app, organiser):
    case = make_case(organiser, home())
    new = NewAuthority(signed_on=clock.today(), scope=("ask",), withheld=("health", "my sister’s address"))
    consent.record_authority(case, new, organiser)
    assert consent.withheld_topics(case, clock.today()) == ["health", "my sister’s address"]


def test_a_yes_on_the_day_of_a_withdrawal_does_not_count_and_it_is_said_why(case, organiser):
    today = clock.today()
    row = consent.record_authority(case, signed(), organiser)
    consent.withdraw_authority(case, row.id, today, None, organiser)
    cases.record_asked(case, asked_on=today, agreed=True, asked_by="Ruth", actor=organiser)
    assert agreements.agreement_on(case, today).level < Level.OFFICES
    lacking = disclosure.lacking(case, Audience.OFFICE, [])
    assert any("on the same day" in one and "new signed form" in one for one in lacking)
    consent.record_authority(case, signed(signed_on=today), organiser)
    assert agreements.agreement_on(case, today).level is Level.OFFICES, "a new form counts at once"
    assert disclosure.yes_in_doubt(case, today) == ""


def test_of_an_older_yes_and_of_a_no_nothing_is_in_doubt(case, organiser):
    today = clock.today()
    row = consent.record_authority(case, signed(), organiser)
    cases.record_asked(case, asked_on=today - timedelta(2), agreed=True, asked_by="Ruth", actor=organiser)
    consent.withdraw_authority(case, row.id, today, None, organiser)
    assert disclosure.yes_in_doubt(case, today) == "", "they have to be asked again, as the page says"
    cases.record_asked(case, asked_on=today, agreed=False, asked_by="Ruth", actor=organiser)
    assert disclosure.yes_in_doubt(case, today) == ""
