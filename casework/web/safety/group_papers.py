"""Papers for the group: what Casework's own docs say of safety, to read, fill in and print."""

from flask import Blueprint, render_template, url_for
from markupsafe import Markup

from casework.domain.safety.accounts import Action
from casework.web.anybody import public
from casework.web.docs_as_pages import as_page
from casework.web.guards import allow

bp = Blueprint("group_papers", __name__)

# Each paper, by the name of its file in docs/: its title, and what it is for.
PAPERS = {
    "data-protection": (
        "Data protection",
        "Who answers for the data and on what ground, an impact assessment to fill in, and people’s rights. The first "
        "72 hours after a breach, and a page for the day on which police come. To be checked by a lawyer.",
    ),
    "threat-model": (
        "Who might attack",
        "What each of them meets in Casework, and what is not protected. Read the last list before you trust it.",
    ),
    "keys": (
        "Keys and locking",
        "What your group decides about the key, a passphrase over it, Lock everything and a new key. What to do when "
        "one is lost. What each is worth when a machine is taken.",
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


def _html(name: str) -> Markup:
    """The paper as a page; where it names another that is shown here, it leads there."""
    return as_page(name, tuple((other, url_for(".show", name=other)) for other in PAPERS))
