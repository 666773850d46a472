"""Real servers and somebody who uses them, over the network of this machine."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]


class Servers:
    """Begins servers on one instance, and kills them."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder
        self.running: dict[int, int] = {}  # the port of each, by its process

    def ask(self, *words: object) -> str:
        """What a process says to this."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\t".join(map(str, (self._folder, *words))) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def begin(self, *limit: int) -> int:
        """The port of a new one."""
        process, port = map(int, self.ask("serve", *limit).split())
        self.running[port] = process
        return port

    def kill(self, port: int) -> None:
        """What a power cut looks like to a program."""
        os.kill(self.running.pop(port), signal.SIGKILL)


@contextmanager
def forking(folder: Path) -> Iterator[Callable[[Path], AbstractContextManager[Servers]]]:
    """A place where servers begin, on the instance that is asked for; they are killed when that is left."""
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("serve_and_die.py"), folder],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        @contextmanager
        def on(instance: Path) -> Iterator[Servers]:
            found = Servers(process, instance)
            try:
                yield found
            finally:
                for port in list(found.running):
                    found.kill(port)

        try:
            yield on
        finally:
            process.kill()


class Somebody:
    """Signed in, at whatever port answers: the cookie is the same for all servers of an instance."""

    def __init__(self, cookie: str = "") -> None:
        self.cookie = cookie

    def ask(self, port: int, method: str, path: str, **fields: str) -> tuple[int, str, str]:
        """Status, text and where it leads. Raises OSError or HTTPException when the server dies meanwhile."""
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, path, urlencode(fields) if fields else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if found := re.search(r"casework=[^;]+", answer.headers.get("Set-Cookie") or ""):
            self.cookie = found[0]
        return answer.status, text, answer.headers.get("Location") or ""

    def form(self, port: int, path: str) -> dict[str, str]:
        """The hidden fields of a form."""
        text = self.ask(port, "GET", path)[1]
        return {
            name: found[1]
            for name in ("csrf_token", "once")
            if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', text))
        }

    def sign_in(self, port: int, name: str, password: str) -> None:
        """Sign in as anybody does."""
        fields = {**self.form(port, "/sign-in"), "sign_in_name": name, "password": password}
        assert self.ask(port, "POST", "/sign-in", **fields)[0] == 303
