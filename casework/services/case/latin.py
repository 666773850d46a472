"""Any script in plain Latin letters, by the tables of anyascii: a help to find by, never a spelling to print."""

from anyascii import anyascii


def to_latin(text: str) -> str:
    """The text in ASCII, sign by sign. Arabic and Hebrew come without the vowels that they do not write."""
    return anyascii(text)
