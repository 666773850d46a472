"""Asks whether anything is known against the packages that Casework is locked to, where there is a network to ask.

pip-audit says "No known vulnerabilities found" even when its service knew none of the packages. So what it says is
read, and only a package that somebody looked at counts as looked at.

Ends with 0 when nothing is known, and when nobody could be asked; with 1 when something is known or a package was left
out.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
SERVICES = ("pypi", "osv")
_SECONDS = 300


def ask_service(service: str) -> list[dict]:
    """What this service answers of every package; nothing when it cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", service, "--format", "json"]
    command += ["--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    for lock in LOCKS:
        command += ["--requirement", str(ROOT / lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S603
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []


def audit(ask: Callable[[str], list[dict]] = ask_service) -> int:
    """The status to end with, once every line was said. The second service is asked where the first knows nothing."""
    for service in SERVICES:
        packages = ask(service)
        if any("skip_reason" not in package for package in packages):
            status, lines = judge(packages)
            _say(f"Asked {service} about {len(packages)} packages.", *lines)
            return status
        _say(f"Nobody could be asked at {service}.")
    _say(
        "NOT AUDITED: no list of known faults can be reached from here. Run script/audit where there is a network."
    )
    return 0


def judge(packages: list[dict]) -> tuple[int, list[str]]:
    """What an answer means: the status, and a line for each fault and for each package that nobody looked at."""
    faults = [
        f"{package['name']} {package['version']}: {fault['id']}"
        + (f", mended in {', '.join(fault['fix_versions'])}" if fault["fix_versions"] else ", not mended yet")
        for package in packages
        for fault in package.get("vulns", [])
    ]
    unseen = [f"{package['name']}: nobody looked at it" for package in packages if "skip_reason" in package]
    return (1 if faults or unseen else 0), [*faults, *unseen] or ["Nothing is known against any of them."]


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(audit())
