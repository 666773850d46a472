"""What the papers on safety claim is there: every file they name, every test, every command."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
PAPERS = (
    "SECURITY.md",
    "docs/threat-model.md",
    "docs/data-protection.md",
    "docs/accessibility.md",
    "docs/data-dictionary.md",
)
FOLDERS = "casework|tests|docs|script|templates|letters|migrations|benchmarks"


def said(paper: str) -> str:
    """The paper as it is read, without the remarks that nobody sees."""
    return re.sub(r"<!--.*?-->", "", (ROOT / paper).read_text(), flags=re.DOTALL)


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_that_a_paper_names_is_there(paper):
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)(?:::\w+)?(?: [^`]*)?`", said(paper))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_link_of_a_paper_leads_to_a_file(paper):
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", said(paper))
    assert [link for link in links if not (ROOT / paper).parent.joinpath(link).exists()] == []


def test_every_claim_of_the_threat_model_names_a_test_that_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", said("docs/threat-model.md"))
    assert len(named) > 30
    assert [name for name in named if name[1] not in names_of_tests(ROOT / name[0])] == []


def test_every_attacker_is_told_what_is_left_to_them():
    chapters = said("docs/threat-model.md").split("## Who, and what they meet")[1]
    chapters = chapters.split("\n## What is not protected")[0]
    attackers = chapters.split("\n### ")[1:]
    assert len(attackers) > 10
    silent = [
        one.splitlines()[0]
        for one in attackers
        if "**What is left:**" not in one and "**Nothing protects" not in one
    ]
    assert silent == []


def test_no_paper_invents_an_address():
    for paper in PAPERS:
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", said(paper)), paper


@pytest.mark.parametrize("paper", ["README.md", "docs/threat-model.md"])
def test_every_address_that_is_a_secret_is_named_as_one_to_keep_out_of_logs(app: Flask, paper):
    secret = {rule.rule.split("<token>")[0] for rule in app.url_map.iter_rules() if "<token>" in rule.rule}
    assert len(secret) > 4
    assert [start for start in sorted(secret) if f"`{start}`" not in said(paper)] == []
