"""Passwords that hold, and how long to wait after wrong ones."""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from casework.domain.errors import CaseworkError

LEAST_LETTERS = 12
MOST_LETTERS = 1000
FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Patience:
    """How many tries are free, and how the wait grows after them."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta

    def wait_after(self, tries: int) -> timedelta:
        """How long the next try has to wait: nothing at first, then twice as long each time, up to a limit."""
        if tries < self.free:
            return timedelta(0)
        doublings = min(tries - self.free, 20)
        return min(self.first_wait * (1 << doublings), self.longest_wait)


# One name: slow enough that guessing is hopeless, short enough that a tired person gets in tonight.
FOR_A_NAME = Patience(free=5, first_wait=timedelta(seconds=15), longest_wait=timedelta(minutes=15))
# One address on the network may be a whole office, or everybody when a web server stands in front.
FOR_AN_ADDRESS = Patience(free=30, first_wait=timedelta(seconds=5), longest_wait=timedelta(minutes=1))


def tidy_password(password: str) -> str:
    """The password in one form of Unicode, so that it is the same from every keyboard."""
    return unicodedata.normalize("NFKC", password)


def tidy_sign_in_name(name: str) -> str:
    """The name to sign in with as it is kept: lower case, no spaces at its ends."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def check_password(password: str, sign_in_name: str) -> None:
    """Nothing, when this password may be used. Raises CaseworkError that says what to do instead."""
    if len(password) < LEAST_LETTERS:
        raise CaseworkError(
            f"Choose a longer password: at least {LEAST_LETTERS} letters. Four words that do not belong together "
            "are good.",
            field="password",
        )
    if len(password) > MOST_LETTERS:
        raise CaseworkError(f"Choose a password of at most {MOST_LETTERS} letters.", field="password")
    plain = tidy_password(password).casefold()
    without_name = plain.replace(sign_in_name, "") if sign_in_name else plain
    if len(set(plain)) < 5 or len(without_name) < LEAST_LETTERS // 2:
        raise CaseworkError(
            "This password is easy to guess. Choose four words that do not belong together.", field="password"
        )


def wait_in_words(wait: timedelta) -> str:
    """ "40 seconds", "3 minutes": rounded up, so that it is never too short."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    if seconds < 60:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'s' if minutes != 1 else ''}"
