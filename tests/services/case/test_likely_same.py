"""The same person twice in a list: known again, and nobody else."""

import pytest

from casework.services.case.likely_same import Known, KnownPeople, one_by_one, same_person

ZOE = Known(1, "Zoë O’Brien", "LS11 5TZ", "zoe@example.org", "07700 900101")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Known(2, "zoe obrien", "ls115tz"), "the same name and postcode"),
        (Known(2, "O'Brien, Zoe", "LS11 5TZ"), "the same name and postcode"),
        (Known(2, "Zoe O’Brian", "LS11 5TZ"), "nearly the same name, and the same postcode"),
        (Known(2, "Ms Z. OBrien", "LS11 5TZ"), "nearly the same name, and the same postcode"),
        (Known(2, "Z", "M1 1AE", "ZOE@example.org"), "the same email address"),
        (Known(2, "Zoe Brien", "M1 1AE", "", "+44 7700 900101"), "much the same name, and the same phone"),
        (Known(2, "Ahmed Yusuf", "LS11 5TZ"), None),
        (Known(2, "Liam O’Brien", "LS11 5TZ"), None),
        (Known(2, "Zoë O’Brien", "M1 1AE"), None),
        (Known(2, "Ahmed Yusuf", "M1 1AE", "", "07700 900101"), None),
    ],
    ids=lambda given: "" if not isinstance(given, Known) else f"{given.name} {given.postcode}",
)
def test_the_same_person_is_known_again_and_nobody_else(other, why):
    assert same_person(ZOE, other) == why


def test_two_who_are_alike_are_named_within_the_sheet_and_against_the_list_already_held():
    rows = [
        Known(2, "Zoe Obrien", "LS11 5TZ"),
        Known(3, "Ahmed Yusuf", "LS6 1AN"),
        Known(4, "Ahmad Yusuf", "LS6 1AN"),
    ]
    found = [one for _, held, before in one_by_one(rows, KnownPeople([ZOE])) for one in held + before]
    assert [(one.one.key, one.other.key) for one in found] == [(2, 1), (4, 3)]


def test_the_same_name_is_found_in_a_hall_of_two_thousand_at_one_postcode():
    hall = [Known(number, f"Invented Resident{number:05}", "LS11 5TZ") for number in range(2_000)]
    assert KnownPeople(hall).like(Known("new", "Resident00007 Invented", "LS11 5TZ"))[0].other.key == 7
