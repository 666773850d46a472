"""Somebody outside a locked instance, and the passphrase that lets them in."""

import re

from casework.door import Door
from casework.storage import key_file

WORDS = "lantern gravel otter noon teapot sail"
CHEAP = key_file.Cost(memory=64, passes=1, lanes=1)


class Outside:
    """Somebody at the door, with a browser's cookies."""

    def __init__(self, door: Door) -> None:
        from werkzeug.test import Client

        self.client = Client(door)

    def ask(self, path: str = "/", status: int = 503) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, path
        if answer.mimetype == "text/html":
            assert answer.headers["Cache-Control"] == "no-store"
        return answer.get_data(as_text=True)

    def type(self, passphrase: str, status: int = 503, token: str | None = None) -> str:
        found = token or re.search(r'name="csrf_token"[^>]*value="([^"]*)"', self.ask())[1]
        answer = self.client.post("/unlock", data={"csrf_token": found, "passphrase": passphrase})
        assert answer.status_code == status
        return answer.get_data(as_text=True)
