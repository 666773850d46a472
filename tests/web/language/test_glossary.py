"""A word of the field leads to what it means, where it stands; and nothing leads to a word that nobody explained."""

from collections.abc import Iterator

import jinja2
import pytest
from jinja2 import nodes
from markupsafe import Markup

from casework.domain.language.glossary import Checked, found_in
from casework.reference.glossary import terms
from casework.web.language.glossary import with_terms
from tests.house.test_supply_chain import ROOT

ALL = {term.name: term for term in terms()}


def linked_in(path) -> Iterator[tuple[str, str]]:
    """Each word that a template says it links, with the text that it should stand in."""
    tree = jinja2.Environment(trim_blocks=True).parse(path.read_text())
    for block in tree.find_all((nodes.FilterBlock, nodes.CallBlock)):
        text = "".join(one.data for one in block.find_all(nodes.TemplateData))
        if isinstance(block, nodes.FilterBlock) and block.filter.name == "terms":
            named = block.filter.args
        elif isinstance(block, nodes.CallBlock) and getattr(block.call.node, "name", "") == "help":
            named = block.call.args[1:]
        else:
            continue
        yield from ((one.value, text) for one in named)


@pytest.fixture(scope="module")
def linked() -> list[tuple[str, str, str]]:
    """Every word that a template links, with the template and the text."""
    return [
        (path.relative_to(ROOT).as_posix(), name, text)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for name, text in linked_in(path)
    ]


def test_every_word_that_a_page_links_is_explained_and_stands_there(linked):
    assert [one for one in linked if one[1] not in ALL or not found_in(one[2], ALL[one[1]])] == []


def test_every_word_that_is_explained_is_linked_from_a_page(linked):
    assert sorted(set(ALL) - {name for _, name, _ in linked}) == []


def test_what_a_word_means_says_where_it_was_read_or_that_nobody_checked_it(stranger):
    page = stranger.get("/glossary")
    for term in terms():
        assert f'id="{term.key}"' in page
        assert (term.status is Checked.READ) == bool(term.sources and term.read_on)
    assert "General knowledge that nobody has checked" in page
    assert "Read on" in page


def test_a_word_leads_to_its_meaning_once_on_a_page_and_never_within_a_link_or_a_tag(app):
    typed = Markup('<p title="bail"><a href="/x">Bail</a> is bail, and bail again.</p>')
    with app.test_request_context("/cases"):
        shown = with_terms(typed, "bail")
        assert shown.count("<a ") == 2
        assert '</a> is <a class="term" href="/glossary#bail">bail</a>, and bail again' in shown
        assert "href" not in with_terms("more of bail", "bail")
        with pytest.raises(KeyError):
            with_terms("anything", "a word of our own")


def test_what_somebody_typed_stays_words(app):
    with app.test_request_context("/cases"):
        assert "<script>" not in with_terms("<script>bail</script>", "bail")
