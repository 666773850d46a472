"""The form of a letter's words: title, purpose, for whom, what it tells, and a field for each block."""

from collections.abc import Iterable
from typing import Any

from flask import request
from wtforms import HiddenField

from casework.domain.consent.publicity import Audience, Kind, is_as_strict, may_ever_say
from casework.domain.errors import CaseworkError
from casework.domain.letters.letters import BLOCK_LABELS, Wording
from casework.domain.said import of_ours, upfirst
from casework.domain.words import say
from casework.pdf.letter_words import LONGEST, Complaint
from casework.services.letters import group_letters, letter_wordings
from casework.web.fields import line, one_of, paragraph, several_of
from casework.web.forms import HouseForm

AUDIENCE_WORDS = {
    Audience.PERSON: "The person, or whoever they write to in their own name",
    Audience.LAWYER: "The lawyer",
    Audience.OFFICE: "An MP’s office or the Home Office",
    Audience.SUPPORTERS: "Supporters, and the MPs they write to",
    Audience.AIRLINE: "The airline",
    Audience.PUBLIC: "The public",
}


class CopyForm(HouseForm):
    """The title of a new letter."""

    title = line("What is the new letter called?", most=80, required="Give it a title.")


def wording_form(wording: Wording, version: int) -> Any:
    """The form of a letter's words, filled with them."""
    template, like = wording.template, group_letters.own_letters().template(wording.like)
    audiences = {str(one): words for one, words in AUDIENCE_WORDS.items() if is_as_strict(one, like.audience)}
    fields: dict[str, Any] = {
        "version": HiddenField(),
        "title": line("Title", most=80, required="Give it a title.", lang="en-GB"),
        "purpose": line(
            "What it is for, in one sentence", most=200, required="Say what it is for.", lang="en-GB"
        ),
        "audience": one_of(
            "Whom it is for",
            audiences,
            hint="This decides how far the person must have agreed before it is made.",
            required="Say whom it is for.",
        ),
        "tells": several_of(
            "What it tells about the person",
            _kinds_for(audiences),
            hint="Where one of these is not agreed to, the letter stops.",
        ),
    }
    for name in wording.words:
        lines = sum(1 + len(one) // 55 for one in wording.words[name].splitlines())
        fields[name] = paragraph(
            BLOCK_LABELS[name], most=LONGEST, rows=min(max(2, lines + 1), 20), lang="en-GB"
        )
    known = {
        **wording.words,
        "title": template.title,
        "purpose": template.purpose,
        "audience": str(template.audience),
        "tells": [str(kind) for kind in template.tells],
        "version": str(version),
    }
    return type("WordingForm", (HouseForm,), fields)(data=known)


def _kinds_for(audiences: Iterable[str]) -> dict[str, str]:
    """The kinds of fact that somebody of these may ever be told, with their words."""
    return {
        str(one): upfirst(of_ours(one.words))
        for one in Kind
        if any(may_ever_say(one, Audience(name)) for name in audiences)
    }


def typed_wording(form: Any, wording: Wording) -> Wording:
    """The letter with what was typed into the form."""
    words = {name: form[name].data or "" for name in wording.words}
    if not any(words.values()):
        raise CaseworkError("A letter needs words.", field=next(iter(words)))
    return letter_wordings.changed(
        wording,
        title=form.title.data,
        purpose=form.purpose.data,
        audience=Audience(form.audience.data),
        tells=[Kind(one) for one in form.tells.data or ()],
        words=words,
    )


def explain_complaints(form: Any, complaints: list[Complaint]) -> None:
    """Show each complaint at the block that it is about."""
    for one in complaints:
        what = (
            say("Line {line}: {what}.", line=one.line, what=one.what)
            if one.block
            else say("{what}.", what=one.what)
        )
        form.explain(CaseworkError(what, field=one.block))


def asks_to_save() -> bool:
    """Whether the button that saves was pressed, and not the one that only looks."""
    return request.form.get("then") == "save"
