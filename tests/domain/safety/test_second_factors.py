"""Who must have a second factor, and what a code is however it was typed."""

import pytest

from casework.domain.safety.second_factors import in_groups, is_app_code, must_have, tidy_code


@pytest.mark.parametrize(
    ("setting", "organiser", "volunteer"),
    [("offered", False, False), ("organisers", True, False), ("everybody", True, True)],
)
def test_the_setting_says_who_must_have_one(setting, organiser, volunteer):
    assert must_have(setting, is_organiser=True) is organiser
    assert must_have(setting, is_organiser=False) is volunteer


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456", "１２３４５６"])
def test_a_code_may_be_typed_with_spaces_and_strokes(typed):
    assert tidy_code(typed) == "123456"
    assert is_app_code(tidy_code(typed))


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "²²²²²²", "", "٠١٢٣٤٥"])
def test_what_is_not_six_plain_figures_is_no_code_of_an_app(typed):
    assert not is_app_code(tidy_code(typed)) or tidy_code(typed).isascii()


def test_a_long_key_is_shown_in_groups_of_four():
    assert in_groups("JBSWY3DPEHPK3PXP") == "JBSW Y3DP EHPK 3PXP"
