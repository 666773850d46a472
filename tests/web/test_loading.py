"""What makes PDFs is heavy. It is loaded by the first page that makes one, and by no other."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("visit_pages.py")


def test_only_a_page_that_shows_a_letter_loads_what_draws_it(instance: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.web.visit_pages", str(instance)],
        cwd=PROGRAM.parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    *light, drawn = answer.stdout.splitlines()
    assert light == [
        *("200 /cases ", "200 /dates ", "200 /trail ", "200 /case ", "200 /case/who-can-act "),
        *("200 /case/letters ", "200 /case/letters/new "),
    ]
    assert drawn.startswith("200 /case/letters/1 weasyprint")
