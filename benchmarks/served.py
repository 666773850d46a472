"""Real servers for benchmarks to ask, and plain work that says how quick the machine is at the moment."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def serving(folder: Path, processes: int) -> Iterator[int]:
    """The port of a server on this instance: the program's own, or gunicorn with so many processes."""
    port = free_port()
    environ = {**os.environ, "CASEWORK_INSTANCE": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "casework.cli", "serve", "--port", str(port)]
    ready = "Stop it"
    if processes:
        command = [sys.executable, "-m", "gunicorn", "casework.wsgi:app", "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", str(processes), "--threads", "8", "--no-control-socket"]
        ready = "Booting worker"
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout
        while ready not in (line := server.stdout.readline()):
            assert line, "the server did not start"
        drain = threading.Thread(target=server.stdout.read, daemon=True)
        drain.start()
        try:
            yield port
        finally:
            server.terminate()
            server.wait()
            drain.join()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def plain_work() -> tuple[float, float]:
    """The seconds of the same small work, by the clock and by the processor's account: about as long as a page."""
    started, worked, kept = time.perf_counter(), time.thread_time(), {}
    for number in range(200_000):
        kept[number % 1000] = str(number)
    return time.perf_counter() - started, time.thread_time() - worked
