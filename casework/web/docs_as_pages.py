"""What stands in docs/ as pages of the house."""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from casework.settings import resource_dir


def _text(name: str) -> str:
    text = (resource_dir("docs") / f"{name}.md").read_text()
    return re.sub(r"^<!--.*?-->\n|<!--.*?-->", "", text, flags=re.DOTALL | re.MULTILINE)


@lru_cache(maxsize=64)
def as_page(name: str, shown: tuple[tuple[str, str], ...]) -> Markup:
    """The paper of this name in docs/ as a page of the house: tables that a phone can show, no link that leads nowhere.

    `shown` are the other papers that are shown, each with its address. The page stays made: a long one takes a while.
    """
    address_of = dict(shown)
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(_text(name))
    _dress_tables(tokens)
    _name_headings(tokens)
    for token in tokens:
        _lead_home(token.children or [], address_of)
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704  our own file, and no HTML in it


def _lead_home(inline: list[Token], address_of: dict[str, str]) -> None:
    """Links to papers that are shown here lead to them and the others are words; what is to be filled in says so."""
    leads = True
    for token in inline:
        if token.type == "link_open":
            address = address_of.get(re.sub(r"\.md(#.*)?$", "", str(token.attrs["href"])))
            leads = address is not None
            token.tag, token.attrs = ("a", {"href": address}) if address else ("span", {})
        elif token.type == "link_close" and not leads:
            token.tag = "span"
        elif token.type == "code_inline" and "__" in token.content:
            token.attrs = {"class": "blank"}


def _name_headings(tokens: list[Token]) -> None:
    """A name for each heading that nothing else of the page has, so that a link can lead there."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = re.sub(r"[^\w\s-]", "", tokens[place + 1].content.lower())
            token.attrs["id"] = "part-" + re.sub(r"\s+", "-", words.strip())


def _dress_tables(tokens: list[Token]) -> None:
    """Say of each cell which column it stands in, and make the first of a row its heading."""
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            token.attrs, heads = {"class": "blocks"}, []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            heads.append(tokens[place + 1].content)
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            _dress_cell(token, tokens[place + 2], heads[column], is_first=column == 0)
            column += 1


def _dress_cell(opening: Token, closing: Token, head: str, *, is_first: bool) -> None:
    if is_first:
        opening.tag = closing.tag = "th"
        opening.attrs = {"scope": "row"}
    elif head:
        opening.attrs = {"data-label": head[0].upper() + head[1:]}
