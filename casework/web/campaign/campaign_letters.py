"""The campaign page itself: somebody without an account finds their MP, writes in their own words, and takes it along.

Each step is the answer to a form, and what was typed travels in the next form: nothing stands in an address, and
nothing is kept. Nobody has to sign in, and no script is needed.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from wtforms import BooleanField, HiddenField, SelectField

from casework import clock
from casework.domain.campaign.campaign_pages import LONGEST_ADDRESS, LONGEST_NAME, Asked, check_name
from casework.domain.campaign.own_words import LONGEST, NEVER, PROMPTS
from casework.domain.case.pronouns import pronouns
from casework.domain.errors import CaseworkError, NotFound
from casework.services.campaign import (
    campaign_letters,
    campaign_members,
    campaign_pages,
    ladder,
    supporter_times,
)
from casework.services.parliament import finding_seats
from casework.services.parliament.directory import directory
from casework.services.safety import tries
from casework.services.safety.tries import TooManyTries
from casework.storage.instance import current_instance
from casework.storage.models import CampaignPage
from casework.web.anybody import public
from casework.web.campaign.own_words import ROWS
from casework.web.downloads import send_file_as
from casework.web.fields import line, paragraph
from casework.web.forms import HouseForm, TypedForm

bp = Blueprint("campaign_letters", __name__)
PLACE = "/c/<token>"
TYPED = ("name", "postcode", "chosen", "address", "how_known", "own_words", "ask")
ABOUT_ANOTHER = "Nothing in these sentences is about {name}"


class LetterForm(TypedForm):
    """Everything that somebody types on the way. Each step shows some of it, and carries the rest along."""

    name = line("Your name", hint="As you sign.", most=LONGEST_NAME, autocomplete="name")
    postcode = line(
        "Your postcode",
        hint="The whole of it. It is looked up here, and goes nowhere else.",
        most=12,
        size=10,
        autocomplete="postal-code",
    )
    address = paragraph(
        "Your address",
        hint="Street and town. Your MP’s office asks for it, to see that you live there. It goes on the letter only.",
        most=LONGEST_ADDRESS,
        rows=3,
    )
    chosen = SelectField("The constituency that you live in", validate_choice=False, choices=[])
    how_known = paragraph(
        PROMPTS[0].question, hint=PROMPTS[0].help, most=LONGEST["how_known"], rows=ROWS["how_known"]
    )
    own_words = paragraph(
        PROMPTS[1].question, hint=PROMPTS[1].help, most=LONGEST["own_words"], rows=ROWS["own_words"]
    )
    ask = paragraph(PROMPTS[2].question, hint=PROMPTS[2].help, most=LONGEST["ask"], rows=ROWS["ask"])
    about_another = BooleanField(ABOUT_ANOTHER)
    count = BooleanField("Count me: my constituency only, and no name.")
    keep = BooleanField(
        "Keep my name and how to reach me, so that the group can tell me what came of it. I have read what is kept."
    )
    email = line("Your email", hint="If we may write to you.", most=254, autocomplete="email")
    phone = line("Your phone", hint="If we may ring you.", most=50, autocomplete="tel")
    sent_once = HiddenField(default=lambda: secrets.token_urlsafe(16))

    explain = HouseForm.explain
    wrong = HouseForm.wrong

    @property
    def asked(self) -> Asked:
        """What was typed so far."""
        return Asked(**{name: self[name].data or "" for name in TYPED})

    def call_them(self, name: str) -> None:
        """Let the questions name the person as they are known in public."""
        for prompt in PROMPTS:
            self[prompt.field].label.text = prompt.question.format(name=name)
        self.about_another.label.text = ABOUT_ANOTHER.format(name=name)


@bp.get(PLACE)
@public
def begin(token: str) -> Any:
    return _on_page(token, _first, counts=False)


@bp.get(f"{PLACE}/<step>")
@public
def begin_again(token: str, step: str) -> Any:
    """A step that is asked for by its address alone has nothing that was typed: back to the first."""
    return redirect(url_for("campaign_letters.begin", token=token))


@bp.post(f"{PLACE}/start")
@public
def start(token: str) -> Any:
    """The first step again, with what was typed."""
    return _on_page(token, _first, counts=False)


@bp.post(f"{PLACE}/your-mp")
@public
def your_mp(token: str) -> Any:
    return _on_page(token, _second)


@bp.post(f"{PLACE}/write")
@public
def write(token: str) -> Any:
    return _on_page(token, _third)


@bp.post(f"{PLACE}/letter")
@public
def letter(token: str) -> Any:
    return _on_page(token, _fourth)


@bp.post(f"{PLACE}/letter.pdf")
@public
def pdf(token: str) -> Any:
    return _on_page(token, _download)


@bp.post(f"{PLACE}/after")
@public
def after(token: str) -> Any:
    return _on_page(token, _last)


def _on_page(token: str, step: Any, *, counts: bool = True) -> Any:
    """What a step answers on the page with this secret; a kind page where there is none, or where many come at once."""
    address = request.remote_addr or ""
    try:
        page = campaign_pages.find(token, address)
        if counts:
            tries.count_step(address)
    except TooManyTries as error:
        return _nothing_here("Wait a little", error.message), 429
    except NotFound as error:
        return _nothing_here("This page has ended", error.message), 404
    form = LetterForm()
    form.call_them(campaign_pages.name_in_public(page.case))
    if request.method == "POST":
        form.validate()
    return step(page, form)


def _nothing_here(heading: str, message: str) -> str:
    """A page that leads nowhere and tells nothing."""
    return render_template("errors/problem.html", heading=heading, message=message, code=None, leads_on=False)


def _refused(form: LetterForm, fields: tuple[str, ...], check: Any, *given: Any) -> bool:
    """Whether one of these fields is wrong, or the rule says no; then the form says why."""
    if any(form[name].errors for name in fields):
        return True
    try:
        check(*given)
    except CaseworkError as error:
        form.explain(error)
        return True
    return False


def _first(page: CampaignPage, form: LetterForm) -> Any:
    return _shown("begin", page, form, ("name", "postcode"))


def _second(page: CampaignPage, form: LetterForm) -> Any:
    """Whose constituent they are, or the choice of it."""
    return _unless_known(page, form) or _members(page, form)


def _third(page: CampaignPage, form: LetterForm) -> Any:
    """The boxes, with what helps beside them."""
    return _unless_addressed(page, form) or _boxes(page, form)


def _fourth(page: CampaignPage, form: LetterForm) -> Any:
    """The letter; or the boxes again, with what to put right, to leave out or to look at once more."""
    asked = form.asked
    if earlier := _unless_addressed(page, form):
        return earlier
    if _refused(form, ("how_known", "own_words", "ask"), campaign_letters.check_words, page, asked):
        return _boxes(page, form)
    kept_back = campaign_letters.kept_back(page, asked.texts)
    meter = campaign_letters.meter(page, asked)
    goes_on = request.form.get("then") == "as it is"
    if (kept_back and not form.about_another.data) or (meter.count and not goes_on):
        return _boxes(page, form, kept_back=kept_back, meter=meter)
    return _letter(page, form, meter)


def _unless_known(page: CampaignPage, form: LetterForm) -> Any:
    """The first step again while the name or the postcode is wrong; None once they are right."""
    asked = form.asked
    if _refused(form, ("name",), check_name, asked) or _refused(
        form, ("postcode",), campaign_members.find_member, asked
    ):
        return _first(page, form)
    return None


def _unless_addressed(page: CampaignPage, form: LetterForm) -> Any:
    """An earlier step again while it is not known to which MP the letter goes, and from where; else None."""
    if earlier := _unless_known(page, form):
        return earlier
    if _refused(form, ("address",), campaign_members.check_member, form.asked):
        return _members(page, form)
    return None


def _members(page: CampaignPage, form: LetterForm) -> str:
    found = campaign_members.find_member(form.asked)
    seats = found.choices or (finding_seats.all_seats(clock.today()) if found.anywhere else ())
    form.chosen.choices = [
        ("", "Choose one"),
        *((seat.constituency.gss_code, f"{seat.constituency.name}: {_who(seat)}") for seat in seats),
    ]
    if len(found.choices) == 1 and not form.chosen.data:
        form.chosen.data = found.choices[0].constituency.gss_code
    return _shown("your_mp", page, form, ("chosen", "address"), found=found)


def _boxes(page: CampaignPage, form: LetterForm, **more: Any) -> str:
    return _shown(
        "write", page, form, ("how_known", "own_words", "ask"), prompts=PROMPTS, never=NEVER,
        found=campaign_members.find_member(form.asked),
        leave_out=campaign_letters.words_to_leave_out(page), **more,
    )  # fmt: skip


def _letter(page: CampaignPage, form: LetterForm, meter: Any = None) -> Any:
    asked = form.asked
    return _shown(
        "letter", page, form, ("count", "keep", "email", "phone", "sent_once"),
        found=campaign_members.check_member(asked), text=campaign_letters.text_of(page, asked), meter=meter,
        months=supporter_times.months(),
    )  # fmt: skip


def _download(page: CampaignPage, form: LetterForm) -> Any:
    """The PDF, made from what travelled in the form; the page of the letter again where it cannot be."""
    if _not_ready(page, form):
        return _fourth(page, form)
    try:
        made = campaign_letters.pdf_of(page, form.asked)
    except CaseworkError as error:
        form.explain(error)
        return _letter(page, form)
    response: Response = send_file_as("letter.pdf", made, "application/pdf")
    return response


def _not_ready(page: CampaignPage, form: LetterForm) -> bool:
    """Whether what travelled in the form is no letter that this page makes."""
    asked = form.asked
    try:
        check_name(asked)
        campaign_members.check_member(asked)
        campaign_letters.check_words(page, asked)
    except CaseworkError:
        return True
    wrong = any(form[name].errors for name in TYPED)
    return wrong or bool(campaign_letters.kept_back(page, asked.texts) and not form.about_another.data)


def _last(page: CampaignPage, form: LetterForm) -> Any:
    """What was agreed to is kept, and nothing else."""
    if _not_ready(page, form):
        return _fourth(page, form)
    asked, once, stop = form.asked, form.sent_once.data or secrets.token_urlsafe(16), None
    try:
        if form.keep.data:
            if form.email.errors or form.phone.errors:
                return _letter(page, form)
            stop = campaign_letters.keep_supporter(
                page, asked, form.email.data, form.phone.data, counted=bool(form.count.data), once=once
            )
        elif form.count.data:
            campaign_letters.count_letter(page, asked, once)
    except CaseworkError as error:
        form.explain(error)
        return _letter(page, form)
    base = current_instance().settings.base_url or request.host_url.rstrip("/")
    stop_address = f"{base}/stop/{stop}" if stop else ""
    return _shown("after", page, form, (), stop_address=stop_address, next=ladder.next_on_page(page.case))


def _who(seat: Any) -> str:
    return seat.member.name if seat.member else "no MP now"


def _shown(template: str, page: CampaignPage, form: LetterForm, shown: tuple[str, ...], **more: Any) -> str:
    """One step. `shown` are the fields that it asks for; what else was typed travels along unseen."""
    carried = [
        (name, form[name].data) for name in (*TYPED, "about_another") if name not in shown and form[name].data
    ]
    case = page.case
    they = pronouns(case.pronouns or "", campaign_pages.name_in_public(case))
    return render_template(
        f"campaign_letters/{template}.html", page=page, form=form, carried=carried, they=they,
        place=request.path.partition("/c/")[2].partition("/")[0],
        group_name=campaign_pages.group_in_public(case), known_as=campaign_pages.name_in_public(case),
        release=directory().release, **more,
    )  # fmt: skip
