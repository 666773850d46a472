"""A test client that checks every page it fetches, whatever the test is about."""

import re
from functools import cache
from html import unescape
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# What a shoulder may read in the tab or in the history of a browser: no such word, and none of the people of the tests.
TOLD = re.compile(
    r"deport|remov|detain|detention|flight|asylum|immigra|home office|refus|prison|court of|"
    r"\b(samira|idris|ada|ruth|grace|ben|somebody new)\b",
    re.I,
)
CLOSED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Rooms that show what is the same for everybody, whatever case there is.
NOTHING_OF_A_CASE = {"rules", "languages", "letter_wordings", "one_date", "group_papers", "glossary"}
HARMLESS = {"unexpected-start-tag-implies-end-tag"}
# Neither a sign that HTML reads nor one that may not stand in a page.
PLAIN = r"[^<>&\"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]"
PLAIN_WORDS = re.compile(rf">((?:{PLAIN}|\")+)(?=<)")
PLAIN_VALUE = re.compile(rf'(?<!type)="{PLAIN}*"')
# An element of a list, a table or a choice that stands there more than twice without a break, with all that is in it.
THE_SAME_AGAIN = re.compile(r"(<(li|tr|option)\b[^>]*>(?:(?!<\2\b).)*?</\2>\s*)\1\1+", re.S)


