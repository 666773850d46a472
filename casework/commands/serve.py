"""`casework serve`: the program on this machine, for a browser."""

import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask

from casework.commands.explained import explained
from casework.commands.private_memory import keep_memory_private
from casework.commands.unlocking import unlocked
from casework.domain.errors import SettingsError
from casework.settings import PREFIX, Settings, load_demo_settings, load_settings
from casework.storage import lock_marker
from casework.storage.key_file import NeedsPassphrase

THREADS = 8
# How many new objects bring the collector, and how many of its rounds a longer one.
COLLECT_AFTER = (20_000, 20, 50)
TURN = 0.0005  # seconds
# A body larger than this is cut off. Up to it the program itself answers, with a page that says what to do.
LARGEST_BODY = 64 * 2**20
LARGEST_PAGE = 64 * 2**20
COMMAND = "from casework.cli import main; main()"
# After a lock: for the workers to end.
PATIENCE_IN_HASTE = 1.0


@click.command("serve")
@click.option("--demo", is_flag=True, help="Invented people in an instance of their own, to look round.")
@click.option("--port", type=int, help="Where to listen; 8000 when nothing else is set.")
@click.option("--host", help="The address to listen on; 127.0.0.1 when nothing else is set.")
@click.option("--locked-on", type=int, hidden=True, help="The socket of the server that was locked just now.")
def serve_command(demo: bool, port: int | None, host: str | None, locked_on: int | None) -> None:
    """Start Casework and say where it is."""
    with explained():
        load = load_demo_settings if demo else load_settings
        settings = load(port=port, host=host)
        inherited = locked_on is not None
        listening = socket.socket(fileno=locked_on) if inherited else listen(settings.host, settings.port)
        keep_memory_private()
        app, how_to_sign_in = open_or_locked(settings, demo=demo)
    for line in (
        f"Casework is at {address(settings)}",
        *how_to_sign_in,
        *warnings(settings),
        "Stop it with Ctrl+C.",
    ):
        click.echo(line)
    sys.stdout.flush()
    run(app, listening, settings, demo=demo)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises SettingsError when the port is in use or the address is not one of this machine.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise SettingsError(
            f"There is no address called {host}. Try --host 127.0.0.1", field="host"
        ) from None
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(place)
        listening.listen()
    except OSError as error:
        listening.close()
        raise SettingsError(_why_not(error, host, port), field="port") from None
    return listening


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"Port {port} is in use, perhaps by Casework itself. Try --port {other}"
    if error.errno == errno.EACCES:
        return f"Port {port} is kept for the system. Try --port 8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine does not have the address {host}. Try --host 127.0.0.1"
    return f"Casework cannot listen on {host}, port {port}: {error.strerror}."


def open_or_locked(settings: Settings, *, demo: bool) -> tuple[Flask | None, list[str]]:
    """The application and how to sign in; no application while somebody has to type the passphrase first."""
    if lock_marker.is_locked(settings.instance):
        return None, ["It is locked. Its page says how to unlock it; at this machine it is: casework unlock"]
    try:
        unlocked(settings, looks_itself=True)
    except NeedsPassphrase:
        return None, ["It is locked: open that page and type the passphrase of the key."]
    return prepare(settings, demo=demo)


def prepare(settings: Settings, *, demo: bool) -> tuple[Flask, list[str]]:
    """The application with its database ready, and the lines that say how to sign in."""
    from casework.app import create_app

    app = create_app(settings)
    with app.app_context():
        if demo:
            from casework.demo import make_demo

            return app, make_demo()
        return app, [*_first_key(settings), *_first_visit(settings)]


def _first_key(settings: Settings) -> list[str]:
    from casework.storage.instance import current_instance

    if not current_instance().made_key:
        return []
    return [
        f"A new key was made: {settings.key_file}",
        "  It opens the database and the papers. Whoever has it and the instance folder can read everything;",
        "  without it nobody can, you included. Copy it to a second safe place, apart from your backups.",
    ]


def _first_visit(settings: Settings) -> list[str]:
    from casework.services.safety import accounts

    token = accounts.first_organiser_link()
    if token is None:
        return ["Sign in with your name and your password."]
    return [
        "Nobody has an account yet. Open this link to make the first organiser's; it works once, for one day:",
        f"  {address(settings)}first/{token}",
    ]


