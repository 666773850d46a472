"""What an enemy, a broken program or a cat on the keyboard sends: values of every kind, and whole bodies."""

import json
from collections.abc import Iterator
from random import Random
from urllib.parse import quote_plus

MARK = "<script>hostile()</script>"
PRODUCT = 7919 * 7919  # what a template would make of it
MARKUP = f"\"'></textarea></title>{MARK}<img src=x onerror=hostile()>"

TEXTS = (
    MARKUP,
    "{{ 7919*7919 }}{% for x in range(10**9) %}{{ x }}{% endfor %}${7919*7919}#{7919*7919}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}{% include '/etc/passwd' %}",
    "' OR 1=1; DROP TABLE cases;-- %s %(x)s \\",
    "=HYPERLINK(\"http://example.org\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "n" * 10_000,
    "word " * 60_000,
    "a\0b\x01\x02\x1b[31m\x7f\x85\u2028\u2029\ufeff\ufffe",
    "x\r\nX-Hostile: 1\r\n\r\nBEGIN:VEVENT\r\n",
    "سميرة \u202egnp\u2066 ‏א‎ e" + "\u0301" * 300,
    "👩🏽\u200d⚖️🏴\U000e0067\U000e0062\U000e007f" * 3,
    "javascript:hostile()",
    "//example.org/\\x",
    "../../../../etc/passwd\0.pdf",
    " \t\u00a0\u3000\u200b ",
    "true", "null", "[]", "{}", "None", "NaN",
)  # fmt: skip
NUMBERS = (
    "-1", "0", "9" * 5000, "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e308",
    "1.5", "٣", "²",
    "0x10", "１２", "1_000", "+1", "1,000",
)  # fmt: skip
DAYS = (
    "30 2 2026", "0001-01-01", "9999-12-31", "31/12/9999", "1/1/1", "2026-13-45", "0", "32", "-5", "²", "٣١",
    "tomorrow",
    "2026-02-29T25:61", "99:99", "24:00", "1/1/99999999999",
)  # fmt: skip
RAW = (
    b"%ff%fe%80",
    b"%ed%a0%80%ed%bf%bf",
    b"a%00b",
    b"%",
    b"%zz%u1234",
    b"\xff\xfe\xc3\x28",
    b"%f4%90%80%80",
    b"+%0d%0aX-Hostile:1",
)
TYPES = (
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=\xff",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x\r",
    "multipart/mixed; boundary=AaB",
    "x" * 500,
    "",
)
FILES = (
    ("empty.pdf", b"", "application/pdf"),
    ("letter.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj", "application/pdf"),
    ("people.csv", b"MZ\x90\0" + bytes(range(256)) * 20, "text/csv"),
    (
        "people.csv",
        f'"Name","Postcode"\n"{MARKUP}","S1 2HH"\n=1+1,\xff\n'.encode("latin-1", "replace"),
        "text/csv",
    ),
    (f"{MARKUP}.xlsx", b"PK\x03\x04" + b"\0" * 60, "application/zip"),
    ("../../\0\r\nX-Hostile: 1.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
    ("n" * 3000, b'msgid ""\nmsgstr "Language: fr"\nmsgid "x', "text/x-po"),
    ("list.ods", b"GIF89a" + MARKUP.encode(), "image/gif"),
)

Sent = list[tuple[str, str]]


def a_value(name: str, chance: Random) -> str:
    """Something that does not fit this field, mostly of the kind that it asks for."""
    last = name.rsplit("-", 1)[-1]
    if last in ("day", "month", "year") or name.endswith(("_on", "_at")):
        return chance.choice(DAYS + NUMBERS) if chance.random() < 0.8 else chance.choice(TEXTS)
    if chance.random() < 0.2:
        return chance.choice(NUMBERS + DAYS)
    return chance.choice(TEXTS)


def raw_body(fields: Sent, chance: Random) -> bytes:
    """A form as a browser sends it, with bytes in it that are no text."""
    bad = chance.choice(RAW)
    pairs = [
        f"{quote_plus(name)}=".encode() + (value.encode() if name == "csrf_token" else bad)
        for name, value in fields
    ]
    return b"&".join([*pairs, bad + b"=" + bad, b"=", b"&&"])


def broken_multipart(fields: Sent, chance: Random) -> tuple[bytes, str]:
    """A multipart body that stops in the middle, or whose parts are not what they say."""
    parts = b""
    for name, value in fields:
        parts += f'--AaB\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value[:2000]}\r\n'.encode(
            "utf-8", "replace"
        )
    strange = (
        b'--AaB\r\nContent-Disposition: form-data; name="x"; filename="a\xff\0.pdf"\r\nContent-Type: \xff\r\n\r\n\r\n',
        b"--AaB\r\nContent-Disposition: form-data\r\n\r\nx\r\n",
        b"--AaB\r\nX: y\r\n\r\nx\r\n",
        b'--AaB\r\nContent-Disposition: form-data; name="once"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n',
    )
    body = parts + chance.choice(strange) + b"--AaB--\r\n"
    return body[
        : chance.randrange(len(body))
    ] if chance.random() < 0.6 else body, "multipart/form-data; boundary=AaB"


def other_bodies(fields: Sent, chance: Random) -> Iterator[tuple[bytes, str]]:
    """The form in another kind of body than a browser sends."""
    kind = chance.choice(TYPES)
    yield json.dumps(dict(fields)).encode(), kind.replace("\r", "")
    yield raw_body(fields, chance), "application/x-www-form-urlencoded"
    yield broken_multipart(fields, chance)
