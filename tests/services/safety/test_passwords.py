"""Passwords that many people choose are refused, and the reason is told; hashes are made as this house states it."""

import pytest

from casework.domain.errors import CaseworkError
from casework.services.safety import passwords, recovery_codes
from tests import cost


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password1234!",
        "letmein letmein",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "Liverpool2025!",
        "iloveyouforever",
        "Ruth Ellery 1985",
        "casework2026!",
    ],
)
def test_a_password_that_many_choose_or_that_is_ones_own_name_is_refused_kindly(password):
    with pytest.raises(CaseworkError, match="four words that do not belong together") as error:
        passwords.check_new(password, "ruth@example.org", "Ruth Ellery")
    assert error.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "lantern gravel otter noon",
        "fünf graue Katzen im Regen",
        "سبع قطط على الجدار",
        "8f3a1c-77b2e9",
        "zebra quilt tandem",
    ],
)
def test_words_that_do_not_belong_together_are_taken_in_any_language(password):
    passwords.check_new(password, "ruth@example.org", "Ruth Ellery")


def test_a_very_long_password_is_looked_at_no_longer_than_a_short_one():
    passwords.check_new("lantern gravel otter noon " * 38, "ruth", "Ruth")


def test_hashes_are_argon2id_with_the_stated_parameters_and_others_are_made_anew(monkeypatch):
    cost.take_that_of_the_house(monkeypatch)
    assert passwords.make_hash("lantern gravel otter noon").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (recovery_codes.PASSES, recovery_codes.MEMORY_KIB) == (2, 19 * 1024)
    weaker = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$JBzXRtKWXYfYqwZ0lYjTlPkzDOR2lcgNYqKqqGqjXzs"
    assert passwords.is_old(weaker)
