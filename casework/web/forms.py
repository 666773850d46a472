"""What every form of the house shares."""

from typing import Any

from flask import has_request_context, request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import HiddenField, PasswordField, SelectField

from casework.domain.errors import CaseworkError
from casework.web import kept_words, meanwhile, reading
from casework.web.once import new_token

SIGNED_OUT = "You were signed out while you typed. Nothing is saved yet: look at it, and send it again."


class TypedForm(FlaskForm):
    """A form whose fields get what each of them takes: a file goes to a field for files, and to no other."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent, also where nothing was; None where the form is only shown."""
            given = super().wrap_formdata(form, formdata)
            if given is formdata:  # it was handed over by a view
                return given
            if request.method != "POST":
                return None
            files = MultiDict(
                pair
                for pair in request.files.items(multi=True)
                if isinstance(form._fields.get(pair[0]), FileField)
            )
            return CombinedMultiDict((files, request.form))

        def render_field(self, field: Any, render_kw: Any) -> Any:
            """The field with the words of its list in the reader's language."""
            if isinstance(field, SelectField) and field.choices and reading.words():
                field.choices = reading.choices_in_words(field.choices)
            return super().render_field(field, render_kw)


class HouseForm(TypedForm):
    """A form that is saved once however often it is sent, and that shows an error at its field."""

    once = HiddenField(default=new_token)
    changed_meanwhile: tuple[meanwhile.Changed, ...] = ()
    _opened: str | None = None

    @property
    def as_opened(self) -> str:
        """What the page carries along, so that it is known later what somebody typed themselves: `meanwhile.marks`."""
        if self._opened is None:
            is_sent = has_request_context() and request.method == "POST"
            self._opened = request.form.get(meanwhile.AS_OPENED, "") if is_sent else meanwhile.marks(self)
        return self._opened

    def meet(self, theirs: "HouseForm") -> None:
        """Where another saved first: keep what was typed here, and take over what only they changed.

        `theirs` is this form as it is filled with what they saved. What is sent next is sent against that.
        """
        self.changed_meanwhile = tuple(meanwhile.compare(self, theirs, self.as_opened))
        self._opened = meanwhile.marks(theirs)
        self["version"].data = theirs["version"].data

    def is_submitted(self) -> bool:
        """Whether somebody sent it; what was typed before a sign-in ended only fills it again."""
        return bool(super().is_submitted()) and not kept_words.is_given_back()

    def explain(self, error: CaseworkError) -> None:
        """Show what the rules said: at the field that caused it, else above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]

    @property
    def is_kept_whole(self) -> bool:
        """Whether the page can show again all that was sent: no browser lets it fill in a password or a file."""
        return not any(field.data and isinstance(field, PasswordField | FileField) for field in self)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Every error as (id of the field, sentence), for the summary on top."""
        shown = [("", message) for message in self.form_errors]
        if kept_words.is_given_back():
            shown.append(("", SIGNED_OUT))
        for field in self:
            shown += [(field_target(field), message) for message in field.errors]
        return shown


def field_target(field: Any) -> str:
    """The id that a link in the error summary leads to."""
    if field.type == "DayField":
        return f"{field.id}-day"
    if field.type in ("RadioField", "SelectMultipleField"):
        return f"{field.id}-0"
    return str(field.id)
