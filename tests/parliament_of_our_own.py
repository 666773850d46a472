"""A server on this machine that speaks as UK Parliament and GOV.UK do, of invented members; and lies when told to."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from casework.reference.bank_holidays import bank_holidays

# All that may stand in a question: numbers, and words that are the same for everybody.
ALLOWED = re.compile(
    r"/api/Members/Search\?House=1&IsCurrentMember=true&skip=\d+&take=20"
    r"|/api/Members/\d+(/(Contact|Biography|Focus|RegisteredInterests))?"
    r"|/api/Location/Constituency/\d+(/ElectionResults|/ElectionResult/\d+)?"
    r"|/bank-holidays\.json"
)


def moment(day: str | None) -> str | None:
    """A day as these servers write it."""
    return f"{day}T00:00:00" if day else None


@dataclass
class Sitting:
    """An invented member, and what the server says of them."""

    number: int
    name: str
    party: str = "Example Party"
    since: str = "2024-07-04"
    ended: str | None = None
    contact: list[dict[str, Any]] = field(default_factory=list)
    posts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    focus: list[dict[str, Any]] = field(default_factory=list)
    interests: list[dict[str, Any]] = field(default_factory=list)

    def said(self, seat: int) -> dict[str, Any]:
        """The member as the lists have them."""
        given, _, family = self.name.rpartition(" ")
        return {
            "value": {
                "id": self.number, "nameListAs": f"{family}, {given}", "nameDisplayAs": self.name,
                "nameFullTitle": f"{self.name} MP", "nameAddressAs": None, "gender": None,
                "latestParty": {"id": 1, "name": self.party, "abbreviation": None},
                "latestHouseMembership": {
                    "membershipFrom": "somewhere", "membershipFromId": seat, "house": 1,
                    "membershipStartDate": moment(self.since), "membershipEndDate": moment(self.ended),
                    "membershipEndReason": "Resigned" if self.ended else None,
                    "membershipStatus": None if self.ended else {
                        "statusIsActive": True, "statusStartDate": moment(self.since)
                    },
                },
                "thumbnailUrl": None,
            },
            "links": [],
        }  # fmt: skip


@dataclass
class Election:
    """An invented election; the candidates as (number or None, name, party, votes)."""

    number: int
    on: str
    candidates: list[tuple[int | None, str, str, int]]
    is_general: bool = False

    def said(self, *, in_full: bool) -> dict[str, Any]:
        """The election, with its candidates only where it is asked for alone."""
        votes = sorted((one[3] for one in self.candidates), reverse=True)
        return {
            "result": "Hold", "isNotional": False, "electorate": 70_000, "turnout": sum(votes),
            "majority": votes[0] - votes[1], "electionTitle": None, "electionDate": moment(self.on),
            "electionId": self.number, "isGeneralElection": self.is_general, "constituencyName": None,
            "candidates": [
                {"memberId": number, "name": name, "party": {"name": party}, "votes": count, "rankOrder": None}
                for number, name, party, count in self.candidates
            ] if in_full else [],
        }  # fmt: skip


Spoilt = Callable[[BaseHTTPRequestHandler], None]


class Parliament:
    """Who sits in which seat, by its number; `spoil` takes the place of the next answers to an address."""

    def __init__(self, seats: dict[int, Sitting | None]) -> None:
        self.seats = seats
        self.gone: dict[int, Sitting] = {}
        self.elections: dict[int, list[Election]] = {}
        self.holidays: dict[str, list[dict[str, Any]]] = {}
        for row in bank_holidays().holidays:
            event = {"title": row.title, "date": row.day.isoformat(), "notes": "", "bunting": True}
            self.holidays.setdefault(row.division, []).append(event)
        self.requests: list[str] = []
        self.whole_requests: list[str] = []
        self.spoilt: list[tuple[str, Spoilt]] = []
        self.closing = threading.Event()
        self.address = ""

    def spoil(self, address: str, spoilt: Spoilt, times: int = 1) -> None:
        """Answer so the next times that an address with these words in it is asked for."""
        self.spoilt += [(address, spoilt)] * times

    def takes(self, path: str) -> Spoilt | None:
        """What takes the place of the answer to this question, once."""
        for index, (address, spoilt) in enumerate(self.spoilt):
            if address in path:
                del self.spoilt[index]
                return spoilt
        return None

    def answer(self, path: str) -> Any:
        """What it says at this address; None where there is nothing."""
        parts = urlsplit(path)
        words = parts.path.strip("/").split("/")
        if words == ["bank-holidays.json"]:
            return {one: {"division": one, "events": events} for one, events in self.holidays.items()}
        if words[1:] == ["Members", "Search"]:
            return self._search(parse_qs(parts.query))
        if words[1] == "Members":
            return self._member(int(words[2]), words[3:])
        seat = int(words[3])
        if words[4:] == ["ElectionResults"]:
            return {"value": [one.said(in_full=False) for one in self.elections.get(seat, [])]}
        if words[4:5] == ["ElectionResult"]:
            found = [one for one in self.elections.get(seat, []) if one.number == int(words[5])]
            return {"value": found[0].said(in_full=True)} if found else None
        member = self.seats.get(seat)
        sits = {"member": member.said(seat)} if member else None
        return {"value": {"id": seat, "name": "somewhere", "currentRepresentation": sits}}

    def _search(self, asked: dict[str, list[str]]) -> Any:
        sitting = [member.said(seat) for seat, member in sorted(self.seats.items()) if member]
        skip = int(asked["skip"][0])
        return {"items": sitting[skip : skip + 20], "totalResults": len(sitting), "skip": skip, "take": 20}

    def _member(self, number: int, of: list[str]) -> Any:
        sitting = {one.number: (seat, one) for seat, one in self.seats.items() if one}
        seat, member = sitting.get(number) or (0, self.gone.get(number))
        if member is None:
            return None
        return {
            (): member.said(seat),
            ("Contact",): {"value": member.contact},
            ("Biography",): {"value": member.posts},
            ("Focus",): {"value": member.focus},
            ("RegisteredInterests",): {"value": member.interests},
        }[tuple(of)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece, so that nobody waits for its second half
    parliament: Parliament

    def do_GET(self) -> None:
        said = self.parliament
        said.requests.append(self.path)
        said.whole_requests.append(f"{self.requestline}\n{self.headers}")
        if spoilt := said.takes(self.path):
            spoilt(self)
            return
        answer = said.answer(self.path)
        if answer is None:
            send(self, b"{}", status=404)
            return
        body = json.dumps(answer).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            send(self, b"", status=304, ETag=etag)
        else:
            send(self, body, ETag=etag)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def send(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    """One whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if status != 304:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def says(answer: Any, *, status: int = 200, **headers: str) -> Spoilt:
    """Another answer than the right one."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return lambda handler: send(handler, body, status=status, **headers)


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    """Half of an answer, and the line is dead."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"items": [')
    handler.close_connection = True


def never_ends(handler: BaseHTTPRequestHandler) -> None:
    """A first byte, and then nothing until everybody goes home."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")
    handler.wfile.flush()
    handler.server.parliament.closing.wait(30)  # type: ignore[attr-defined]
    handler.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours."""


@contextmanager
def open_parliament(parliament: Parliament) -> Iterator[Parliament]:
    """Let it answer at `address`, on a free port of this machine."""
    handler = type("Handler", (_Handler,), {"parliament": parliament})
    server = _Server(("127.0.0.1", 0), handler)
    server.parliament = parliament  # type: ignore[attr-defined]
    parliament.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield parliament
    finally:
        parliament.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
