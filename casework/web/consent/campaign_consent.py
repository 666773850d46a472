"""What the person agreed to: three papers side by side and never mixed, consent to a campaign, and what went out."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_login import current_user

from casework import clock
from casework.domain.consent.campaign_consent import HOW_GIVEN, ITEM_WORDS, ORDERS, CampaignGiven
from casework.domain.consent.publicity import Level
from casework.domain.consent.recall import CANNOT
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.domain.said import AND, in_a_row
from casework.domain.words import say
from casework.services.campaign import supporter_list, supporters
from casework.services.consent import agreements, campaign_consent, consent, recall, telling_mps
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import disclosure, letters
from casework.storage.models import CampaignConsent, Case
from casework.web import preview
from casework.web.consent import what_stops
from casework.web.consent.campaign_consent_forms import AskedBackForm, CampaignConsentForm, TakeBackForm
from casework.web.guards import allow, case_or_404
from casework.web.letters.scans import open_viewer, send_scan
from casework.web.parliament.surgeries import say_still_planned

bp = Blueprint("campaign_consent", __name__)
CASE = "/cases/<reference>"
PLACE = f"{CASE}/campaign-consent"
ONE = f"{PLACE}/<int:consent_id>"
# The papers that are made here, without a question before.
PAPERS = ("campaign-consent", "supporters-notice", "own-view")
MOST_LACKING = 10  # supporters without the notice who stand on the page; the list has them all


@bp.get(f"{CASE}/agreed")
@allow(Action.READ_STORY)
def show(reference: str) -> str:
    case = case_or_404(reference)
    today = clock.today()
    agreement = agreements.agreement_on(case, today)
    lacking, number = supporter_list.lacking_notice(case, MOST_LACKING)
    return render_template(
        "consent/agreed.html",
        case=case,
        word=telling_mps.word_of(case, today),
        in_doubt=disclosure.yes_in_doubt(case, today),
        authority=consent.in_force(case, today),
        authorities=len(consent.list_authorities(case)),
        agreement=agreement,
        papers=[_described(row) for row in campaign_consent.papers(case)],
        in_force_id=campaign_consent.in_force_id(case, today),
        why=disclosure.why_offices(case, today, campaign_consent.in_force(case, today)),
        withheld=consent.withheld_topics(case, today),
        forbidden=disclosure.forbidden(case, agreement.items),
        lacking=lacking,
        number_lacking=number,
        supporters=supporters.count_of(case),
        beyond=recall.beyond(case, agreement),
    )


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.RECORD_CONSENT)
def new_consent(reference: str) -> Any:
    case = case_or_404(reference)
    form = CampaignConsentForm(case)
    if not preview.goes_back() and form.validate_on_submit():
        try:
            new = form.new()
            under = campaign_consent.in_force_with(case, clock.today(), campaign_consent.paper_of(new))
            page = _first_seen(case, under, _what(new), form)
            if page:
                return page
            campaign_consent.record(case, new, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(_recorded(case, new))
            return _after(case)
    return render_template("consent/new_campaign_consent.html", case=case, form=form)


@bp.route(f"{ONE}/take-back", methods=["GET", "POST"])
@allow(Action.RECORD_CONSENT)
def take_back(reference: str, consent_id: int) -> Any:
    case = case_or_404(reference)
    row = campaign_consent.get(case, consent_id)
    form = TakeBackForm()
    if row.withdrawn_on is None and not preview.goes_back() and form.validate_on_submit():
        on = form.withdrawn_on.data or clock.today()
        try:
            under = campaign_consent.in_force_without(case, clock.today(), row, on)
            what = f"{case.person_name} takes back the campaign consent."
            page = _first_seen(case, under, what, form)
            if page:
                return page
            campaign_consent.withdraw(case, consent_id, on, form.how.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("It is taken back. It works at once.")
            say_still_planned(case)
            return _after(case)
    return render_template("consent/take_back.html", case=case, form=form, row=row)


@bp.get(f"{ONE}/scan")
@allow(Action.READ_STORY)
def scan(reference: str, consent_id: int) -> Response:
    row = campaign_consent.get(case_or_404(reference), consent_id)
    return send_scan(row.case, row.scan_sha256, row.scan_type, f"consent-{row.id}")


def _scan_of(case: Case, consent_id: int) -> tuple[str | None, str | None]:
    row = campaign_consent.get(case, consent_id)
    return row.scan_sha256, row.scan_type


open_viewer(bp, f"{ONE}/scan", "scan", _scan_of)


@bp.route(f"{CASE}/gone-out", methods=["GET", "POST"])
@allow(Action.READ_STORY, to_send=Action.RECORD_CONSENT)
def gone_out(reference: str) -> Any:
    case = case_or_404(reference)
    beyond = recall.beyond(case)
    form = AskedBackForm.of(beyond)
    if form.validate_on_submit():
        try:
            recall.keep_asked(case, form.newly, form.on.data, current_user, not_yet=form.not_yet)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("It is kept what was asked back.")
            return redirect(url_for("campaign_consent.gone_out", reference=case.reference), 303)
    return render_template(
        "consent/gone_out.html",
        case=case,
        form=form,
        beyond=beyond,
        cannot=CANNOT,
        is_saved=True,
    )


@bp.post(f"{CASE}/gone-out/recall")
@allow(Action.RECORD_CONSENT)
def draft_recalls(reference: str) -> Any:
    case = case_or_404(reference)
    drafts = recall.draft_recalls(case, current_user)
    flash(what_stops.drafted(len(drafts)))
    return redirect(url_for("campaign_consent.gone_out", reference=case.reference), 303)


@bp.post(f"{CASE}/agreed/papers/<key>")
@allow(Action.RECORD_CONSENT)
def make_paper(reference: str, key: str) -> Any:
    case = case_or_404(reference)
    if key not in PAPERS:
        raise NotFound("There is no such paper.")
    letter = letters.draft_letter(case, key, current_user)
    return redirect(url_for("letters.edit_letter", reference=case.reference, letter_id=letter.id), 303)


@bp.post(f"{CASE}/supporters/<int:supporter_id>/notice")
@allow(Action.KEEP_SUPPORTERS)
def notice_given(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    supporter = supporters.give_notice(case, supporter_id, clock.today(), current_user)
    flash(f"It is on record that {supporter.name} was given the notice.")
    return redirect(url_for("campaign_consent.show", reference=case.reference, _anchor="notices"), 303)


def _first_seen(case: Case, under: CampaignGiven | None, what: str, form: Any) -> str | None:
    today = clock.today()
    agreement = agreements.agreement_under(case, today, under)
    return what_stops.first_seen(case, agreement, what, form, why=disclosure.why_offices(case, today, under))


def _recorded(case: Case, new: NewCampaignConsent) -> str:
    """That it is kept, and what was ticked and is still told to nobody, since a form of authority forbids it."""
    forbidden = disclosure.forbidden(case, new.items)
    if not forbidden:
        return "The campaign consent is on record."
    return say(
        "The campaign consent is on record. The form of authority forbids to tell: {kinds}. That stays untold.",
        kinds=in_a_row(forbidden, AND),
    )


def _after(case: Case) -> Any:
    """Back to what they agreed to; to what went out too far, with its recall letters drafted, where something did."""
    agreed = url_for("campaign_consent.show", reference=case.reference)
    return redirect(what_stops.way_on(case) or agreed, 303)


def _what(new: NewCampaignConsent) -> str:
    return f"They agree to level {int(new.level)}: {new.level.words}."


def _described(row: CampaignConsent) -> dict[str, Any]:
    """A campaign consent with its ticks in words."""
    return {
        "row": row,
        "level": Level(row.level),
        "items": [words for kind, words in ITEM_WORDS.items() if kind in row.items],
        "not_items": [words for kind, words in ITEM_WORDS.items() if kind not in row.items],
        "how": HOW_GIVEN.get(row.how_given, row.how_given),
        "order": ORDERS.get(row.anonymity_order or "unknown"),
        "ended": row.ends_on is not None and row.ends_on < clock.today(),
    }