# Parts of a page, each of which is sound or not whatever stands around it; and what may not stand in its own kind.
PARTS = (
    "article", "aside", "details", "div", "dl", "fieldset", "footer", "form", "header", "main", "nav", "ol", "section",
    "select", "table", "ul",
)  # fmt: skip
NOT_IN_ITSELF, NOT_IN_A_PART = {"a", "button", "form"}, {"html", "head", "body"}
TAG_OF_A_PART = re.compile(
    rf"<(/?)({'|'.join(sorted({*PARTS, *NOT_IN_ITSELF, *NOT_IN_A_PART}))})(?![\w-])[^>]*>", re.I
)
START_TAG = re.compile(r"""<([a-z][a-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.I)
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


class _Elements:
    """Every start tag with its attributes, in order, of a page that html5lib finds valid."""

    def __init__(self, text: str) -> None:
        self.found = [(tag.lower(), _attributes(written)) for tag, written in START_TAG.findall(text)]


@cache
def _attributes(written: str) -> dict[str, str | None]:
    given = {}
    for found in ATTRIBUTE.finditer(written):
        value = next((one for one in found.groups()[1:] if one is not None), None)
        given[found[1].lower()] = None if value is None else unescape(value)
    return given


def bones(text: str) -> str:
    """The page without what makes no difference to whether it is valid: plain words, and what attributes say.

    Whether there are words stays, since a table lets none stand between its cells; so does the type of a field, since
    it lets a hidden one stand there. What holds a sign that HTML reads, or none that may stand in a page, stays whole.
    Of rows that are all alike two stay: what is wrong with one of them is wrong with the first.
    """
    bare = PLAIN_VALUE.sub('=""', PLAIN_WORDS.sub(lambda found: ">x" if found[1].strip() else "> ", text))
    return THE_SAME_AGAIN.sub(r"\1\1", bare)


def parts_of(page: str) -> list[str]:
    """The page in pieces: each part of it with the parts inside it emptied, and last what stands around them all.

    Where the page has its parts one across the other, a link in a link or its end in a part, it stays whole.
    """
    pieces: list[str] = []
    opened = [("", "")]  # the tag, and what was read of its piece
    inside: set[str] = set()  # of what may not stand in its own kind
    read_to = 0
    for found in TAG_OF_A_PART.finditer(page):
        is_end, tag = found[1] == "/", found[2].lower()
        if tag in NOT_IN_A_PART and len(opened) > 1:
            return [page]
        if tag in NOT_IN_ITSELF:
            if (tag in inside) is not is_end:
                return [page]
            inside ^= {tag}
        if tag not in PARTS:
            continue
        name, so_far = opened.pop()
        so_far += page[read_to : found.start()]
        read_to = found.end()
        if not is_end:
            opened += [(name, so_far), (tag, found[0])]
        elif name == tag:
            pieces.append(so_far + found[0])
            around, before = opened.pop()
            opened.append((around, f"{before}<{tag}></{tag}>"))
        else:
            return [page]
    return [*pieces, opened[0][1] + page[read_to:]] if len(opened) == 1 else [page]


@cache
def _errors_in(piece: str) -> list[str]:
    parser = html5lib.HTMLParser(strict=False)
    is_page = piece.lstrip().lower().startswith("<!doctype")
    (parser.parse if is_page else parser.parseFragment)(piece)
    return [str(code) for _, code, _ in parser.errors if code not in HARMLESS]


def _errors_of(text: str) -> list[str]:
    """What is not valid in this page. What many pages have in common is parsed once, since it takes so long."""
    page = bones(text)
    *parts, around = parts_of(page)
    sound = not any(_errors_in(part) for part in parts) and around.lstrip()[:9].lower() == "<!doctype"
    return [] if sound and not _errors_in(around) else _errors_in(text)


def check_page(response: TestResponse) -> None:
    """What must hold of every HTML page of the house."""
    text = response.get_data(as_text=True)
    errors = _errors_of(text)
    assert not errors, f"not valid HTML: {errors}"
    elements = _Elements(text).found
    assert [tag for tag, _ in elements].count("h1") == 1, "a page has one h1"
    title = re.search(r"<title>([^<]+) – Casework</title>", text)
    assert title, "a page has a title of its own"
    assert not TOLD.search(title[1]), f"a title that tells too much: {title[1]}"
    _check_way_out(elements)
    assert '<html lang="' in text
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    assert len(ids) == len(set(ids)), f"an id stands twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    _check_labels(elements)
    _check_references(elements, set(ids))
    for form in re.findall(r"<form.*?</form>", text, re.S):
        if re.search(r'method="post"', form, re.I):
            assert 'name="csrf_token"' in form, "a form that changes something carries its token"
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text), "no style and no script inside the page"
    assert "<script>" not in text
    assert "<style" not in text
    check_headers(response)


def _check_way_out(elements: list[tuple[str, dict[str, str | None]]]) -> None:
    """Every page has the quick way out but one: the form on a phone that was handed to a visitor of the stall."""
    ways = [attrs for tag, attrs in elements if tag == "a" and "quick-exit" in (attrs.get("class") or "")]
    is_handed_over = any("stall" in (attrs.get("class") or "") for _, attrs in elements)
    assert len(ways) == (0 if is_handed_over else 1), "a page has one quick way out"
    for attrs in ways:
        assert attrs["href"] == "/leave"
        assert (attrs["data-elsewhere"] or "").startswith("https://")


def _check_labels(elements: list[tuple[str, dict[str, str | None]]]) -> None:
    labelled = {attrs.get("for") for tag, attrs in elements if tag == "label"}
    for tag, attrs in elements:
        if tag in ("input", "select", "textarea") and attrs.get("type") not in ("hidden", "submit"):
            assert attrs.get("id") in labelled or "aria-label" in attrs, f"no label: {attrs}"
        if tag == "img":
            assert attrs.get("alt") is not None, f"no alt: {attrs}"


def _check_references(elements: list[tuple[str, dict[str, str | None]]], ids: set[str | None]) -> None:
    for _, attrs in elements:
        for name in ("aria-describedby", "aria-labelledby"):
            for target in (attrs.get(name) or "").split():
                assert target in ids, f"{name} leads nowhere: {target}"
        href = attrs.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids, f"a link leads nowhere: {href}"


def check_headers(response: TestResponse) -> None:
    """What must hold of the headers of every answer."""
    for name, value in CLOSED.items():
        assert response.headers.get(name) == value, name
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    parts = response.headers["Content-Security-Policy"].split("; ")
    policy = dict(part.partition(" ")[::2] for part in parts)
    for name in ("default-src", "frame-ancestors", "base-uri", "object-src"):
        assert policy[name] == "'none'", name
    assert "unsafe" not in str(policy)
    if response.mimetype == "text/html":
        assert policy["form-action"] == policy["style-src"] == "'self'"
        assert policy["require-trusted-types-for"] == "'script'"
        mark = re.fullmatch(r"'nonce-([\w-]{20,})'", policy["script-src"])
        assert mark, "a script needs the mark of this one answer"
        for tag in re.findall(r"<script\b[^>]*>", response.get_data(as_text=True)):
            assert f'nonce="{mark[1]}"' in tag
    else:
        assert "sandbox" in policy, "a file opened against our will is alone in a box"
    for cookie in response.headers.getlist("Set-Cookie"):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie


def without_marks(text: str) -> str:
    """The page without what is another one in each answer: the mark of its scripts."""
    return re.sub(r'nonce="[^"]*"', "", text)


class Browser:
    """Goes through pages as somebody would, and lets no bad page pass."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.last: TestResponse | None = None

    def get(self, path: str, status: int = 200) -> str:
        """The text of the page at this address, checked."""
        return self._keep(self.client.get(path), status)

    def post(self, path: str, status: int = 303, page: str | None = None, **fields: Any) -> str:
        """The page that a form leads to. `page` is where the form stands when it is sent elsewhere.

        Tokens are read from the form's page; `follow` the redirect with `get(self.location)`.
        """
        form = self.client.get(page or path)
        text = form.get_data(as_text=True)
        if form.mimetype == "text/html":
            for name in ("csrf_token", "once", "version"):
                if name not in fields and (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)):
                    fields[name] = found[1]
        fields = {name: value for name, value in fields.items() if value is not None}
        return self._keep(self.client.post(path, data=fields), status)

    def offered_undo(self, page: str) -> tuple[str, str]:
        """Where the button leads that stands on this page now and takes the last thing back, and its offer."""
        found = re.search(
            r'action="([^"]+)"(?:(?!</form>).)*name="offer" value="([^"]+)"', self.get(page), re.S
        )
        assert found, "no undo is offered"
        return unescape(found[1]), found[2]

    def record(self, path: str, **fields: Any) -> str:
        """Send a form whose changes are shown before it is saved, and save it."""
        self.post(path, 200, **fields)
        return self.save(path)

    def save(self, path: str, status: int = 303, **changes: Any) -> str:
        """Press the button of the page that says what will change, with what it carries and what is ticked there.

        `changes` are ticks set otherwise, by name: a list of values.
        """
        assert self.last is not None
        shown = _Elements(self.last.get_data(as_text=True)).found
        sent: dict[str, list[str]] = {}
        for tag, attrs in shown:
            ticked = attrs.get("type") != "checkbox" or "checked" in attrs
            if tag == "input" and attrs.get("name") and ticked:
                sent.setdefault(attrs["name"] or "", []).append(attrs.get("value") or "")
        assert "seen" in sent, "this page does not say what will change"
        return self._keep(self.client.post(path, data={**sent, **changes}), status)

    @property
    def location(self) -> str:
        """Where the last answer leads."""
        assert self.last is not None
        return self.last.headers["Location"]

    def _keep(self, response: TestResponse, status: int) -> str:
        self.last = response
        # A form of more than half a megabyte lies in a file of the test client's, which nobody else closes.
        response.request.environ["wsgi.input"].close()
        text = response.get_data(as_text=True) if response.mimetype.startswith("text/") else ""
        assert response.status_code == status, f"{response.status_code} instead of {status}: {text[:3000]}"
        if response.mimetype == "text/html" and status not in (301, 302, 303):
            check_page(response)
        else:
            check_headers(response)
        return text


def day(name: str, text: str) -> dict[str, str]:
    """The three boxes of a date field: `day("since", "3 3 2026")`."""
    number, month, year = text.split()
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}
