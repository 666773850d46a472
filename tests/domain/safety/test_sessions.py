"""How long a sign-in lasts, and what to call a device."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain.safety.sessions import SEEN_EVERY, Lasting, device_words

BEGUN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_sign_in_ends_an_hour_after_the_last_click_and_never_later_than_in_the_evening():
    lasting = Lasting(idle=timedelta(hours=1), longest=timedelta(hours=12))
    assert lasting.ends_at(BEGUN, BEGUN) == BEGUN + timedelta(hours=1) + SEEN_EVERY
    assert lasting.ends_at(BEGUN, BEGUN + timedelta(hours=11, minutes=50)) == BEGUN + timedelta(hours=12)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1",
            "Safari on an iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
            "Chrome on Linux",
        ),
        ("curl/8", "A browser"),
        ("<script>" * 1000, "A browser"),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it_and_no_closer(says, words):
    assert device_words(says) == words
