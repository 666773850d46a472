"""Messages to supporters: written within what was agreed, copied and sent by people, kept as told."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField

from casework import clock
from casework.domain.campaign.messages import (
    AUDIENCES,
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    TO_WHOM,
    Kind,
    Means,
    ToWhom,
    whole_text,
)
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.text_length import in_plain_signs, length_of
from casework.services.campaign import message_readers, messages, thanks
from casework.services.campaign.messages import NewMessage
from casework.storage.models import Case, Message
from casework.web import undo
from casework.web.downloads import send_file_as
from casework.web.fields import DayField, line, one_of, paragraph, whole_number
from casework.web.filters import count
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404, reads_story

bp = Blueprint("messages", __name__)
PLACE = "/cases/<reference>/messages"
ONE = f"{PLACE}/<int:message_id>"
WAYS = {Means.EMAIL: "An email", Means.TEXT: "A text message"}


class MessageForm(HouseForm):
    """What supporters are told, and who of them."""

    version = HiddenField()
    kind = one_of(
        "What is it for?", [(one.value, one.words) for one in Kind], required="Choose what it is for."
    )
    means = one_of(
        "How does it reach them?", [(one.value, words) for one, words in WAYS.items()], required="Choose one."
    )
    audience = one_of(
        "Who may read it?",
        [(one.value, words) for one, words in AUDIENCES.items()],
        required="Choose who may read it.",
    )
    to_whom = one_of(
        "To whom?", [(one.value, words) for one, words in TO_WHOM.items()], required="Choose to whom."
    )
    subject = line(
        "Subject of the email",
        hint="It shows on a locked phone: name nobody. A text message has none.",
        most=LONGEST_SUBJECT,
        autocomplete="off",
    )
    words = paragraph(
        "What you tell them",
        lang="en-GB",
        hint="Name no supporter. What stands in [brackets] is for you to write.",
        most=LONGEST_WORDS,
        rows=12,
        required="Write what you want to tell them.",
    )

    def message(self, about: Any = None) -> NewMessage:
        """The message as it was typed."""
        return NewMessage(
            Kind(self.kind.data),
            Means(self.means.data),
            Audience(self.audience.data),
            ToWhom(self.to_whom.data),
            self.subject.data or "",
            self.words.data or "",
            about,
        )


class SentForm(HouseForm):
    """That a message was sent."""

    version = HiddenField()
    sent_on = DayField("On which day was it sent?", required="Type the day.", past=True)
    number = line("How many were given it?", most=6, inputmode="numeric", autocomplete="off")


@bp.app_context_processor
def _acts() -> dict[str, Any]:
    """What the page of an act includes, without its view having to know."""
    return {"to_thank_for": thanks.offer_for, "to_thank_for_in": thanks.open_acts}


@bp.get(PLACE)
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    found = messages.list_messages(case)
    return render_template(
        "messages/index.html",
        case=case,
        rows=[row for row in found if not row.discarded_at],
        thrown_away=[row for row in found if row.discarded_at],
        numbers=message_readers.numbers(case),
        not_asked=message_readers.not_asked(case),
        acts=thanks.open_acts(case) if current_user.may(Action.EDIT_CASE) else [],
        kinds=Kind,
    )


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_message(reference: str) -> Any:
    case = case_or_404(reference)
    about = thanks.act(case, request.args.get("about", ""), whole_number(request.args.get("number", "")))
    form = MessageForm()
    if request.method == "GET":
        _begin(form, case, about)
    if form.validate_on_submit():
        try:
            row = messages.add(case, form.message(about), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _to(case, row)
    return render_template("messages/new_message.html", case=case, form=form, **_beside(case, form))


def _begin(form: MessageForm, case: Case, about: Any) -> None:
    """Fill an empty form with words to begin with."""
    kind = _asked("kind", Kind, Kind.UPDATE)
    means = _asked("means", Means, Means.EMAIL)
    means = means if means in WAYS else Means.EMAIL
    audience = _asked("audience", Audience, Audience.SUPPORTERS)
    audience = audience if audience in AUDIENCES else Audience.SUPPORTERS
    draft = messages.suggested(case, kind, means, audience, about)
    form.kind.data, form.means.data, form.audience.data = kind.value, means.value, audience.value
    form.to_whom.data = thanks.usual_readers(kind, about).value
    form.subject.data, form.words.data = draft.subject, draft.words


def _asked(name: str, known: Any, usual: Any) -> Any:
    told = request.args.get(name, "")
    return known(told) if told in set(known) else usual


@bp.get(ONE)
@allow(Action.VIEW_CASE)
def show(reference: str, message_id: int) -> str:
    case = case_or_404(reference)
    row = messages.get(case, message_id)
    # Of what may not be sent any more the day is past, and nobody is to say by a mere press that it was today.
    day = None if messages.beyond(row) else clock.today()
    form = SentForm(data={"version": row.version, "sent_on": day})
    return _shown(case, row, form)


def _shown(case: Case, row: Message, form: SentForm) -> str:
    beyond, means = messages.beyond(row), Means(row.means)
    text = whole_text(means, Audience(row.audience), row.words)
    may_read = reads_story() or not beyond
    return render_template(
        "messages/show.html",
        case=case,
        row=row,
        form=form,
        beyond=sorted(beyond),
        told=message_readers.told(row) if beyond and current_user.may(Action.KEEP_SUPPORTERS) else [],
        text=text if may_read else "",
        kind=Kind(row.kind),
        way=WAYS.get(means, "Said on the telephone"),
        to_whom=TO_WHOM[ToWhom(row.to_whom)],
        by_hand=row.to_whom == ToWhom.BY_HAND,
        audience=AUDIENCES[Audience(row.audience)],
        readers=len(message_readers.of(row)) if row.sent_on is None else row.number,
        length=length_of(row.words) if means is Means.TEXT else None,
        plainer=length_of(in_plain_signs(row.words)) if means is Means.TEXT else None,
        may_export=current_user.may(Action.EXPORT_SUPPORTERS),
    )


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit_message(reference: str, message_id: int) -> Any:
    case = case_or_404(reference)
    row = messages.get(case, message_id)
    form = _filled(row)
    if form.validate_on_submit():
        try:
            version = whole_number(form.version.data)
            row = messages.change(case, message_id, form.message(), version, current_user)
        except OutOfDate as error:
            row = messages.get(case, message_id)
            form.explain(error)
            form.meet(_filled(row, formdata=None))
        except CaseworkError as error:
            form.explain(error)
        else:
            return _to(case, row)
    return render_template("messages/edit_message.html", case=case, form=form, row=row, **_beside(case, form))


def _filled(row: Message, **how: Any) -> MessageForm:
    kept = {name: getattr(row, name) for name in ("version", "kind", "means", "audience", "to_whom", "words")}
    return MessageForm(data={**kept, "subject": row.subject or ""}, **how)


def _beside(case: Case, form: MessageForm) -> dict[str, Any]:
    """What stands beside the words: how long a text is, and what it costs to write it in curled signs."""
    is_text = form.means.data == Means.TEXT and form.words.data
    return {
        "length": length_of(form.words.data) if is_text else None,
        "numbers": message_readers.numbers(case),
        "plain": in_plain_signs,
    }


@bp.post(f"{ONE}/plain")
@allow(Action.EDIT_CASE)
def write_plainly(reference: str, message_id: int) -> Any:
    """Take the curled signs out of a text message, so that more of it fits into one."""
    case = case_or_404(reference)
    row = messages.get(case, message_id)
    new = NewMessage(
        Kind(row.kind), Means(row.means), Audience(row.audience), ToWhom(row.to_whom), row.subject or "",
        in_plain_signs(row.words),
    )  # fmt: skip
    messages.change(case, message_id, new, row.version, current_user)
    flash("The signs are plain now.")
    return _to(case, row)


@bp.post(f"{ONE}/throw-away")
@allow(Action.EDIT_CASE)
def throw_away(reference: str, message_id: int) -> Any:
    case = case_or_404(reference)
    messages.throw_away(case, message_id, whole_number(request.form.get("version")), current_user)
    undo.say(
        "It is thrown away. For 30 days it can be brought back, at the end of this page.",
        url_for("messages.bring_back", reference=case.reference, message_id=message_id),
    )
    return redirect(url_for("messages.index", reference=case.reference), 303)


@bp.post(f"{ONE}/bring-back")
@allow(Action.EDIT_CASE)
def bring_back(reference: str, message_id: int) -> Any:
    case = case_or_404(reference)
    messages.bring_back(case, message_id, current_user)
    flash("It is there again.")
    return _to(case, messages.get(case, message_id))


@bp.post(f"{ONE}/sent")
@allow(Action.KEEP_SUPPORTERS)
def mark_sent(reference: str, message_id: int) -> Any:
    case = case_or_404(reference)
    row = messages.get(case, message_id)
    form = SentForm()
    if form.validate_on_submit():
        try:
            told = whole_number(form.number.data) if form.number.data else None
            day = form.sent_on.data or clock.today()
            row = messages.mark_sent(
                case, message_id, day, told, whole_number(form.version.data), current_user
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"It is on record: sent to {count(row.number or 0, 'supporter')}.")
            return _to(case, row)
    return _shown(case, messages.get(case, message_id), form)


@bp.get(f"{ONE}/readers.csv")
@allow(Action.EXPORT_SUPPORTERS)
def readers(reference: str, message_id: int) -> Response:
    case = case_or_404(reference)
    row = messages.get(case, message_id)
    return send_file_as("readers.csv", messages.as_csv(row, current_user), "text/csv; charset=utf-8")


def _to(case: Case, row: Message) -> Any:
    return redirect(url_for("messages.show", reference=case.reference, message_id=row.id), 303)
