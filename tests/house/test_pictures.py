"""The pictures of the docs: small, each shown by a paper, and none missing."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
SHOWN = {
    (paper.parent / name).resolve()
    for paper in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", paper.read_text())
}


def test_every_picture_is_shown_by_a_paper_and_every_picture_that_one_shows_is_there():
    assert set(PICTURES.glob("*.png")) == SHOWN


def test_no_picture_is_larger_than_somebody_with_a_slow_line_can_wait_for():
    assert [one.name for one in PICTURES.glob("*.png") if one.stat().st_size > 150_000] == []


def test_every_link_from_one_paper_to_another_leads_to_a_file():
    for paper in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        links = re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]+)?\)", paper.read_text())
        missing = [link for link in links if not (paper.parent / link).exists()]
        assert missing == [], paper.name
