"""Letters: choose one, fill it in beside its pages, issue it, download it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.consent.staying import Stays
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.letter_life import FACTS
from casework.domain.letters.letters import block_labels
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.campaign import supporters
from casework.services.case import homes
from casework.services.consent import consent, recall, staying
from casework.services.language import languages
from casework.services.letters import (
    letter_checks,
    letter_life,
    letter_pages,
    letter_readers,
    letter_topics,
    letters,
    written_lately,
)
from casework.services.parliament import members, offices
from casework.services.timing import deadlines
from casework.storage.models import Case, Letter
from casework.web.downloads import send_file_as
from casework.web.fields import whole_number
from casework.web.guards import allow, case_looked_at, case_or_404, reads_story
from casework.web.letters import letter_life as letter_life_room
from casework.web.letters.letter_forms import IssueForm, NewLetterForm, draft_form, typed
from casework.web.letters.letter_list import letter_list, letter_or_404
from casework.web.reading import known

bp = Blueprint("letters", __name__)
PLACE = "/cases/<reference>/letters"
ONE = f"{PLACE}/<int:letter_id>"


@bp.get(PLACE)
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("letters/index.html", case=case, **letter_list(case))


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.DRAFT_LETTER)
def new_letter(reference: str) -> Any:
    case = case_or_404(reference)
    wanted = {name: request.args.get(name) for name in ("mp", "supporter", "template")}
    suited = letter_readers.suited_to(case, wanted["mp"], has_supporter=bool(wanted["supporter"]))
    form = NewLetterForm(
        gss_code=wanted["mp"] or _asked_first(case, wanted["template"]),
        supporter=wanted["supporter"] or "",
        template=wanted["template"] or suited,
    )
    form.offer(case, wanted["mp"], wanted["supporter"])
    lately = _written_lately(case, form) if form.validate_on_submit() else None
    if form.validate_on_submit() and (lately is None or form.again.data):
        try:
            letter = letters.draft_letter(
                case,
                form.template.data,
                current_user,
                gss_code=form.gss_code.data or None,
                supporter_id=int(form.supporter.data) if form.supporter.data else None,
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            return redirect(
                url_for("letters.edit_letter", reference=case.reference, letter_id=letter.id), 303
            )
    sheet = next((one for one in letters.templates() if one.sheet and one.key == wanted["template"]), None)
    return render_template("letters/new_letter.html", case=case, form=form, sheet=sheet, lately=lately)


def _asked_first(case: Case, template: str | None) -> str:
    """The constituency that a form of authority begins with: that of the home; "" for every other paper."""
    home = homes.home_seen(case, clock.today()) if template == "form-of-authority" else None
    return (home.gss_code if home else None) or ""


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.VIEW_CASE, to_send=Action.DRAFT_LETTER)
def edit_letter(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    # What somebody typed is shown to them even when the draft is gone meanwhile.
    letter = letter_or_404(case, letter_id, even_gone=request.method == "POST")
    if request.method == "GET" and (letter.issued_at or not current_user.may(Action.DRAFT_LETTER)):
        return _show_issued(case, letter)
    template = letters.template_of(letter)
    form = draft_form(template, letter)
    if form.validate_on_submit():
        try:
            _save(letter, form)
        except OutOfDate as error:
            form.explain(error)
            form.meet(draft_form(template, letter, formdata=None))
        except CaseworkError as error:
            form.explain(error)
        else:
            return _after_saving(case, letter)
    with letter_pages.standing_still(letter):
        missing, is_closed = letters.gaps(letter), bool(letter.issued_at or letter.discarded_at)
        if request.method == "GET" and request.args.get("check"):
            _explain_gaps(form, missing)
        return render_template(
            "letters/edit_letter.html", case=case, letter=letter, template=template, form=form,
            signer_is_here=supporters.is_on_list(case, letter.supporter_id), changed=members.new_member_for(letter),
            not_there=letter_checks.not_there_any_more(letter),
            missing=missing, labels=block_labels(template.key), withheld=_withheld(case),
            too_late=letter_checks.too_late_for(letter), waits=letter_checks.reasons_to_wait(letter),
            no_consent=letter_checks.beyond_consent(letter), steps=letter_life.steps(letter),
            topics=letter_topics.noticed(letter), english_only=_english_only(letter),
            ticks=_ticks() if request.method == "POST" else letter_topics.ticked(letter), is_closed=is_closed,
            **({"pages": 0} if is_closed else _pages(letter)),
        ), 409 if is_closed else 200  # fmt: skip


def _english_only(letter: Letter) -> bool:
    """Whether it stands in English alone although the person reads something else best that we do not have."""
    return not letter.facts.get("language") and languages.english_only_for(letter.case.languages or "")


@bp.post(f"{ONE}/autosave")
@allow(Action.DRAFT_LETTER)
def autosave(reference: str, letter_id: int) -> Any:
    """What a page that is open keeps as somebody types, answered in JSON with what to say of it."""
    letter = letter_or_404(case_or_404(reference), letter_id, even_gone=True)
    form = draft_form(letters.template_of(letter), letter)
    if not form.validate():
        return {"said": known(f"Not saved. {form.wrong[0][1]}")}, 422
    try:
        _save(letter, form, by_itself=True)
    except CaseworkError as error:
        return {"said": known(f"Not saved. {error.message}")}, 409 if isinstance(error, OutOfDate) else 422
    return {"said": known(f"Saved {_hour(letter)}"), "version": letter.version}


@bp.get(f"{ONE}/pages/<int:number>.png")
@allow(Action.VIEW_CASE)
def page_image(reference: str, letter_id: int, number: int) -> Response:
    # A line for each picture would only hide others.
    letter = letter_or_404(case_looked_at(reference), letter_id)
    try:
        return Response(letter_pages.picture(_pdf_of(letter), number), mimetype="image/png")
    except IndexError:
        raise NotFound("This letter has no such page.") from None


@bp.route(f"{ONE}/issue", methods=["GET", "POST"])
@allow(Action.ISSUE_LETTER)
def issue(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    letter = letter_or_404(case, letter_id)
    here = url_for("letters.edit_letter", reference=case.reference, letter_id=letter.id)
    if letter.issued_at:
        return redirect(here, 303)
    if letters.gaps(letter):
        return redirect(f"{here}?check=1", 303)
    form = IssueForm()
    if form.validate_on_submit():
        try:
            letters.issue_letter(letter, current_user, because=form.because.data)
        except CaseworkError as error:
            form.explain(error)
        else:
            letter_life_room.say_with_undo(letter, _after_issuing(letter), "issued")
            return redirect(here, 303)
    return render_template(
        "letters/issue.html", changed=members.new_member_for(letter),
        not_there=letter_checks.not_there_any_more(letter),
        case=case, letter=letter, template=letters.template_of(letter), form=form,
        too_late=letter_checks.too_late_for(letter),
        waits=letter_checks.reasons_to_wait(letter), unchecked=letter_checks.unchecked_member(letter),
        authority=consent.in_force(case, clock.today(), letter.gss_code), before=letter_checks.sent_before(letter),
        asks=offices.asked_by(letter.gss_code),
        no_consent=letter_checks.beyond_consent(letter), is_read=letter_checks.is_read(letter), **_pages(letter),
    )  # fmt: skip


@bp.get(f"{PLACE}/<int:letter_id>.pdf")
@allow(Action.VIEW_CASE)
def download(reference: str, letter_id: int) -> Response:
    letter = letter_or_404(case_or_404(reference), letter_id)
    size = whole_number(request.args.get("size")) or None
    kind = letter.template if letters.template_of(letter).sheet else "letter"
    name = f"{kind}-{letter.id}-{size}pt" if size else f"{kind}-{letter.id}"
    return send_file_as(f"{name}.pdf", recall.copy_of(letter, size), "application/pdf")


@bp.get(f"{ONE}/form.pdf")
@allow(Action.VIEW_CASE)
def to_fill_in(reference: str, letter_id: int) -> Response:
    letter = letter_or_404(case_or_404(reference), letter_id)
    return send_file_as(f"form-{letter.id}.pdf", letter_pages.to_fill_in(letter), "application/pdf")


@bp.post(f"{ONE}/correct")
@allow(Action.DRAFT_LETTER)
def correct(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    new = letters.correct_letter(letter_or_404(case, letter_id), current_user)
    return redirect(url_for("letters.edit_letter", reference=case.reference, letter_id=new.id), 303)


@bp.post(f"{ONE}/discard")
@allow(Action.DRAFT_LETTER)
def discard(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    letter = letter_or_404(case, letter_id)
    letters.discard_draft(letter, current_user)
    letter_life_room.say_with_undo(letter, "The draft is gone.", "discarded")
    return redirect(url_for("letters.index", reference=case.reference), 303)


def _withheld(case: Case) -> list[str]:
    """What the person does not want told; for those who may not read the story, only that there is something."""
    found = consent.withheld_topics(case, clock.today())
    return found if reads_story() or not found else ["something that a caseworker can name"]


def _written_lately(case: Case, form: Any) -> Any:
    """The letter that the chosen supporter wrote to the chosen MP a short while ago; None where there is none."""
    supporter_id, gss_code = whole_number(form.supporter.data), form.gss_code.data
    if not (supporter_id and gss_code) or form.template.data in letters.sheets():
        return None
    sign_up = supporters.get_sign_up(case, supporter_id)
    return written_lately.written_lately(sign_up, gss_code, clock.today())


def _show_issued(case: Case, letter: Letter) -> str:
    paper = letters.paper_of(letter)
    return render_template(
        "letters/show_letter.html", case=case, letter=letter, template=letters.template_of(letter), paper=paper,
        dates=deadlines.started_by(paper) if paper else [], steps=letter_life.steps(letter),
        told_beyond=recall.told_beyond(letter), stays=_stays(letter), **_pages(letter),
    )  # fmt: skip


def _stays(letter: Letter) -> Stays | None:
    return staying.said_by(letter.case, clock.today()).of_letter(letter)


def _after_issuing(letter: Letter) -> str:
    if letters.template_of(letter).sheet:
        return "The PDF is made and will not change any more."
    if stays := _stays(letter):
        return say(
            "The letter is issued and will not change any more. Do not send it: {why}.",
            why=of_ours(stays.because),
        )
    return "The letter is issued and will not change any more. Print it, sign it and send it."


def _after_saving(case: Case, letter: Letter) -> Any:
    endpoint = "letters.issue" if request.form.get("then") == "issue" else "letters.edit_letter"
    if endpoint == "letters.edit_letter":
        flash(f"Saved at {_hour(letter)}.")
    return redirect(url_for(endpoint, reference=case.reference, letter_id=letter.id), 303)


def _save(letter: Letter, form: Any, *, by_itself: bool = False) -> None:
    """Save what was typed into the form of a draft. Raises what saving raises."""
    blocks = typed(form, letters.template_of(letter).blocks)
    version = whole_number(form.version.data)
    letters.save_draft(
        letter, blocks, typed(form, FACTS), version, current_user, ticks=_ticks(), by_itself=by_itself
    )


def _ticks() -> list[str]:
    """What was ticked as telling nothing of the person."""
    return request.form.getlist("cleared")


def _hour(letter: Letter) -> str:
    return f"{letter.saved_at.astimezone(clock.LONDON):%H:%M}"


def _explain_gaps(form: Any, missing: list[Any]) -> None:
    for gap in missing:
        form.explain(
            CaseworkError(
                gap.said
                or f"Still missing under “{gap.label}”: {gap.what}. Write it, or take the sentence out.",
                field=gap.field,
            )
        )


def _pages(letter: Letter) -> dict[str, Any]:
    """How many pages there are to show, or why none can be made."""
    try:
        return {"pages": letter.pages or letter_pages.count_pages(_pdf_of(letter)), "no_pages": None}
    except CaseworkError as error:
        return {"pages": 0, "no_pages": error.message}


def _pdf_of(letter: Letter) -> bytes:
    return letters.issued_pdf(letter) if letter.issued_at else letter_pages.preview(letter)
