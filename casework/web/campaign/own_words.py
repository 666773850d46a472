"""The page on which a volunteer types a supporter's own words with them, beside what helps and what may not be told."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField

from casework import clock
from casework.domain.campaign.own_words import LONGEST, NEVER, PROMPTS
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.safety.accounts import Action
from casework.services.campaign import alike, own_words, supporters
from casework.storage.models import Case, SignUp
from casework.web.fields import paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.reading import known

bp = Blueprint("own_words", __name__)
PLACE = "/cases/<reference>/supporters/<int:supporter_id>/words"
ROWS = {"how_known": 4, "own_words": 7, "ask": 3}


def words_form(name: str, **data: Any) -> Any:
    """The form with the three boxes; the questions name the person as they are called."""
    fields: dict[str, Any] = {"version": HiddenField()}
    for prompt in PROMPTS:
        fields[prompt.field] = paragraph(
            prompt.question.format(name=name),
            hint=prompt.help,
            most=LONGEST[prompt.field],
            rows=ROWS[prompt.field],
        )
    return type("WordsForm", (HouseForm,), fields)(data=data or None)


@bp.route(PLACE, methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def edit(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    sign_up = supporters.get_sign_up(case, supporter_id)
    form = _form(case, sign_up)
    theirs = None
    if form.validate_on_submit():
        try:
            filled = _save(sign_up, form)
        except OutOfDate as error:
            form.explain(error)
            theirs, form.version.data = sign_up, str(sign_up.version)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _after(case, sign_up, filled)
    texts = [form[prompt.field].data for prompt in PROMPTS if form[prompt.field].data]
    return render_template(
        "own_words/edit.html", case=case, sign_up=sign_up, supporter=sign_up.supporter, form=form, theirs=theirs,
        prompts=PROMPTS, never=NEVER, meter=alike.meter(case, texts, sign_up), is_ready=own_words.is_ready(sign_up),
        kept_back=own_words.kept_back(case, Audience.SUPPORTERS, texts), drafts=own_words.drafts_of(sign_up),
    ), 409 if theirs else 200  # fmt: skip


@bp.post(f"{PLACE}/autosave")
@allow(Action.KEEP_SUPPORTERS)
def autosave(reference: str, supporter_id: int) -> Any:
    """What an open page keeps as somebody types, answered in JSON with what to say of it."""
    case = case_or_404(reference)
    sign_up = supporters.get_sign_up(case, supporter_id)
    form = _form(case, sign_up)
    if not form.validate():
        return {"said": known(f"Not saved. {form.wrong[0][1]}")}, 422
    try:
        _save(sign_up, form, by_itself=True)
    except CaseworkError as error:
        return {"said": known(f"Not saved. {error.message}")}, 409 if isinstance(error, OutOfDate) else 422
    return {"said": known(f"Saved {clock.now().astimezone(clock.LONDON):%H:%M}"), "version": sign_up.version}


def _form(case: Case, sign_up: SignUp) -> Any:
    held = {prompt.field: getattr(sign_up, prompt.field) for prompt in PROMPTS}
    return words_form(case.person_name, **held, version=str(sign_up.version))


def _save(sign_up: SignUp, form: Any, *, by_itself: bool = False) -> int:
    words = {prompt.field: form[prompt.field].data for prompt in PROMPTS}
    version = whole_number(form.version.data)
    cleared = None if by_itself else request.form.getlist("cleared")
    return own_words.save_words(sign_up, words, version, current_user, by_itself=by_itself, cleared=cleared)


def _after(case: Case, sign_up: SignUp, filled: int) -> Any:
    """Back to the words; on to their letter where that was asked."""
    supporter = sign_up.supporter
    drafts = own_words.drafts_of(sign_up)
    flash("Their words are saved.")
    if filled:
        flash("Their draft was filled in with them.")
    if request.form.get("then") == "letter":
        if drafts:
            where = url_for("letters.edit_letter", reference=case.reference, letter_id=drafts[-1].id)
        else:
            where = url_for(
                "letters.new_letter",
                reference=case.reference,
                mp=supporter.gss_code,
                supporter=supporter.id,
            )
        return redirect(where, 303)
    return redirect(url_for("own_words.edit", reference=case.reference, supporter_id=supporter.id), 303)
