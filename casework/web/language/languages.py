"""The languages of the papers: read, corrected by a speaker text by text, checked, added, sent out and read in."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import HiddenField

from casework.domain.errors import CaseworkError, NotFound
from casework.domain.language.languages import MOST_SIGNS, PAGES, SCRIPTS, Catalogue, Language, State, Text
from casework.domain.safety.accounts import Action
from casework.pdf.fonts import font_for
from casework.services.language import languages
from casework.services.letters import letter_pages
from casework.web.downloads import send_file_as
from casework.web.fields import ListField, line, paragraph, whole_number
from casework.web.filters import count
from casework.web.forms import HouseForm
from casework.web.guards import allow

bp = Blueprint("languages", __name__)
ONE = "/languages/<code>"
ROWS = 200  # texts on a page
CHECKED_HINT = (
    "Somebody who speaks this language well and has read it beside the English. Their name is kept with it."
)
WAYS = {"po": "text/x-gettext-translation; charset=utf-8", "csv": "text/csv; charset=utf-8"}


class TextForm(HouseForm):
    """What is said for one English text."""

    said = paragraph("In this language", most=MOST_SIGNS, rows=5)
    checked_by = line("Checked by", hint=f"{CHECKED_HINT} Leave it empty while it is a draft.")
    before = HiddenField()


class CheckForm(HouseForm):
    """A speaker has read a whole language, or a paper of it."""

    checked_by = line(
        "Checked by", hint=CHECKED_HINT, required="Type the name of the speaker who has checked it."
    )


class NewLanguageForm(HouseForm):
    """A language that is not there yet."""

    name = line("Its name in English", most=60)
    own_name = line("Its name as its speakers write it", most=60)
    code = line("Its code", hint="Two or three letters, such as ha for Hausa.", most=12, size=6)
    script = ListField("Its script", choices={"": "Choose", **SCRIPTS})


class FileForm(HouseForm):
    """A file from a translator."""

    file = FileField(
        "PO or CSV file", description="As you sent it out from here, with the translations filled in."
    )
    checked_by = line(
        "Checked by", hint="Only if one speaker has checked all of it. Else it comes in as a draft."
    )


@bp.get("/languages")
@allow(Action.VIEW_CASE)
def index() -> str:
    shown = [_progress(languages.get_catalogue(one.code)) for one in languages.list_languages()]
    return render_template("languages/index.html", shown=shown, broken=languages.broken_files())


@bp.get(ONE)
@allow(Action.VIEW_CASE)
def show(code: str) -> str:
    catalogue, part = languages.get_catalogue(code), _part()
    texts = languages.texts_of(catalogue, part)
    pages = max(1, -(-len(texts) // ROWS))
    page = min(max(1, whole_number(request.args.get("page", "1"))), pages)
    return render_template(
        "languages/show.html",
        papers=[one for one in letter_pages.letters().templates.values() if one.two_languages],
        key_of=languages.key_of, part=part, parts=PAGES, page=page, pages=pages, before=(page - 1) * ROWS,
        texts=texts[(page - 1) * ROWS : page * ROWS], **_progress(catalogue, part),
        of_pages={key: _counts(languages.texts_of(catalogue, key)) for key in PAGES},
    )  # fmt: skip


@bp.route(f"{ONE}/texts/<key>", methods=["GET", "POST"])
@allow(Action.CHANGE_LANGUAGES)
def edit_text(code: str, key: str) -> Any:
    catalogue = languages.get_catalogue(code)
    text = languages.get_text(catalogue, key)
    form = TextForm(said=text.said, checked_by=text.checked_by, before=text.said)
    if form.validate_on_submit():
        try:
            languages.save_text(
                code, key, form.said.data or "", current_user,
                checked_by=form.checked_by.data or "", before=form.before.data,
            )  # fmt: skip
        except CaseworkError as error:
            form.explain(error)
            form.before.data = languages.get_text(languages.get_catalogue(code), key).said
        else:
            flash("Saved.")
            following = _next(catalogue, key)
            if request.form.get("then") == "next" and following:
                return redirect(url_for("languages.edit_text", code=code, key=following), 303)
            return redirect(url_for("languages.show", code=code), 303)
    return render_template(
        "languages/edit_text.html", catalogue=catalogue, text=text, form=form, following=_next(catalogue, key),
        number=1 + catalogue.texts.index(text), forms=languages.numbers_of_forms(code),
    )  # fmt: skip


@bp.route(f"{ONE}/checked", methods=["GET", "POST"])
@allow(Action.CHANGE_LANGUAGES)
def check(code: str) -> Any:
    catalogue, form, papers = languages.get_catalogue(code), CheckForm(), _papers() | PAGES
    paper = request.args.get("paper")
    paper = paper if paper in papers else None
    if form.validate_on_submit():
        try:
            checked = languages.check_all(code, form.checked_by.data or "", current_user, paper=paper)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"{count(checked, 'text is', 'texts are')} marked as checked.")
            return redirect(url_for("languages.show", code=code), 303)
    return render_template(
        "languages/check.html",
        catalogue=catalogue,
        form=form,
        drafts=languages.drafts_of(catalogue, paper),
        paper=papers.get(paper or ""),
    )


@bp.route("/languages/new", methods=["GET", "POST"])
@allow(Action.CHANGE_LANGUAGES)
def new_language() -> Any:
    form = NewLanguageForm()
    if form.validate_on_submit():
        typed = {name: form[name].data or "" for name in ("code", "name", "own_name", "script")}
        try:
            languages.add_language(Language(**typed), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The language is there. Translate it text by text, or send the file to a translator.")
            return redirect(url_for("languages.show", code=typed["code"]), 303)
    return render_template("languages/new_language.html", form=form)


@bp.route(f"{ONE}/file", methods=["GET", "POST"])
@allow(Action.CHANGE_LANGUAGES)
def take_file(code: str) -> Any:
    catalogue, form = languages.get_catalogue(code), FileForm()
    if form.validate_on_submit():
        upload = form.file.data
        content = upload.read() if upload and getattr(upload, "filename", "") else b""
        try:
            if not content:
                raise CaseworkError("Choose the file first.", field="file")
            taken = languages.take_file(code, content, current_user, checked_by=form.checked_by.data or "")
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"{count(taken.changed, 'text')} changed, {taken.same} stayed as they were.")
            if taken.unknown:
                flash(f"{count(taken.unknown, 'text')} of the file stand on no paper here.")
            return redirect(url_for("languages.show", code=code), 303)
    return render_template("languages/take_file.html", catalogue=catalogue, form=form)


@bp.get(f"{ONE}/download/<way>")
@allow(Action.VIEW_CASE)
def send_out(code: str, way: str) -> Response:
    if way not in WAYS:
        raise NotFound("A language goes out as a PO file or as a table.")
    part = request.args.get("of")
    part = part if part in ("", *PAGES) else None
    content = languages.as_po(code, part) if way == "po" else languages.as_csv(code, part)
    # A spreadsheet takes a table for UTF-8 only where this mark says so.
    encoded = content.encode("utf-8-sig" if way == "csv" else "utf-8")
    return send_file_as(f"casework-{code}.{way}", encoded, WAYS[way])


@bp.get(f"{ONE}/papers/<paper>.pdf")
@allow(Action.VIEW_CASE)
def blank_paper(code: str, paper: str) -> Response:
    """A paper of the program with nothing of any case in it, to print or to fill in on a screen."""
    if paper not in _papers() or not letter_pages.letters().template(paper).comes_empty:
        raise NotFound("There is no such paper in two languages.")
    fillable = request.args.get("fill") == "1"
    pdf = letter_pages.blank(paper, languages.get_catalogue(code), fillable=fillable)
    return send_file_as(f"{paper}-{code}{'-to-fill-in' if fillable else ''}.pdf", pdf, "application/pdf")


def _part() -> str:
    """Which texts are looked at: those of some pages, or "" for those of the papers."""
    asked = request.args.get("of", "")
    return asked if asked in PAGES else ""


def _progress(catalogue: Catalogue, part: str = "") -> dict[str, Any]:
    of_pages = [one for one in catalogue.texts if one.is_of_pages]
    return {
        "catalogue": catalogue,
        "counts": _counts(languages.texts_of(catalogue, part)),
        "pages_all": len(of_pages),
        "pages_said": sum(bool(one.said) for one in of_pages),
        "last": languages.last_checked(catalogue),
        "font": font_for(catalogue.language.script, catalogue.code),
    }


def _counts(texts: list[Text]) -> dict[str, int]:
    found = Counter(one.state for one in texts)
    return {"all": len(texts), **{state.value: found[state] for state in State}}


def _papers() -> dict[str, str]:
    """The papers that come in two languages, with their titles."""
    return {one.key: one.title for one in letter_pages.letters().templates.values() if one.two_languages}


def _next(catalogue: Catalogue, key: str) -> str | None:
    """The next text after this one that is not checked; None after the last."""
    keys = [languages.key_of(one) for one in catalogue.texts]
    at = keys.index(key)
    same = set(catalogue.texts[at].papers)
    rest = [one for one in catalogue.texts[at + 1 :] if same & set(one.papers)]
    return next((languages.key_of(one) for one in rest if one.state is not State.CHECKED), None)
