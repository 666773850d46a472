"""The team's side of a campaign page: opening one for a case, its address, what came of it, closing it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.campaign.campaign_pages import LASTS, LONGEST_HEADING, LONGEST_WORDS
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.services.campaign import campaign_letters, campaign_pages, pages_told
from casework.storage.instance import current_instance
from casework.storage.models import Case
from casework.web.consent.own_view import is_only_here
from casework.web.fields import line, one_of, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("campaign_pages", __name__)
PLACE = "/cases/<reference>/campaign-page"


def open_form(case: Case) -> Any:
    """What is asked before a page is opened: the letter, what the page says, and for how long."""
    offered = {one.key: one.title for one in campaign_pages.offered(case)}
    fields: dict[str, Any] = {
        "template": one_of("Which letter does it make?", offered, required="Choose the letter."),
        "heading": line(
            "Heading",
            hint="For example: Write to your MP for Leila.",
            most=LONGEST_HEADING,
            required="Type a heading.",
        ),
        "words": paragraph(
            "A few words of yours",
            hint="Who asks, for whom, and why now. Anybody may read it: write nothing that is not agreed to.",
            most=LONGEST_WORDS,
            required="Say in a few words who asks, and why.",
            rows=6,
        ),
        "days": one_of(
            "For how long?",
            {str(days): of_ours(words) for days, words in LASTS.items()},
            required="Choose for how long it is open.",
        ),
    }
    return type("OpenPageForm", (HouseForm,), fields)(
        data={"template": next(iter(offered), None)} if len(offered) == 1 else None
    )


@bp.route(PLACE, methods=["GET", "POST"])
@allow(Action.OPEN_CAMPAIGN_PAGE)
def show(reference: str) -> Any:
    case = case_or_404(reference)
    form = open_form(case)
    if form.validate_on_submit():
        try:
            token = campaign_pages.open_page(
                case,
                form.template.data,
                form.heading.data,
                form.words.data,
                whole_number(form.days.data),
                current_user,
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            return _show_address(case, token)
    page = campaign_pages.open_of(case)
    return render_template(
        "campaign_pages/show.html", case=case, form=form, page=page, lacks=campaign_pages.lacks(case),
        counted=campaign_pages.counted(case), known_as=campaign_pages.name_in_public(case),
        letter=campaign_pages.letter_of(case, page.template) if page else {},
        leave_out=campaign_letters.words_to_leave_out(page) if page else [],
    )  # fmt: skip


@bp.post(f"{PLACE}/close")
@allow(Action.OPEN_CAMPAIGN_PAGE)
def close(reference: str) -> Any:
    case = case_or_404(reference)
    campaign_pages.close_page(case, current_user)
    flash(
        "The page is closed for good. Whoever opens its address is told that it has ended, and nothing else."
    )
    flash("You can open a new one here, with a new address.")
    return redirect(url_for("campaign_pages.show", reference=case.reference, _anchor="new"), 303)


def _show_address(case: Case, token: str) -> str:
    """The page with the address: shown once, as the answer to the form, so that it is kept nowhere."""
    base = current_instance().settings.base_url
    address = base + url_for("campaign_letters.begin", token=token, _external=not base)
    page = pages_told.pages_of(case)[0]
    return render_template(
        "campaign_pages/address.html",
        case=case,
        address=address,
        page=page,
        only_here=is_only_here(address),
    )
