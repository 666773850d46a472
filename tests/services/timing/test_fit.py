from datetime import date

import pytest

from casework import clock
from casework.domain.case.places import PlaceKind
from casework.domain.timing.fit import misfit as misfit_of
from casework.reference.rule_book import rule_book
from casework.services.case.case_places import NewPlace
from casework.services.timing.fit import misfit
from casework.storage.database import db
from casework.storage.models import CaseEvent
from tests.factories import detained_at, home, make_case

LEFT = date(2026, 3, 3)
BEFORE, AFTER = date(2026, 3, 2), date(2026, 3, 4)


def leave(case, actor, on=LEFT, name="departure", **more):
    moved = {"happened_on": on, "recorded_at": clock.now(), "recorded_by": actor}
    db.session.add(CaseEvent(case=case, name=name, **moved, **more))
    db.session.commit()


def why(case, key, on, variant=None):
    return misfit(case, rule_book().rule(key), on, variant)


def test_a_rule_for_people_in_the_uk_does_not_fit_after_they_left(organiser):
    case = make_case(organiser, home())
    leave(case, organiser)
    assert why(case, "ftt_appeal_in_uk", AFTER) == (
        "This rule is for people who are in the UK. The case says that the person left on 3 March 2026."
    )
    assert why(case, "ftt_appeal_in_uk", BEFORE) == ""


def test_on_the_day_of_departure_both_the_rule_from_here_and_the_one_from_abroad_fit(organiser):
    case = make_case(organiser, home())
    leave(case, organiser)
    assert [why(case, key, LEFT) for key in ("ftt_appeal_in_uk", "ftt_appeal_after_departure")] == ["", ""]


def test_somebody_who_came_back_is_in_the_uk_again(organiser):
    case = make_case(organiser, home())
    leave(case, organiser)
    leave(case, organiser, on=AFTER, name="came_back")
    assert why(case, "ftt_appeal_in_uk", AFTER) == ""


def test_a_rule_for_people_abroad_asks_for_the_departure_first(organiser):
    case = make_case(organiser, home())
    assert "does not say that the person has left" in why(case, "ftt_appeal_out_of_uk_receipt", AFTER)
    leave(case, organiser)
    assert why(case, "ftt_appeal_out_of_uk_receipt", AFTER) == ""


def test_a_departure_that_was_taken_back_did_not_happen(organiser):
    case = make_case(organiser, home())
    leave(case, organiser, taken_back_at=clock.now())
    assert why(case, "ftt_appeal_in_uk", AFTER) == ""


def test_a_rule_for_people_who_are_held_needs_a_place_of_detention_on_that_day(organiser):
    case = make_case(organiser, home(), detained_at("yarls-wood", since=LEFT))
    assert why(case, "admin_review_detained", AFTER) == ""
    assert why(case, "admin_review_detained", BEFORE) == (
        "This rule is for people who are detained. The case has no place of detention for 2 March 2026."
        " If they were held, add the place first."
    )
    assert "was held on 4 March 2026: Yarl" in why(case, "admin_review_in_uk", AFTER)
    assert why(case, "admin_review_in_uk", BEFORE) == ""


def test_the_length_for_somebody_at_liberty_does_not_fit_somebody_who_is_held(organiser):
    held, free = make_case(organiser, detained_at()), make_case(organiser, home())
    key = "ut_pta_court_of_appeal"
    assert why(held, key, AFTER, "in_uk_posted").startswith(
        "“in the UK, posted” is for people who are not detained."
    )
    assert why(held, key, AFTER, "detained_posted") == ""
    assert why(free, key, AFTER, "in_uk_posted") == ""
    assert why(free, key, AFTER, "abroad_posted").startswith("“abroad, posted” is for people who are outside")


@pytest.mark.parametrize("key", rule_book().rules)
def test_a_rule_says_nothing_against_somebody_of_whom_nothing_is_known(key):
    rule = rule_book().rule(key)
    assert [misfit_of(rule, variant, {}) for variant in (None, *rule.variants)] == [""] * (
        1 + len(rule.variants)
    )


def test_a_rule_for_removal_centres_fits_nobody_in_a_prison_or_a_holding_place(organiser):
    in_centre, in_prison = (
        make_case(organiser, detained_at()),
        make_case(organiser, detained_at("prison-addiewell")),
    )
    assert why(in_centre, "detention_monthly_reasons", AFTER) == ""
    assert why(in_prison, "detention_monthly_reasons", AFTER).endswith("is a prison.")
    assert "removal centre" in why(in_centre, "short_term_facility_limit", AFTER, "normal")


def test_a_place_that_the_directory_does_not_know_may_be_anything(organiser):
    barracks = NewPlace(PlaceKind.DETENTION, name="The old barracks", since=LEFT)
    assert why(make_case(organiser, barracks), "detention_monthly_reasons", AFTER) == ""
