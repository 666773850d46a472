"""One question at a time to a public server: a few a second, with a time limit, again when it asks to wait, and whole.

What may stand in an address is decided by `asking`: numbers of members and seats, and numbers of pages.
"""

import email.utils
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from casework.domain.errors import CaseworkError
from casework.reference.parliament.kept_answers import Kept, KeptAnswers

AGENT = "directory update, one request at a time"  # it does not say whose
MOST_BYTES = 5_000_000
TRIES = 4
LONGEST_WAIT = 120.0  # seconds that a server may ask us to wait; for longer, somebody comes back later
NO_NETWORK = "There is no way to {host} from this machine. Nothing was changed; the directory is as it was."
_AT_HOME = frozenset({"127.0.0.1", "::1", "localhost"})
_WAIT_AND_ASK_AGAIN = frozenset({429, 500, 502, 503, 504})


class NoAnswer(CaseworkError):
    """A server did not answer, or not with what can be read. Nothing is changed by it."""


def is_at_home(base: str) -> bool:
    """Whether this server is on this machine."""
    return httpx.URL(base).host in _AT_HOME


@dataclass
class Pace:
    """How fast questions are asked, how long each may take, and what waits."""

    a_second: float = 4.0
    time_limit: float = 30.0  # seconds for one answer, from the first byte to the last
    tries: int = TRIES
    wait: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic


class _Again(Exception):
    """This try failed; `after` says how many seconds the server asks us to wait, None where it does not say."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.why, self.after = why, after


@dataclass
class Client:
    """Asks one server. `requests` counts the questions that were sent."""

    base: str
    kept: KeptAnswers
    pace: Pace = field(default_factory=Pace)
    requests: int = 0
    _next_at: float = 0.0
    _was_answered: bool = False

    def __post_init__(self) -> None:
        self._host = httpx.URL(self.base).host
        # A server on this machine is reached without whatever proxy stands between it and the world.
        limit = self.pace.time_limit
        self._http = httpx.Client(
            timeout=httpx.Timeout(limit, connect=min(10.0, limit)),
            follow_redirects=False,
            trust_env=not is_at_home(self.base),
            headers={"User-Agent": AGENT, "Accept": "application/json"},
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def ask(self, path: str, *, good_for: float = 0.0) -> Any:
        """The answer of this address, read as JSON. One that came less than `good_for` seconds ago is not asked again.

        Raises NoAnswer when there is none after some tries, and when the server asks to wait long.
        """
        address = f"{self.base}{path}"
        kept = self.kept.find(address)
        if kept and 0 <= time.time() - kept.at < good_for:
            return _as_json(kept.text)
        why = ""
        for tried in range(self.pace.tries):
            try:
                return self._once(address, kept)
            except _Again as error:
                why = error.why
                if error.after is not None and error.after > LONGEST_WAIT:
                    minutes = round(error.after / 60)
                    raise NoAnswer(
                        f"{self._host} asks us to wait {minutes} minutes. Nothing was changed. Try again after that: "
                        "what it answered so far is kept, and not asked again."
                    ) from None
                if tried + 1 < self.pace.tries:
                    self.pace.wait(error.after if error.after is not None else 2.0 ** (tried + 1))
        raise NoAnswer(f"{self._host} {why}. Nothing was changed. Try again later.")

    def _once(self, address: str, kept: Kept | None) -> Any:
        self._keep_pace()
        headers = {}
        if kept and kept.etag:
            headers["If-None-Match"] = kept.etag
        if kept and kept.last_modified:
            headers["If-Modified-Since"] = kept.last_modified
        self.requests += 1
        try:
            with self._http.stream("GET", address, headers=headers) as answer:
                content = self._content(answer)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
            if not self._was_answered:
                raise NoAnswer(NO_NETWORK.format(host=self._host)) from None
            raise _Again("cannot be reached any more") from None
        except (httpx.TimeoutException, TimeoutError):
            raise _Again("took too long to answer") from None
        except (httpx.TransportError, httpx.DecodingError):
            raise _Again("broke off in the middle of an answer") from None
        self._was_answered = True
        return self._read(answer, content, address, kept)

    def _keep_pace(self) -> None:
        now = self.pace.now()
        if now < self._next_at:
            self.pace.wait(self._next_at - now)
        self._next_at = max(now, self._next_at) + 1 / self.pace.a_second

    def _content(self, answer: httpx.Response) -> bytes:
        """What was sent, as long as it is neither too much nor too slow."""
        until, parts, size = time.monotonic() + self.pace.time_limit, [], 0
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                raise NoAnswer(f"{self._host} sent more than any answer of its holds. Nothing was changed.")
            if time.monotonic() > until:
                raise TimeoutError
        return b"".join(parts)

    def _read(self, answer: httpx.Response, content: bytes, address: str, kept: Kept | None) -> Any:
        status = answer.status_code
        if status == httpx.codes.NOT_MODIFIED and kept:
            self.kept.keep(address, kept.text, kept.etag, kept.last_modified)
            return _as_json(kept.text)
        if status in _WAIT_AND_ASK_AGAIN:
            why = (
                "asks us to come back later" if status == httpx.codes.TOO_MANY_REQUESTS else "is out of order"
            )
            raise _Again(f"{why} ({status})", _retry_after(answer.headers.get("Retry-After", "")))
        if status != httpx.codes.OK:
            raise NoAnswer(
                f"{self._host} answered with {status}, which we do not expect. Nothing was changed."
            )
        try:
            text = content.decode("utf-8")
            told = _as_json(text)
        except (ValueError, RecursionError):
            raise _Again("sent something that cannot be read") from None
        self.kept.keep(address, text, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
        return told


def _as_json(text: str) -> Any:
    return json.loads(text)


def _retry_after(text: str) -> float | None:
    """How many seconds that is: a number, or a moment; None for what is neither."""
    if text.strip().isascii() and text.strip().isdigit():
        return float(text[:12])
    try:
        until = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
