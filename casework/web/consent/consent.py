"""Forms of authority: record a signed one, see what is in force, take one back."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.file import FileField

from casework import clock
from casework.domain.consent.consent import HOW_GIVEN, SCOPE, WITHHELD, State, withheld_words
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.storage.models import Case
from casework.web.case.case_choices import member_choices
from casework.web.fields import DayField, line, one_of, photo_tick, several_of
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.letters.scans import open_viewer, send_scan, take_in
from casework.web.parliament.surgeries import say_still_planned

bp = Blueprint("consent", __name__)
PLACE = "/cases/<reference>/authority"
ANY_MP = "any"


class AuthorityForm(HouseForm):
    """What a signed paper says. Every box starts empty."""

    signed_on = DayField("The day it was signed", required="Type the day on which it was signed.", past=True)
    ends_on = DayField("The last day it is good for", hint="Leave it empty if the paper names none.")
    how_given = one_of("How was it signed?", list(HOW_GIVEN.items()), required="Choose how it was signed.")
    mps = several_of(
        "Which MPs does it name?", [], required="Tick the MP whom the paper names, or that it names no one."
    )
    supporters = line("Supporters whom it names", hint="With what the paper lets each of them do.", most=500)
    scope = several_of(
        "What may they do?",
        list(SCOPE.items()),
        hint="Tick what the person ticked on the paper, and nothing else.",
        required="Tick what the person ticked on the paper.",
    )
    withheld = several_of(
        "What must nobody tell?", list(WITHHELD.items()), hint="Every letter reminds of it."
    )
    withheld_other = line("Something else that nobody must tell", hint="In the words of the paper.")
    language = line("The language it was read in", most=100)
    read_over_by = line("Who read it over with them")
    interpreter = line("Interpreter")
    witness = line("Witness", hint="Needed where the person made a mark.")
    scan = FileField(
        "Scan or photo of the signed paper", description="A PDF or a photo. It is kept encrypted."
    )
    forget_where = photo_tick()

    def new(self, case: Case) -> NewAuthority:
        """The paper as it was read off. Raises CaseworkError for a wrong file."""
        upload = self.scan.data
        has_scan = bool(upload and getattr(upload, "filename", ""))
        scan_sha256, scan_type = (None, None)
        if has_scan:
            scan_sha256, scan_type = take_in(
                case, upload, "scan", without_traces=bool(self.forget_where.data)
            )
        codes = () if ANY_MP in (self.mps.data or ()) else tuple(self.mps.data or ())
        words = ("supporters", "language", "read_over_by", "interpreter", "witness")
        return NewAuthority(
            signed_on=self.signed_on.data or clock.today(),
            ends_on=self.ends_on.data,
            how_given=self.how_given.data or "",
            gss_codes=codes,
            scope=tuple(self.scope.data or ()),
            withheld=(*(self.withheld.data or ()), *filter(None, (self.withheld_other.data,))),
            scan_sha256=scan_sha256,
            scan_type=scan_type,
            **{name: self[name].data for name in words},
        )


class WithdrawForm(HouseForm):
    """The person takes it back: any day until today, in any way, for no reason."""

    withdrawn_on = DayField("The day they took it back", required="Type the day, or “today”.", past=True)
    how = line("How they said it", hint="A word on the phone is enough. A reason is not asked for.", most=300)


@bp.get(PLACE)
@allow(Action.READ_STORY)
def show(reference: str) -> str:
    case = case_or_404(reference)
    authorities = _described(case)
    return render_template(
        "consent/show.html", case=case, authorities=authorities,
        in_force=[one for one in authorities if one["state"] == State.IN_FORCE],
        withheld=consent.withheld_topics(case, clock.today()),
    )  # fmt: skip


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.RECORD_CONSENT)
def new_authority(reference: str) -> Any:
    case = case_or_404(reference)
    form = AuthorityForm(mps=[request.args["mp"]] if "mp" in request.args else [])
    members = member_choices(case, request.args.get("mp"))
    form.mps.choices = [*list(members.items())[1:], (ANY_MP, "It names no MP: any MP may act")]
    if form.validate_on_submit():
        try:
            consent.record_authority(case, form.new(case), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The form of authority is on record.")
            return redirect(url_for("consent.show", reference=case.reference), 303)
    return render_template("consent/new_authority.html", case=case, form=form)


@bp.route(f"{PLACE}/<int:authority_id>/withdraw", methods=["GET", "POST"])
@allow(Action.RECORD_CONSENT)
def withdraw(reference: str, authority_id: int) -> Any:
    case = case_or_404(reference)
    authority = consent.get_authority(case, authority_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            consent.withdraw_authority(
                case, authority_id, form.withdrawn_on.data or clock.today(), form.how.data, current_user
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("It is taken back, from that day on.")
            say_still_planned(case)
            return redirect(url_for("consent.show", reference=case.reference), 303)
    return render_template(
        "consent/withdraw.html", case=case, form=form, authority=authority, told=consent.told_under(authority)
    )


@bp.get(f"{PLACE}/<int:authority_id>/scan")
@allow(Action.READ_STORY)
def scan(reference: str, authority_id: int) -> Response:
    row = consent.get_authority(case_or_404(reference), authority_id)
    return send_scan(row.case, row.scan_sha256, row.scan_type, f"authority-{row.id}")


def _scan_of(case: Case, authority_id: int) -> tuple[str | None, str | None]:
    row = consent.get_authority(case, authority_id)
    return row.scan_sha256, row.scan_type


open_viewer(bp, f"{PLACE}/<int:authority_id>/scan", "scan", _scan_of)


def _described(case: Case) -> list[dict[str, Any]]:
    """Each authority with its state today and its ticks in words."""
    return [
        {
            "row": row,
            "state": consent.state_on(row, clock.today()).value,
            "scope": [words for key, words in SCOPE.items() if key in row.scope],
            "withheld": withheld_words(row.withheld),
            "how": HOW_GIVEN.get(row.how_given, row.how_given),
            "told": consent.told_under(row) if row.withdrawn_on else [],
        }
        for row in consent.list_authorities(case)
    ]
