"""Templates are compiled once for all applications, and what another text became is never taken for them."""

from jinja2 import DictLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from casework.pdf import compiled
from casework.pdf.compiled import Compiled
from casework.web.reading import HouseEnvironment


def said(kept: Compiled, text: str) -> str:
    return (
        ImmutableSandboxedEnvironment(loader=DictLoader({"words": text}), bytecode_cache=kept)
        .get_template("words")
        .render()
    )


def test_other_words_under_the_same_name_are_made_anew_and_the_same_are_not():
    kept = Compiled()
    assert [said(kept, text) for text in ("{{ 1 }}a", "{{ 2 }}b", "{{ 1 }}a")] == ["1a", "2b", "1a"]
    assert len(kept._made) == 2


def test_what_a_group_writes_without_end_is_forgotten_again(monkeypatch):
    monkeypatch.setattr(compiled, "MOST", 3)
    kept = Compiled()
    for number in range(9):
        assert said(kept, f"{number}") == str(number)
    assert len(kept._made) == 3


def test_pages_in_english_and_in_other_languages_are_kept_apart():
    assert HouseEnvironment.compiled is not HouseEnvironment.compiled_marked
