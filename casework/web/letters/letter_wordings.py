"""The words of the group's letters: which there are, changed block by block, with their versions."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.letters import BLOCK_LABELS, Wording
from casework.domain.safety.accounts import Action
from casework.pdf.letter_shapes import kind_of, placeholders
from casework.services.letters import group_letters, letter_pages, letter_wordings
from casework.web.fields import whole_number
from casework.web.guards import allow
from casework.web.letters.letter_wording_forms import (
    AUDIENCE_WORDS,
    CopyForm,
    asks_to_save,
    explain_complaints,
    typed_wording,
    wording_form,
)

bp = Blueprint("letter_wordings", __name__)
PLACE = "/letter-wordings"
ONE = f"{PLACE}/<template_key>"


@bp.get(PLACE)
@allow(Action.CHANGE_LETTERS)
def index() -> str:
    return render_template(
        "letter_wordings/index.html",
        standing=letter_wordings.list_standing(),
        problems=group_letters.collected().problems,
        audiences=AUDIENCE_WORDS,
    )


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.CHANGE_LETTERS)
def edit(template_key: str) -> Any:
    wording = letter_wordings.wording_of(template_key)
    form = wording_form(wording, letter_wordings.newest_version(template_key))
    sent = form.is_submitted()
    typed = _checked(form, wording) if sent else wording
    if typed and sent and asks_to_save():
        try:
            letter_wordings.save_wording(typed, whole_number(form.version.data), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved. Letters that are drafted from now on have these words.")
            return redirect(url_for("letter_wordings.edit", template_key=template_key), 303)
    return render_template(
        "letter_wordings/edit.html", wording=wording, form=form, blocks=list(wording.words),
        labels=BLOCK_LABELS, versions=group_letters.list_versions(template_key), values=_values_to_fill(wording),
        is_own=template_key in group_letters.own_letters().templates, **_look(typed),
    )  # fmt: skip


@bp.post(f"{ONE}/look")
@allow(Action.CHANGE_LETTERS)
def look(template_key: str) -> str:
    """The preview alone, for the script that asks for it as somebody types."""
    wording = letter_wordings.wording_of(template_key)
    form = wording_form(wording, 0)
    typed = _checked(form, wording)
    return render_template(
        "letter_wordings/_look.html", wrong=form.wrong, labels=BLOCK_LABELS, **_look(typed)
    )


@bp.get(f"{PLACE}/seen/<name>/<int:number>.png")
@allow(Action.CHANGE_LETTERS)
def seen(name: str, number: int) -> Response:
    try:
        return Response(letter_pages.picture(letter_wordings.look(name), number), mimetype="image/png")
    except IndexError:
        raise NotFound("This letter has no such page.") from None


@bp.route(f"{ONE}/copy", methods=["GET", "POST"])
@allow(Action.CHANGE_LETTERS)
def copy(template_key: str) -> Any:
    wording, form = letter_wordings.wording_of(template_key), CopyForm()
    if form.validate_on_submit():
        try:
            row = letter_wordings.copy_letter(template_key, form.title.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The new letter is there, with the words of the one it was copied from. Change them now.")
            return redirect(url_for("letter_wordings.edit", template_key=row.key), 303)
    return render_template("letter_wordings/copy.html", wording=wording, form=form)


@bp.get(f"{ONE}/versions")
@allow(Action.CHANGE_LETTERS)
def versions(template_key: str) -> str:
    wording, rows = (
        letter_wordings.wording_of(template_key),
        group_letters.list_versions(template_key),
    )
    first = group_letters.own_letters().words(wording.like)
    before = [*(row.words or first for row in rows[1:]), first][: len(rows)]
    return render_template(
        "letter_wordings/versions.html",
        wording=wording,
        versions=[(row, _differing(row.words, old)) for row, old in zip(rows, before, strict=True)],
        labels=BLOCK_LABELS,
        is_own=template_key in group_letters.own_letters().templates,
    )


@bp.get(f"{ONE}/versions/<int:version_id>")
@allow(Action.CHANGE_LETTERS)
def version(template_key: str, version_id: int) -> Any:
    row = letter_wordings.get_version(template_key, version_id)
    return render_template(
        "letter_wordings/version.html",
        row=row,
        labels=BLOCK_LABELS,
        audience=AUDIENCE_WORDS[Audience(row.entry["audience"])],
        tells=[Kind(one).words for one in row.entry["tells"]],
    )


@bp.post(f"{ONE}/versions/<int:version_id>/again")
@allow(Action.CHANGE_LETTERS)
def go_back(template_key: str, version_id: int) -> Any:
    row = letter_wordings.get_version(template_key, version_id)
    letter_wordings.go_back_to(row, current_user)
    flash("These words count again. The others are still among the versions.")
    return redirect(url_for("letter_wordings.versions", template_key=template_key), 303)


@bp.post(f"{ONE}/own")
@allow(Action.CHANGE_LETTERS)
def own(template_key: str) -> Any:
    letter_wordings.wording_of(template_key)
    letter_wordings.back_to_own(template_key, current_user)
    if template_key in group_letters.own_letters().templates:
        flash("The letter has Casework’s own words again. Yours are still among the versions.")
    else:
        flash("The letter is not offered any more. Drafts and issued letters keep what they have.")
    return redirect(url_for("letter_wordings.index"), 303)


def _checked(form: Any, wording: Wording) -> Wording | None:
    """The letter as it was typed, where nothing is wrong with it; else None, and the form says what is."""
    if not form.validate_on_submit():
        return None
    try:
        typed = typed_wording(form, wording)
    except CaseworkError as error:
        form.explain(error)
        return None
    complaints = letter_wordings.complaints_about(typed)
    explain_complaints(form, complaints)
    return None if complaints else typed


def _look(wording: Wording | None) -> dict[str, Any]:
    """The pages of these words, filled from the sample; none where something is wrong with them."""
    if wording is None:
        return {"look": None, "pages": 0}
    try:
        pdf = letter_wordings.sample_pdf(wording)
    except CaseworkError:
        return {"look": None, "pages": 0}
    return {"look": letter_wordings.keep_look(pdf), "pages": letter_pages.count_pages(pdf)}


def _values_to_fill(wording: Wording) -> list[tuple[str, str, str]]:
    """Every value that words may name, with what kind of fact it is, and what the sample has for it."""
    sample = group_letters.letters().sample(wording.template.key)
    found = []
    for name in placeholders():
        plain = name.replace(": ", ".")
        value: Any = sample
        for part in plain.split("."):
            value = value[0] if isinstance(value, tuple) and value else value
            value = getattr(value, part, "")
        found.append((name, str(kind_of(plain) or ""), _shown(value)))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(one) for one in value)
    return str(value) if value else ""


def _differing(words: dict[str, str] | None, before: dict[str, str] | None) -> list[str]:
    """The blocks whose words are others than in the version before."""
    return [name for name, text in (words or {}).items() if text != (before or {}).get(name)]
