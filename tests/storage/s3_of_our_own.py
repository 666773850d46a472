"""A storage that speaks as much S3 as papers need, on this machine alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def error(code: str) -> bytes:
    """What such a storage says when it does not do what it was asked."""
    return f"<Error><Code>{code}</Code></Error>".encode()


class Storage(BaseHTTPRequestHandler):
    """Objects of one bucket, by their names. What comes without a signature is refused."""

    protocol_version = "HTTP/1.1"
    kept: dict[str, bytes]
    ails: list[int]  # while a number stands here, every question is answered with it
    meanwhile: Callable[[], None]

    def _name(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/papers").removeprefix("/")

    def _say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        if not self.ails:
            return True
        self.close_connection = True
        self._say(self.ails[0], error("NoSuchBucket" if self.ails[0] == 404 else "InternalError"))
        return False

    def _is_signed(self) -> bool:
        return "Credential=ruth/" in self.headers.get("Authorization", "")

    def _is_our_bucket(self) -> bool:
        return urlsplit(self.path).path.split("/")[1] == "papers"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_signed():
            return self._say(403)
        if not self._is_our_bucket():
            return self._say(404, error("NoSuchBucket"))
        self.meanwhile()
        self.kept[self._name()] = body
        return self._say(200)

    def do_GET(self) -> None:
        if not self._is_signed():
            return self._say(403)
        if not self._is_our_bucket():
            return self._say(404, error("NoSuchBucket"))
        if self._name():
            found = self.kept.get(self._name())
            return self._say(404, error("NoSuchKey")) if found is None else self._say(200, found)
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        names = sorted(name for name in self.kept if name.startswith(prefix))
        listed = "".join(
            f"<Contents><Key>{name}</Key><Size>{len(self.kept[name])}</Size></Contents>" for name in names
        )
        return self._say(200, f"<ListBucketResult>{listed}</ListBucketResult>".encode())

    def do_DELETE(self) -> None:
        self.kept.pop(self._name(), None)
        self._say(204)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def storage(
    ails: list[int] | None = None, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Its address, and what it keeps. While a number of HTTP stands in `ails`, it answers everything with that.

    `meanwhile` happens before it answers whoever sends something.
    """
    kept: dict[str, bytes] = {}
    ours = {"kept": kept, "ails": [] if ails is None else ails, "meanwhile": staticmethod(meanwhile)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Kept", (Storage,), ours))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings_of(folder: Path, address: str) -> dict[str, str]:
    """The settings with which papers go there; the key lies in this folder."""
    key = folder / "s3-key"
    key.write_text("ruth\nsecret of the storage\n")
    key.chmod(0o600)
    return {"archive_store": "s3", "s3_endpoint": address, "s3_bucket": "papers", "s3_key_file": str(key)}
