"""The words of the field: a page of all, and links to it from the words where they stand."""

import re
from typing import Any

from flask import Blueprint, Flask, g, render_template, request, url_for
from markupsafe import Markup, escape

from casework.domain.language.glossary import Checked, by_name, found_in
from casework.reference.glossary import terms
from casework.web.anybody import public

bp = Blueprint("glossary", __name__)

# Within these a word stays as it is: they lead somewhere or do something themselves, or name a field.
_LEFT_ALONE = re.compile(r"(<(a|button|label|legend|summary|h[1-6]|code|option)\b.*?</\2>|<[^>]*>)", re.S)


@bp.get("/glossary")
@public
def index() -> str:
    return render_template("glossary/index.html", terms=terms(), Checked=Checked)


def with_terms(html: Any, *names: str) -> Markup:
    """The text with each of these words as a link to what it means, where the word first stands on the page.

    A word that does not stand in it, as in another language, is left out in silence. A name that is not in the
    glossary raises KeyError.
    """
    text = html if isinstance(html, Markup) else escape(html)
    on_page: set[str] = g.setdefault("terms_on_page", set())
    for name in names:
        term = by_name(terms(), name)
        if term.key in on_page or request.endpoint == "glossary.index":
            continue
        parts = _LEFT_ALONE.split(str(text))
        # Of each three parts the first is text, the second a tag or an element, the third the element's name.
        for at in range(0, len(parts), 3):
            if span := found_in(parts[at], term):
                before, word, after = parts[at][: span[0]], parts[at][slice(*span)], parts[at][span[1] :]
                address = f"{url_for('glossary.index')}#{term.key}"
                parts[at] = f'{before}<a class="term" href="{address}">{word}</a>{after}'
                on_page.add(term.key)
                break
        text = Markup("".join(part for n, part in enumerate(parts) if n % 3 != 2))  # noqa: S704  escaped above
    return Markup(text)  # noqa: S704  escaped above


def link_terms(app: Flask) -> None:
    """Make the filter known to every template."""
    app.jinja_env.filters["terms"] = with_terms
