"""How long a sign-in lasts, and what to call the device it is on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A click is written down at most this often: a page that is only read need not be saved each time.
SEEN_EVERY = timedelta(minutes=2)

# What a browser says of itself, in the order in which to look: several say that they are Chrome or Safari too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_DEVICES = (
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Lasting:
    """How long somebody stays signed in: without a click, and at the very most."""

    idle: timedelta
    longest: timedelta

    def ends_at(self, begun_at: datetime, seen_at: datetime) -> datetime:
        """The instant from which a sign-in counts no more if nobody clicks.

        A click may have been seen a little later than was written down; nobody loses time by that.
        """
        return min(begun_at + self.longest, seen_at + SEEN_EVERY + self.idle)


def device_words(user_agent: str) -> str:
    """A device as its owner knows it, and no closer: "Firefox on Android"."""
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "A browser")
    device = next((words for mark, words in _DEVICES if mark in user_agent), "")
    return f"{browser} on {device}" if device else browser
