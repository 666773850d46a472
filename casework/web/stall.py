"""The form on a phone that goes over a table: one supporter at a time, and nothing of the case or of anybody before."""

from typing import Any

from flask import Blueprint, redirect, render_template, session, url_for
from flask_login import current_user

from casework import clock
from casework.domain.consent.publicity import Level
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.campaign import known_supporters, ladder, supporter_times, supporters
from casework.services.consent import agreements
from casework.services.letters import disclosure
from casework.services.parliament import finding_seats
from casework.services.parliament.directory import directory
from casework.storage.models import Supporter
from casework.web.campaign.stop import address_of
from casework.web.campaign.supporter_forms import StallForm
from casework.web.consent import handed_over
from casework.web.guards import allow, case_or_404

bp = Blueprint("stall", __name__)
PLACE = "/cases/<reference>/supporters/stall"
LAST = "at_stall"


@bp.route(PLACE, methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def show(reference: str) -> Any:
    case = case_or_404(reference)
    name = disclosure.name_for_supporters(case)
    if not handed_over.is_for(case.reference):
        told = agreements.agreement_on(case, clock.today()).level >= Level.SUPPORTERS
        return render_template("stall/start.html", case=case, name=name, told=told)
    session.pop(LAST, None)
    form = StallForm()
    form.offers.choices = list(ladder.open_offers(case).items())
    if name:
        form.how_known.label.text = f"How do you know {name}?"
    if form.validate_on_submit():
        try:
            supporter, token = known_supporters.at_stall(case, current_user, form.details())
        except CaseworkError as error:
            form.explain(error)
        else:
            session[LAST] = [supporter.id, token]
            return redirect(url_for("stall.done", reference=case.reference), 303)
    return render_template(
        "stall/show.html", case=case, form=form, name=name, months=supporter_times.months()
    )


@bp.post(f"{PLACE}/start")
@allow(Action.KEEP_SUPPORTERS)
def start(reference: str) -> Any:
    case = case_or_404(reference)
    handed_over.hand_over(case.reference)
    return redirect(url_for("stall.show", reference=case.reference), 303)


@bp.get(f"{PLACE}/done")
@allow(Action.KEEP_SUPPORTERS)
def done(reference: str) -> Any:
    """What the supporter learns, once: whoever goes back to this page finds the empty form."""
    case = case_or_404(reference)
    last = session.pop(LAST, None)
    if not last or not handed_over.is_for(case.reference):
        return redirect(url_for("stall.show", reference=case.reference), 303)
    supporter = supporters.get_supporter(case, last[0])
    row = supporters.get_sign_up(case, supporter.id)
    return render_template(
        "stall/done.html", case=case, supporter=supporter, name=disclosure.name_for_supporters(case),
        seat=_seat(supporter), may_be=_may_be(supporter), writes=row.writes, next=ladder.next_for(row),
        **address_of(last[1]),
    )  # fmt: skip


def _seat(supporter: Supporter) -> Any:
    """Who sits for them today; None where the constituency is not certain."""
    if supporter.gss_code is None or supporters.is_unsettled(supporter):
        return None
    return directory().seat_on(supporter.gss_code, clock.today())


def _may_be(supporter: Supporter) -> list[Any]:
    """The seats between which the postcode does not decide."""
    found = finding_seats.find_by_postcode(supporter.postcode) if supporter.postcode else None
    today = clock.today()
    return [
        directory().seat_on(one.constituency.gss_code, today) for one in (found.candidates if found else ())
    ]
