"""Every command that the README and the docs name is there, with the options that are named of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from casework.cli import main

ROOT = Path(__file__).parents[2]
PAPERS = [
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    *(f"docs/{one.name}" for one in (ROOT / "docs").glob("*.md")),
]
CALLED = re.compile(r"(?:^\s*(?:\$ )?|bin/)casework ((?!casework)[^>|&#()]*)")
OF_ALL = {"--help", "--version"}


def lines_of(text: str) -> Iterator[str]:
    """What stands in a paper as something to be typed."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M):
        yield from block.splitlines()
    yield from re.findall(r"(?<!`)`([^`\n]+)`", text)


def command_of(words: list[str]) -> click.Command | None:
    """The command that these words name; None where there is none."""
    command: click.Command | None = main
    for word in words:
        if not isinstance(command, click.Group) or command is None or word.startswith("-"):
            break
        command = command.get_command(click.Context(command), word)
    return command


def options_of(command: click.Command) -> set[str]:
    return OF_ALL | {option for one in command.params for option in (*one.opts, *one.secondary_opts)}


def wrong_in(line: str) -> Iterator[str]:
    for called in CALLED.findall(line):
        command = command_of(called.split())
        if command is None or not options_of(command).issuperset(re.findall(r"(?<!\S)--[\w-]+", called)):
            yield called


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_every_command_that_a_paper_names_is_there_with_its_options(paper):
    lines = list(lines_of((ROOT / paper).read_text("utf-8")))
    assert [wrong for line in lines for wrong in wrong_in(line)] == []


def test_every_command_stands_in_the_readme_and_nothing_is_told_of_it_that_it_cannot_do():
    rows = re.findall(r"^\| (`casework [^|]*) \| (.*) \|$", (ROOT / "README.md").read_text("utf-8"), re.M)
    told: set[click.Command] = set()
    for named, what in rows:
        commands = [command_of(one.split()) for one in re.findall(r"`casework ([^`]*)`", named)]
        assert None not in commands, named
        told |= {one for one in commands if one}
        options = set().union(*(options_of(one) for one in commands if one))
        assert set(re.findall(r"`(--[\w-]+)", what)) <= options, named
    assert {one for one in all_of(main) if not one.hidden} <= told


def all_of(group: click.Group) -> Iterator[click.Command]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group) and not command.invoke_without_command:
            yield from all_of(command)
        else:
            yield command


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_every_script_and_picture_that_a_paper_names_is_there(paper):
    text = (ROOT / paper).read_text("utf-8")
    named = {f"script/{name}" for name in re.findall(r"`script/([\w.-]+)", text)}
    linked = set(re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text))
    missing = [one for one in named if not (ROOT / one).exists()]
    assert missing + [one for one in linked if not (ROOT / paper).parent.joinpath(one).exists()] == []
