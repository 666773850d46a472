"""Which rows of a mended file were there before."""

from casework.domain.campaign.supporter_imports import Again, Before, find_again


def test_of_rows_that_say_the_same_each_is_found_once_and_its_own_number_first():
    said = {"name": "Ann Smith", "postcode": "LS1 1UR"}
    before = [Before(number, said, number == 2) for number in (1, 2, 3)]
    found = find_again([Again(number, said, None) for number in (3, 7, 8, 9)], before)
    assert [one and one.number for one in found] == [3, 1, 2, None]
