"""Papers for the group: what Casework's own docs say of safety, to read, fill in and print."""

import re
from functools import cache

from flask import Blueprint, render_template, url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from casework.domain.accounts import Action
from casework.settings import resource_dir
from casework.web.guards import allow, public

bp = Blueprint("group_papers", __name__)

# Each paper, by the name of its file in docs/: its title, and what it is for.
PAPERS = {
    "data-protection": (
        "Data protection",
        "Who answers for the data, on what ground, an impact assessment to fill in, people’s rights, the first 72 "
        "hours after a breach, and a page for the day on which police come. To be checked by a lawyer.",
    ),
    "threat-model": (
        "Who might attack",
        "What each of them meets in Casework, and what is not protected. Read the last list before you trust it.",
    ),
    "data-dictionary": (
        "What is kept",
        "Every field of every table, and for how long it stays.",
    ),
    "accessibility": (
        "Can everybody use it?",
        "The standard that the pages keep to, how that is tried, and what is not right yet.",
    ),
}


@bp.get("/papers")
@allow(Action.OWN_ACCOUNT)
def index() -> str:
    return render_template("group_papers/index.html", papers=PAPERS)


@allow(Action.OWN_ACCOUNT)
def show(name: str) -> str:
    return render_template("group_papers/show.html", name=name, title=PAPERS[name][0], paper=_html(name))


for one in PAPERS:
    bp.add_url_rule(f"/papers/{one}", view_func=show, defaults={"name": one})


@bp.get("/accessibility")
@public
def accessibility() -> str:
    """The same paper for whoever has no account: a page that somebody cannot use has to say so to everybody."""
    name = "accessibility"
    return render_template(
        "group_papers/show.html", name=name, title=PAPERS[name][0], paper=_html(name), alone=True
    )


@cache
def _text(name: str) -> str:
    text = (resource_dir("docs") / f"{name}.md").read_text()
    return re.sub(r"^<!--.*?-->\n|<!--.*?-->", "", text, flags=re.DOTALL | re.MULTILINE)


def _html(name: str) -> Markup:
    """The paper as a page of the house: tables that a phone can show, and no link that leads nowhere."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(_text(name))
    _dress_tables(tokens)
    for token in tokens:
        _lead_home(token.children or [])
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704  our own file, and no HTML in it


def _lead_home(inline: list[Token]) -> None:
    """Links to papers that are shown here lead to them and the others are words; what is to be filled in says so."""
    leads = True
    for token in inline:
        if token.type == "link_open":
            name = re.sub(r"\.md(#.*)?$", "", str(token.attrs["href"]))
            leads = name in PAPERS
            token.tag, token.attrs = ("a", {"href": url_for(".show", name=name)}) if leads else ("span", {})
        elif token.type == "link_close" and not leads:
            token.tag = "span"
        elif token.type == "code_inline" and "__" in token.content:
            token.attrs = {"class": "blank"}


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