def address(settings: Settings) -> str:
    """Where a browser finds it."""
    host = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def warnings(settings: Settings) -> list[str]:
    """What to know before others on the network come in."""
    of_database = [
        "The database is on PostgreSQL and is not encrypted by Casework: encrypt the disk under it. See docs/hosting.md"
    ]
    found = of_database if settings.database else []
    at_home = settings.host in ("127.0.0.1", "localhost", "::1")
    if at_home or settings.https:
        return found
    return [
        *found,
        f"On {settings.host} others on the network can reach it. Unless you put it behind https they can "
        "also read what passes. The README says how.",
    ]


class WithoutWords(logging.Formatter):
    """Log lines of errors as their kind and place alone: an error's words and an address may hold a name or a link."""

    def format(self, record: logging.LogRecord) -> str:
        when = f"{self.formatTime(record)} {record.levelname} {record.name}:"
        if not (record.exc_info and record.exc_info[0]):
            return f"{when} {record.getMessage()}"
        kind, _, trace = record.exc_info
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-4:]]
        return f"{when} {kind.__name__} at {' > '.join(places)}"


def keep_words_out_of_the_log() -> None:
    """Log warnings and errors to the terminal, without what people typed."""
    terminal = logging.StreamHandler()
    terminal.setFormatter(WithoutWords())
    logging.basicConfig(level=logging.WARNING, handlers=[terminal])
    # That one request waits for a moment is nothing to tell.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def settle_memory() -> None:
    """Have Python's collector leave alone what stays until the end, and come less often.

    Each of its full rounds went through the whole program; that was the slowest twentieth of the answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def take_short_turns() -> None:
    """Have the threads of this process hand Python to each other ten times as often as it does by itself.

    A thread gives it up for each row that it reads, and then waits for whoever took it: five milliseconds a row, by
    Python's own measure, while another draws a letter. A page took twelve times as long beside a letter as alone.
    """
    sys.setswitchinterval(TURN)


def run(app: Flask | None, listening: socket.socket, settings: Settings, *, demo: bool = False) -> None:
    """Serve until Ctrl+C or SIGTERM; what has begun has five seconds to finish. Without an app it is locked at first.

    Bodies and pages stay in memory: a buffer in a temporary file would put them on the disk in clear.
    """
    from waitress import create_server

    def stop(number: int, frame: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    keep_words_out_of_the_log()
    settle_memory()
    take_short_turns()
    door, end_workers = hang_door(app, listening, settings, demo=demo)
    server = create_server(
        door,
        sockets=[listening],
        threads=THREADS,
        ident=None,
        url_scheme="https" if settings.https else "http",
        # Where a web server of the group's stands in front, what it says of visitors is for the program to read.
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
        max_request_body_size=LARGEST_BODY,
        inbuf_overflow=LARGEST_BODY + 1,
        outbuf_overflow=LARGEST_PAGE,
        channel_timeout=120,
    )
    door.watch()
    try:
        server.run()
    finally:
        end_workers()


def hang_door(
    app: Flask | None, listening: socket.socket, settings: Settings, *, demo: bool
) -> tuple[Any, Callable[..., None]]:
    """The server's door, and what ends the workers that are there while it is open."""
    from casework.door import TIME_FOR_THE_ANSWER, Door

    at_work: list[Any] = []

    def opened(app: Flask) -> None:
        # Imported here: while it is locked the program itself is not loaded.
        from casework.commands.workers import Workers

        at_work.append(workers := Workers(app, settings))
        workers.start()
        settle_memory()

    def end_workers(*patience: float) -> None:
        while at_work:
            at_work.pop().end(*patience)

    def make(settings: Settings) -> Flask:
        app, how_to_sign_in = prepare(settings, demo=demo)
        click.echo("\n".join(how_to_sign_in))
        return app

    def locked() -> None:
        end_workers(PATIENCE_IN_HASTE)
        threading.Timer(TIME_FOR_THE_ANSWER, lambda: begin_anew(listening, settings, demo=demo)).start()

    door = Door(settings, make, app=app, after_open=opened, after_lock=locked)
    if app is not None:
        opened(app)
    return door, end_workers


def begin_anew(listening: socket.socket, settings: Settings, *, demo: bool) -> None:
    """Put a new, locked server into the place of this process. What dropping cannot wipe from memory goes with it."""
    os.set_inheritable(listening.fileno(), True)
    here = str(Path(__file__).parents[2])
    environ = {**os.environ, f"{PREFIX}INSTANCE": str(settings.instance)}
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, (here, environ.get("PYTHONPATH"))))
    words = ["--host", settings.host, "--port", str(settings.port), "--locked-on", str(listening.fileno())]
    command = [sys.executable, "-c", COMMAND, "serve", *words, *(["--demo"] if demo else [])]
    sys.stdout.flush()
    os.execve(sys.executable, command, environ)  # noqa: S606 our own program
