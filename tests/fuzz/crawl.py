"""A walk through the whole house by its links and its map of addresses, and what comes of hostile words everywhere.

Nothing here names a page or a field: both are read from the pages and from what the views ask the request for, so a
new page is walked without a word more.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO, StringIO
from random import Random
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import html5lib
from flask import Flask, has_request_context, request
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse, encode_multipart

from casework.services.safety import sessions
from casework.storage.database import db
from casework.storage.models import User
from casework.web.anybody import PUBLIC
from tests.factories import signed_in
from tests.fuzz.hostile import DAYS, FILES, MARK, NUMBERS, PRODUCT, RAW, TEXTS, Sent, a_value, other_bodies
from tests.pages import check_page

ASKED: dict[str, set[str]] = defaultdict(set)
_PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
TIMES_A_FORM = 3  # forms with other fields that lead to one view
WORDS = "She mends the bicycles of half our street on Sundays and takes no money for it."
TEXT_FIELDS = ("textarea", "text", "search", "email", "tel", "number", "password", "date", "time", "file")


class Noted(ImmutableMultiDict[Any, Any]):
    """What a request carried. It notes for what it is asked, so that the crawl knows what a view reads."""

    def _note(self, name: object) -> None:
        if has_request_context() and request.endpoint and isinstance(name, str) and len(name) < 60:
            ASKED[request.endpoint].add(name)

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        self._note(key)
        return super().__contains__(key)


@dataclass
class Form:
    """A form as it stands on a page: where it goes, its fields, and what each field offers."""

    page: str
    action: str
    method: str
    fields: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    offers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def has_words(self) -> bool:
        """Whether something can be typed into it."""
        return any(kind in TEXT_FIELDS for kind in self.kinds.values())

    def plausible(self, name: str, chance: Random) -> str:
        """What somebody of good will might send."""
        offered = [value for value in self.offers[name] if value] or self.offers[name]
        if self.kinds[name] in ("radio", "select", "checkbox", "hidden", "submit") and offered:
            return chance.choice(offered)
        if offered and chance.random() < 0.7:
            return offered[0]
        if name.endswith("-day"):
            return chance.choice(("today", "yesterday", "1/6/2026"))
        if "postcode" in name:
            return "S1 2HH"
        if name.endswith(("-month", "-year")):
            return ""
        return WORDS if self.kinds[name] == "textarea" else "A few words"


class Page(HTMLParser):
    """The forms of a page and where its links lead."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.forms, self.links = address, [], []
        self._form: Form | None = None
        self._select = ""
        self._in_text: str = ""
        self.feed(text)

    forms: list[Form]
    links: list[str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        elif tag == "form":
            action = told.get("action") or self.address
            self._form = Form(self.address, action, told.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "option" and self._form and self._select:
            self._form.offers[self._select].append(told.get("value", ""))
        elif tag in ("input", "select", "textarea", "button") and self._form and told.get("name"):
            self._take(tag, told)

    def _take(self, tag: str, told: dict[str, str]) -> None:
        assert self._form
        name = told["name"]
        kind = told.get("type", "text") if tag == "input" else ("submit" if tag == "button" else tag)
        if name not in self._form.fields:
            self._form.fields.append(name)
            self._form.kinds[name] = kind
        self._select = name if tag == "select" else ""
        if "value" in told:
            self._form.offers[name].append(told["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


class Crawl:
    """Walks as one visitor, keeps every form it sees, and checks every answer."""

    # So many addresses of one view are walked, of which the first and those with new forms are kept.
    times_a_page = 2

    def __init__(self, app: Flask, client: FlaskClient, seed: int, user_id: int | None = None) -> None:
        self.app, self.client, self.chance, self.user_id = app, client, Random(seed), user_id
        self.urls = app.url_map.bind("localhost")
        self.pages: dict[str, str] = {}  # address -> endpoint
        self.forms: dict[tuple[str, str, frozenset[str]], Form] = {}
        self.drawn: set[str] = set()  # views that draw pages, at leisure
        self.known: dict[str, dict[str, Any]] = {}  # endpoint -> arguments that lead to a page
        self.answers: Counter[int] = Counter()
        self.parsed: Counter[str] = Counter()
        self.faults: list[str] = []
        self.number = 0
        self.token = ""
        app.request_class = type("NotedRequest", (app.request_class,), {"parameter_storage_class": Noted})

    # --- one request ---

    def ask(self, method: str, address: str, **sent: Any) -> TestResponse:
        """Send this, and look whether the answer is sound. Each comes from an address of its own on the network."""
        self.number += 1
        self._begin_anew()
        remote = f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"
        try:
            answer = self.client.open(
                address, method=method, environ_overrides={"REMOTE_ADDR": remote}, **sent
            )
        except Exception as error:  # the server would have said nothing at all
            self.faults.append(f"{method} {address[:150]}: raised {error!r}"[:600])
            raise
        self.answers[answer.status_code] += 1
        for fault in self.wrong_with(answer, address):
            told = sent.get("data") or sent.get("query_string") or ""
            self.faults.append(f"{method} {address[:150]}: {fault}; sent {str(told)[:1500]}")
        return answer

    def _begin_anew(self) -> None:
        """The same visitor with the same token, whatever the answer before did to the session."""
        db.session.rollback()
        with self.client.session_transaction() as session:
            session.clear()
            session["csrf_token"] = "0" * 40
            if self.user_id:
                session["_user_id"], session["_fresh"] = self._sign_in(), True

    def _sign_in(self) -> str:
        """What the cookie of somebody signed in holds: a new sign-in where a form ended the one before."""
        if not self.token or sessions.user_of(self.token) is None:
            user = db.session.get(User, self.user_id)
            assert user
            user.active = True
            self.token = signed_in(user)
        return self.token

    def wrong_with(self, answer: TestResponse, address: str) -> Iterator[str]:
        """What is not sound in this answer."""
        if answer.status_code >= 500:
            yield f"status {answer.status_code}"
            return
        if "X-Hostile" in answer.headers:
            yield "a header of ours was written by the visitor"
        if answer.status_code in (301, 302, 303, 307, 308):
            to = urlsplit(answer.headers["Location"].replace("\\", "/"))
            if (to.netloc not in ("", "localhost") or to.path.startswith("//")) and not self.leads_out(
                address
            ):
                yield f"leads out of the house: {answer.headers['Location'][:100]}"
        elif answer.mimetype == "text/html":
            yield from self.wrong_on_page(answer, self.endpoint_of(address))
        elif answer.mimetype == "text/csv":
            rows = csv.reader(StringIO(answer.get_data(as_text=True)))
            if any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row):
                yield "a cell that a spreadsheet would run"

    def leads_out(self, address: str) -> bool:
        """Whether it is the way out of the house that everybody is shown."""
        return self.endpoint_of(address) == "home.leave"

    def wrong_on_page(self, answer: TestResponse, endpoint: str) -> Iterator[str]:
        text = answer.get_data(as_text=True)
        # A view that a script asks may answer with a piece of a page.
        if "<html" in text and ("– Casework</title>" not in text or text.count("<h1") != 1):
            yield "no page of the house"
        if MARK in text or "<img src=x" in text or str(PRODUCT) in text:
            yield "what was typed comes back as markup"
        # html5lib reads as a browser does, and takes its time: a few answers of each view that carry it are enough.
        if "hostile()" in text and self.parsed[endpoint] < 2:
            self.parsed[endpoint] += 1
            for element in html5lib.parse(text, namespaceHTMLElements=False).iter():
                if not isinstance(element.tag, str):
                    continue
                if element.tag == "script" and (element.text or "src" not in element.attrib):
                    yield "a script inside the page"
                for name, value in element.attrib.items():
                    if name.startswith("on") or (name in ("href", "src", "action") and _runs(value)):
                        yield f"an attribute that runs: {name}={value[:60]}"

    def endpoint_of(self, address: str) -> str:
        """The view behind an address; empty where there is none."""
        return self._match(address)[0]

    def _match(self, address: str, method: str = "GET") -> tuple[str, dict[str, Any]]:
        path = urlsplit(address).path
        for way in (method, "GET", "POST"):
            try:
                endpoint, arguments = self.urls.match(path, method=way)
                return endpoint, dict(arguments)
            except HTTPException:
                continue
        return "", {}

    # --- the walk ---

    def walk(self, *begin: str) -> None:
        """Every page that links lead to, a few of each kind, and every view that no link led to."""
        self._follow(list(begin))
        lonely = [path for path in self.built() if self.endpoint_of(path) not in self.pages.values()]
        self._follow(lonely)

    def _follow(self, waiting: list[str]) -> None:
        seen: Counter[str] = Counter(self.pages.values())
        asked: set[str] = set(self.pages)
        while waiting:
            address = urlsplit(waiting.pop(0))._replace(fragment="").geturl()
            endpoint, arguments = self._match(address)
            most = 1 if endpoint in self.drawn else self.times_a_page
            if not endpoint or endpoint == "static" or address in asked or seen[endpoint] >= most:
                continue
            if not self._may(endpoint):
                continue
            asked.add(address)
            answer, forms = self.ask("GET", address), len(self.forms)
            if answer.status_code < 400:
                waiting += self.read(address, answer)
            if answer.status_code != 200:  # it leads on, or is not there: another of its kind may be
                continue
            is_first = endpoint not in self.pages.values()
            seen[endpoint] += is_first or len(self.forms) == forms
            self.known.setdefault(endpoint, arguments)
            if answer.mimetype.startswith(("image/", "application/pdf")):
                self.drawn.add(endpoint)
            if is_first or len(self.forms) > forms:
                self.pages[address] = endpoint

    def read(self, address: str, answer: TestResponse) -> list[str]:
        """Keep the forms of an answer that are of a new kind, and give the addresses in the house it leads to."""
        if answer.status_code in (301, 302, 303):
            return [_inside(answer.headers["Location"])]
        if answer.mimetype != "text/html":
            return []
        page = Page(address, answer.get_data(as_text=True))
        for form in page.forms:
            endpoint, arguments = self._match(form.action, form.method.upper())
            self.known.setdefault(endpoint, arguments)
            if sum(key[0] == endpoint for key in self.forms) < TIMES_A_FORM:
                self.forms.setdefault((endpoint, form.method, frozenset(form.fields)), form)
        return [_inside(link) for link in page.links if not link.startswith("#")]

    def built(self) -> Iterator[str]:
        """An address for every view that can be looked at, from what is known of its arguments elsewhere."""
        told = {name: value for arguments in self.known.values() for name, value in arguments.items()}
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()):
                places = {
                    name: str(told.get(name, 1 if isinstance(kind, IntegerConverter) else "x"))
                    for name, kind in rule._converters.items()
                }
                yield _filled(rule, places)

    # --- hostile words ---

    def attempts(self, form: Form, often: int) -> Iterator[dict[str, Any]]:
        """What is sent to one form: nothing, hostile words among good ones, each field twice, other kinds of body."""
        chance, names = self.chance, [name for name in form.fields if name not in ("csrf_token", "once")]
        token = [("csrf_token", form.offers["csrf_token"][0])] if "csrf_token" in form.fields else []
        yield {"data": dict(token)}
        for turn in range(often):
            share = 0.0 if turn == 1 else chance.choice((0.15, 0.5, 1.0))
            sent: Sent = [*token, ("once", f"once{chance.random()}")]
            for name in names:
                if form.kinds[name] != "file":
                    bad = chance.random() < share
                    sent.append((name, a_value(name, chance) if bad else form.plausible(name, chance)))
            asked = sorted(
                ASKED[self._match(form.action, form.method.upper())[0]] - set(names) - {"csrf_token", "once"}
            )
            sent += [(name, a_value(name, chance)) for name in asked if chance.random() < 0.2]
            if chance.random() < 0.2:
                sent += [(name, a_value(name, chance)) for name, _ in sent if name != "csrf_token"]
            chance.shuffle(sent)
            yield _encoded(self._with_files(form, sent)) if form.method == "post" else {"data": dict(sent)}
        bodies = list(other_bodies([*token, *((name, "x") for name in names)], chance))
        for body, kind in bodies if often > 4 else chance.sample(bodies, chance.random() < 0.4):
            yield {
                "data": body,
                "content_type": kind,
                "headers": {"X-CSRFToken": token[0][1]} if token else {},
            }

    def _with_files(self, form: Form, sent: Sent) -> dict[str, Any]:
        data: dict[str, Any] = defaultdict(list)
        for name, value in sent:
            data[name].append(value)
        for name, kind in form.kinds.items():
            if kind == "file" or (self.chance.random() < 0.03 and name != "csrf_token"):
                called, content, media = self.chance.choice(FILES)
                data[name].append(FileStorage(BytesIO(content), called, content_type=media))
        return dict(data)

    def submit(self, form: Form, often: int) -> None:
        """Send a form in every way, go where it leads, and keep what new forms come of it."""
        for sent in self.attempts(form, often):
            if form.method == "get":
                if isinstance(sent["data"], bytes):
                    continue
                query = urlencode(sent["data"], errors="replace")
                answer = self.ask("GET", form.action.partition("?")[0], query_string=query[:60_000])
            else:
                answer = self.ask("POST", form.action, **sent)
            links = self.read(form.action, answer)
            if (
                answer.status_code in (302, 303)
                and self.endpoint_of(links[0])
                and not self.leads_out(links[0])
            ):
                self.read(links[0], self.ask("GET", links[0]))

    def submit_all(self, often: int, slow: dict[str, int], until: float = 0) -> int:
        """Send every form that was found, those into which something is typed first; how many there were.

        Buttons alone do things, after which other forms would be gone. `slow` says how often where it is not `often`.
        """
        done: set[tuple[str, str, frozenset[str]]] = set()
        for with_words in (True, False):
            while waiting := [
                key for key, form in self.forms.items() if key not in done and form.has_words is with_words
            ]:
                for key in waiting:
                    done.add(key)
                    if until and monotonic() > until:
                        return len(done)
                    if key[0]:
                        self.submit(self.forms[key], slow.get(key[0], often))
        return len(done)

    def invent_forms(self) -> None:
        """A form for every view to which none leads, such as those that scripts send to, of the fields of its room."""
        token = next(form.offers["csrf_token"] for form in self.forms.values() if form.offers["csrf_token"])
        told = {name: value for arguments in self.known.values() for name, value in arguments.items()}
        there = {key[0] for key in self.forms}
        for rule in self.app.url_map.iter_rules():
            if "POST" not in (rule.methods or ()) or rule.endpoint in there or not self._may(rule.endpoint):
                continue
            room = rule.endpoint.partition(".")[0]
            names = {name for key in self.forms for name in key[2] if key[0].startswith(f"{room}.")} - {
                "csrf_token"
            }
            form = Form(
                "", _filled(rule, {name: str(told.get(name, 1)) for name in rule._converters}), "post"
            )
            form.fields = ["csrf_token", *sorted(names | {"x"})]
            form.kinds = dict.fromkeys(form.fields, "text")
            form.offers["csrf_token"] = token
            self.forms[rule.endpoint, "post", frozenset(form.fields)] = form

    def _may(self, endpoint: str) -> bool:
        return bool(self.user_id) or self.app.view_functions[endpoint].allows == PUBLIC  # type: ignore[attr-defined]

    def ask_queries(self, often: int) -> None:
        """Ask every page with hostile words for all that it reads from an address, and with raw bytes."""
        looked: set[str] = set()
        for address, endpoint in list(self.pages.items()):
            if endpoint in looked or endpoint in self.drawn:
                continue
            looked.add(endpoint)
            names = sorted(ASKED[endpoint] | {"page", "next"})
            for _ in range(often):
                words = [(name, self.chance.choice((*TEXTS, *NUMBERS, *DAYS))[:3000]) for name in names]
                query = urlencode(words, errors="replace")
                if self.chance.random() < 0.3:
                    raw = self.chance.choice(RAW[:3] + RAW[4:5] + RAW[6:]).decode()
                    query = "&".join(f"{name}={raw}" for name in names)
                self.ask("GET", urlsplit(address).path, query_string=query)

    def ask_paths(self, often: int) -> None:
        """Ask for every address with something hostile in each of its places."""
        for rule in self.app.url_map.iter_rules():
            arguments = self.known.get(rule.endpoint)
            if not rule.arguments or "GET" not in (rule.methods or ()) or arguments is None:
                continue
            for name in sorted(rule._converters):
                number = isinstance(rule._converters[name], IntegerConverter)
                for _ in range(often):
                    bad = self.chance.choice(NUMBERS if number else TEXTS[:6] + TEXTS[8:])[:500]
                    places = {**{one: str(value) for one, value in arguments.items()}, name: bad}
                    self.ask("GET", _filled(rule, places))

    def look_again(self) -> None:
        """Look once more at every page: what was saved stands there now."""
        for address, endpoint in list(self.pages.items()):
            if endpoint not in self.drawn:
                answer = self.ask("GET", address)
                if answer.status_code == 200 and "hostile()" in answer.text and "<html" in answer.text:
                    try:
                        check_page(answer)
                    except AssertionError as fault:
                        self.faults.append(f"GET {address}: {fault}"[:600])


def _filled(rule: Rule, places: dict[str, str]) -> str:
    """The address of a rule with these in its places."""
    return _PLACE.sub(lambda found: quote(places[found[1]], safe="", errors="replace"), rule.rule)


def _encoded(data: dict[str, list[Any]]) -> dict[str, Any]:
    """The form as a browser sends it: in parts where there is a file among it."""
    if not any(isinstance(value, FileStorage) for values in data.values() for value in values):
        return {"data": data}
    boundary, body = encode_multipart(data)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def _runs(value: str) -> bool:
    return value.strip().lower().startswith(("javascript:", "data:", "vbscript:"))


def _inside(address: str) -> str:
    """An address in the house without its host; nothing for one that leads elsewhere."""
    parts = urlsplit(address)
    return parts._replace(scheme="", netloc="").geturl() if parts.netloc in ("", "localhost") else "//"
