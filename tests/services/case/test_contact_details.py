"""Phone numbers and email addresses as people type them."""

import pytest

from casework.domain.errors import CaseworkError
from casework.services.case.contact_details import read_email, read_phone


@pytest.mark.parametrize(
    ("typed", "read", "says"),
    [
        ("07700 900123", "07700 900123", None),
        ("7700900123", "07700 900123", "The 0 at the beginning was lost and is back: 07700 900123."),
        ("+44 (0)7700 900123", "07700 900123", None),
        ("0044 7700 900123", "07700 900123", None),
        ("447700900123", "07700 900123", None),
        ("1134960000", "0113 496 0000", "The 0 at the beginning was lost and is back: 0113 496 0000."),
        ("tel: 0113 496 0000", "0113 496 0000", None),
        ("00353861234567", "+353 86 123 4567", None),
        ("353861234567", "+353 86 123 4567", "This was read as a number abroad: +353 86 123 4567."),
        (
            "07700 900123 / 0113 496 0000",
            "07700 900123",
            "The first number was taken. Left out: 0113 496 0000.",
        ),
    ],
)
def test_a_phone_number_is_read_as_it_was_meant(typed, read, says):
    assert read_phone(typed) == (read, says)
    assert read_phone(read) == (read, None)


@pytest.mark.parametrize(
    ("typed", "says"), [("4.47701E+11", "shortened"), ("ask her", "not a phone"), ("12", "not a")]
)
def test_what_is_no_phone_number_is_said_so(typed, says):
    with pytest.raises(CaseworkError, match=says):
        read_phone(typed)


@pytest.mark.parametrize(
    ("typed", "read", "says"),
    [
        ("Zoe@Example.ORG", "Zoe@example.org", None),
        ("Zoe <mailto:zoe@example.org>", "zoe@example.org", None),
        (
            "a@example.org; b@example.org",
            "a@example.org",
            "The first address was taken. Left out: b@example.org.",
        ),
    ],
)
def test_an_email_address_is_read_as_it_was_meant(typed, read, says):
    assert read_email(typed) == (read, says)


@pytest.mark.parametrize("typed", ["zoe", "zoe@", "zoe@example", "zoe..b@example.org", "zoe@exa mple.org"])
def test_what_mail_cannot_reach_is_said_so(typed):
    with pytest.raises(CaseworkError, match=r"ada@example\.org"):
        read_email(typed)
