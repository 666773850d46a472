"""The person's own view: a paper to print, a link made for them, and the page that the link shows."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.consent.own_view import RIGHTS
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.services.consent import own_view_links
from casework.services.consent.own_view_links import LASTS
from casework.services.language import languages
from casework.services.letters import letter_pages
from casework.services.safety.tries import TooManyTries
from casework.storage.instance import current_instance
from casework.storage.models import Case
from casework.web.anybody import public
from casework.web.fields import one_of, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("own_view", __name__)
PLACE = "/cases/<reference>/own-view"


class LinkForm(HouseForm):
    """For how long the link works."""

    days = one_of(
        "For how long?",
        {str(days): of_ours(words) for days, words in LASTS.items()},
        required="Choose for how long it works.",
    )


@bp.route(PLACE, methods=["GET", "POST"])
@allow(Action.RECORD_CONSENT)
def show(reference: str) -> Any:
    case = case_or_404(reference)
    form = LinkForm()
    if form.validate_on_submit():
        try:
            token = own_view_links.make(case, whole_number(form.days.data), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _show_address(case, token)
    links = [(link, own_view_links.works(link)) for link in own_view_links.links_of(case)]
    return render_template("own_view/show.html", case=case, form=form, links=links, **_view(case))


def _show_address(case: Case, token: str) -> str:
    """The page with the address: shown once, as the answer to the form, so that it is kept nowhere."""
    base = current_instance().settings.base_url
    address = base + url_for("own_view.read", token=token, _external=not base)
    return render_template(
        "own_view/address.html",
        case=case,
        address=address,
        link=own_view_links.links_of(case)[0],
        only_here=is_only_here(address),
    )


def is_only_here(address: str) -> bool:
    """Whether this address leads to the machine on which it is opened, so that no phone reaches us by it."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@bp.post(f"{PLACE}/stop")
@allow(Action.RECORD_CONSENT)
def stop(reference: str) -> Any:
    case = case_or_404(reference)
    own_view_links.stop(case, current_user)
    flash("The link is stopped for good: somebody else may have it. Make a new one here if one is needed.")
    return redirect(url_for("own_view.show", reference=case.reference, _anchor="link"), 303)


@bp.route("/yours/<token>", methods=["GET", "POST"])
@public
def read(token: str) -> Any:
    """One button, and behind it the view: so Back after "Leave quickly" shows the button and nothing of them.

    Nor does a program read it that looks at a link in a message.
    """
    try:
        if request.method != "POST":
            own_view_links.find(token, request.remote_addr or "")
            return render_template("own_view/read_first.html")
        case = own_view_links.read(token, request.remote_addr or "")
    except TooManyTries as error:
        return _no_view("Wait a little", error.message), 429
    except NotFound as error:
        return _no_view("This link does not work", error.message), 404
    return render_template("own_view/read.html", case=case, rights=RIGHTS, **_view(case))


def _no_view(heading: str, message: str) -> str:
    """A page that leads nowhere: whoever reads it has no account here."""
    return render_template("errors/problem.html", heading=heading, message=message, code=None, leads_on=False)


def _view(case: Case) -> dict[str, Any]:
    """What is shown, and the language to show it in beside the English."""
    return {
        "view": letter_pages.own_view_of(case),
        "beside": languages.beside_for(case.languages or ""),
    }
