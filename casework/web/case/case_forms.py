"""The forms of a case."""

from typing import Any

from flask import flash
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.case.places import PLACE_WORDS, PlaceKind
from casework.domain.case.postcodes import parse_partial
from casework.domain.errors import CaseworkError
from casework.domain.said import of_ours, on_day, typed
from casework.domain.words import say
from casework.services.case import case_places
from casework.services.case.case_places import TYPED, NewPlace
from casework.services.consent.need_to_know import as_hidden
from casework.services.language import languages
from casework.services.parliament.directory import directory
from casework.storage.models import Case
from casework.web.consent.need_to_know import hidden_field
from casework.web.fields import DayField, ListField, line, one_of, paragraph
from casework.web.forms import HouseForm
from casework.web.reading import language_name

YEAR_WILL_DO = "If you know it. The year alone will do, or the month and the year."


def places_to_choose() -> dict[str, dict[str, str]]:
    """Every known place of detention and prison, in groups, for a list to choose from."""
    centres: dict[str, str] = {}
    prisons: dict[str, str] = {}
    for place in directory().places():
        name = place.name
        if place.is_open is False:
            name = say("{place} ({status})", place=name, status=of_ours(place.status))
        elif place.may_be_closed:
            name = say("{place} (perhaps closed)", place=name)
        (prisons if place.kind == "prison" else centres)[place.place_id] = name
    return {
        "Not in the lists": {"": "Not detained, or not known yet", TYPED: "Somewhere else: type it below"},
        "Detention centres and holding places": centres,
        "Prisons": prisons,
    }


class PlaceField(ListField):
    """A place of detention out of the list. One that may be closed is asked about before it is saved.

    `sure` is the place of which somebody said that they are there all the same.
    """

    sure: str = ""
    is_asked = False

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=kwargs.pop("choices", places_to_choose), **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        self.sure = (formdata.get(f"{self.name}-sure") or "") if formdata else ""

    def ask_whether_open(self) -> None:
        """Raise ValidationError at a place that may be closed, where nobody said so of it yet."""
        doubt = case_places.closed_by_our_list(self.data) if self.data != self.object_data else ""
        self.is_asked = bool(doubt)
        if doubt and self.sure != self.data:
            raise ValidationError(
                say("{doubt} Choose another, or save it if you know that they are there.", doubt=doubt)
            )


def _usually(kind: str) -> str:
    """How such a reference looks."""
    return say("Usually {hint}.", hint=of_ours(REFERENCE_KINDS[kind].hint))


def check_postcode(form: Any, field: Any) -> None:
    """Put a postcode, or the part of one that is known, into its standard form, or say what is wrong with it."""
    if field.data:
        try:
            field.data = str(parse_partial(field.data))
        except CaseworkError as error:
            raise ValidationError(error.message) from None


def postcode(label: str, hint: str = "") -> Any:
    """One postcode, as people type it."""
    field = line(label, hint=hint, most=20, autocomplete="off", size=10)
    field.kwargs["validators"] = [*field.kwargs["validators"], check_postcode]
    return field


def ask_which_language(form: Any, field: Any) -> None:
    """Ask once whether a language that we have is meant; sent again as it is, it is kept as it is."""
    near = languages.perhaps_meant_by(field.data or "")
    if near and form.language_asked.data != field.data:
        form.language_asked.data = field.data
        raise ValidationError(
            say(
                "Do you mean {language}? Then type that: their papers can be printed in it too. If “{typed}” is"
                " right, save once more.",
                language=typed(language_name(near)),
                typed=field.data,
            )
        )


def pronouns_to_choose() -> ListField:
    """How letters speak of the person, never guessed."""
    return ListField(
        "Pronouns in letters",
        choices={
            "": "Ask them: letters use the name only",
            "she": "she / her",
            "he": "he / his",
            "they": "they / their",
        },
    )


def say_first_days(form: Any) -> None:
    """Say of which day a year, or a month, is kept: nothing keeps that nobody said the day."""
    for field in form:
        if isinstance(field, DayField) and field.taken_from and field.data:
            flash(
                say(
                    "“{typed}” is kept as {day}, its first day. A letter that says how long they lived there names"
                    " that day. Put it right when you know it.",
                    typed=field.taken_from,
                    day=on_day(field.data),
                )
            )


class NewCaseForm(HouseForm):
    """What is known in the first five minutes. One name is enough."""

    name_used = line("Name they use", hint="What do their friends call them?", autocomplete="off")
    official_name = line(
        "Full name as the Home Office has it", hint="As on their papers, if you know it.", autocomplete="off"
    )
    pronouns = pronouns_to_choose()
    urgency = line(
        "What is urgent, in a few words",
        hint="For example: flight booked for Tuesday; or detained today.",
        most=300,
    )
    home_office = line(
        "Home Office reference",
        hint=say("If you have it: {hint}.", hint=of_ours(REFERENCE_KINDS["home_office"].hint)),
        most=100,
        autocomplete="off",
    )

    home_kind = SelectField(
        "What kind of home",
        choices={
            kind.value: words
            for kind, words in PLACE_WORDS.items()
            if kind not in (PlaceKind.DETENTION, PlaceKind.FORMER_HOME)
        },
        default=PlaceKind.HOME.value,
    )
    home_postcode = postcode(
        "Home postcode", "Where they live, or lived until they were detained. It stays on this machine."
    )
    home_address = paragraph(
        "Home address", hint="If you know it. Street and town are enough.", most=500, rows=2
    )
    home_since = DayField("Lived there since", hint=YEAR_WILL_DO, past=True, near=True)

    held_at = PlaceField("Where they are held", default="")
    held_other = line(
        "The place, if it is not in the list",
        hint="For example a police station. Add its postcode if you can.",
        most=200,
    )
    held_postcode = postcode("Postcode of that place")
    held_since = DayField("Held there since", past=True)

    former1_postcode = postcode(
        "Postcode of a former home", "Somebody who still lives there can ask the MP there."
    )
    former1_address = line("Street and town", most=300)
    former1_since = DayField("Lived there from", hint=YEAR_WILL_DO, past=True, near=True)
    former1_until = DayField("Lived there until", hint=YEAR_WILL_DO, past=True, near=True)
    former2_postcode = postcode("Postcode of another former home")
    former2_address = line("Street and town", most=300)
    former2_since = DayField("Lived there from", hint=YEAR_WILL_DO, past=True, near=True)
    former2_until = DayField("Lived there until", hint=YEAR_WILL_DO, past=True, near=True)

    def person(self) -> dict[str, Any]:
        """What was typed of the person."""
        return {
            "name_used": self.name_used.data,
            "official_name": self.official_name.data,
            "pronouns": self.pronouns.data,
            "urgency": self.urgency.data,
        }

    def references(self) -> dict[str, str]:
        """The numbers that were typed."""
        return {"home_office": self.home_office.data} if self.home_office.data else {}

    def places(self) -> list[NewPlace]:
        """Every place that was typed or chosen."""
        places = []
        home = PlaceKind(self.home_kind.data)
        if self.home_postcode.data or self.home_address.data or home is not PlaceKind.HOME:
            places.append(
                NewPlace(
                    home,
                    address=self.home_address.data,
                    postcode=self.home_postcode.data,
                    since=self.home_since.data,
                )
            )
        for number in ("former1", "former2"):
            code, address, since, until = (
                self[f"{number}_{part}"].data for part in ("postcode", "address", "since", "until")
            )
            if code or address:
                places.append(
                    NewPlace(PlaceKind.FORMER_HOME, address=address, postcode=code, since=since, until=until)
                )
        held = _held(self.held_at.data, self.held_other.data, self.held_postcode.data)
        if held:
            places.append(NewPlace(PlaceKind.DETENTION, since=self.held_since.data, **held))
        return places

    def validate_name_used(self, field: Any) -> None:
        if not (field.data or self.official_name.data):
            raise ValidationError("Type a name: the one they use, or the one the Home Office has.")

    def validate_former1_until(self, field: Any) -> None:
        self._needs_end("former1")

    def validate_former2_until(self, field: Any) -> None:
        self._needs_end("former2")

    def _needs_end(self, number: str) -> None:
        since, until = self[f"{number}_since"].data, self[f"{number}_until"].data
        if since and until and until < since:
            raise ValidationError("The last day is before the first day.")

    def validate_held_at(self, field: Any) -> None:
        field.ask_whether_open()

    def validate_held_other(self, field: Any) -> None:
        if self.held_at.data == TYPED and not (field.data or self.held_postcode.data):
            raise ValidationError("Type the name of the place, or its postcode.")


def _held(choice: str | None, name: str | None, code: str | None) -> dict[str, Any]:
    """Where somebody is held, from the list or typed; empty when it is not known."""
    if _listed(choice):
        return {"place_id": choice}
    if name or code:
        return {"name": name, "postcode": code}
    return {}


def _listed(choice: str | None) -> str | None:
    return choice if choice and choice != TYPED else None


class PersonForm(HouseForm):
    """The person, and the numbers that offices know them by. All but one name may stay empty."""

    version = HiddenField()
    language_asked = HiddenField()
    name_used = line("Name they use", autocomplete="off")
    official_name = line("Full name as the Home Office has it", autocomplete="off")
    other_names = line("Other names and spellings", most=300, autocomplete="off")
    date_of_birth = DayField("Date of birth", past=True)
    nationality = line(
        "Nationality",
        hint="As they say it themselves. “Stateless” and “not known” are answers too.",
        most=100,
    )
    languages = line("Languages", hint="The best one first, with the dialect if it matters.")
    interpreter = line(
        "Interpreter", hint="Needed? For which language, man or woman, and who should not interpret."
    )
    pronouns = pronouns_to_choose()
    safe_contact = line("How to reach them safely, and when not to", most=300)
    urgency = line("What is urgent, in a few words", most=300)
    home_office = line(REFERENCE_KINDS["home_office"].label, hint=_usually("home_office"), most=100)
    port = line(REFERENCE_KINDS["port"].label, hint=_usually("port"), most=100)
    cid = line(REFERENCE_KINDS["cid"].label, hint=_usually("cid"), most=100)
    uan = line(REFERENCE_KINDS["uan"].label, hint=_usually("uan"), most=100)
    tribunal = line(REFERENCE_KINDS["tribunal"].label, hint=_usually("tribunal"), most=100)
    bail = line(REFERENCE_KINDS["bail"].label, hint=_usually("bail"), most=100)
    prison = line(REFERENCE_KINDS["prison"].label, hint=_usually("prison"), most=100)
    representative_name = line("Solicitor or adviser")
    representative_firm = line("Their firm or organisation")
    representative_contact = line("Their phone and email", most=300)

    def validate_languages(self, field: Any) -> None:
        ask_which_language(self, field)

    def person(self) -> dict[str, Any]:
        """What was typed of the person."""
        other = {"version", "language_asked", "once", "csrf_token", *REFERENCE_KINDS}
        return {field.short_name: field.data or None for field in self if field.short_name not in other}

    def references(self) -> dict[str, str]:
        """The numbers that were typed."""
        return {kind: self[kind].data or "" for kind in REFERENCE_KINDS}


def person_form(case: Case, **how: Any) -> PersonForm:
    """The form with what is kept of the person, and their numbers."""
    return PersonForm(obj=case, **{row.kind: row.value for row in case.references}, **how)


class PlaceForm(HouseForm):
    """Somewhere the person lived or is held."""

    version = HiddenField()
    kind = one_of(
        "What was this place?",
        {kind.value: words for kind, words in PLACE_WORDS.items()},
        required="Choose what this place was.",
    )
    place_id = PlaceField("Place of detention")
    name = line("Name of the place, if it is not in the list", hint="Or whose home it is: “c/o Maria”.")
    address = paragraph("Address", hint="If you know it.", most=500, rows=3)
    postcode = postcode("Postcode", "Even half of one helps: you can then choose the constituency.")
    room = line("Room, wing or number there", most=100)
    since = DayField("Since", hint="For a home the year alone will do.", past=True, near=True)
    until = DayField(
        "Until",
        hint="Leave it empty if they are still there. For a former home the year alone will do.",
        past=True,
        near=True,
    )
    hidden = hidden_field()

    def place(self) -> NewPlace:
        """The place as it was typed."""
        kind = PlaceKind(self.kind.data)
        listed = _listed(self.place_id.data) if kind is PlaceKind.DETENTION else None
        return NewPlace(
            kind=kind,
            place_id=listed,
            name=self.name.data,
            address=self.address.data,
            postcode=self.postcode.data,
            since=self.since.data,
            until=self.until.data,
            room=self.room.data,
            hidden=as_hidden(self.hidden.data),
        )

    def validate_since(self, field: Any) -> None:
        if field.taken_from and self.kind.data == PlaceKind.DETENTION:
            raise ValidationError("Type the whole day: dates are counted from a detention.")

    def validate_until(self, field: Any) -> None:
        if field.taken_from and self.kind.data != PlaceKind.FORMER_HOME:
            raise ValidationError("Type the whole day: it decides where they are counted as living.")

    def validate_place_id(self, field: Any) -> None:
        # It may well have been open in a stay that is over.
        if self.kind.data == PlaceKind.DETENTION and not self.until.data:
            field.ask_whether_open()

    def validate_kind(self, field: Any) -> None:
        unknown = field.data == PlaceKind.DETENTION and (self.since.data or self.until.data)
        where = self.place_id.data or self.name.data or self.address.data or self.postcode.data
        if not (where or unknown):
            raise ValidationError("Say something about the place: a name, an address or a postcode.")


class TransferForm(HouseForm):
    """A move to another place of detention."""

    place_id = PlaceField("Where they are held now")
    name = line("The place, if it is not in the list")
    postcode = postcode("Postcode of that place")
    room = line("Room, wing or number there", most=100)
    since = DayField(
        "Moved there on",
        required="Type the day of the move. The day you heard of it is near enough.",
        past=True,
    )

    def place(self) -> NewPlace:
        """The new place as it was typed."""
        listed = _listed(self.place_id.data)
        return NewPlace(
            kind=PlaceKind.DETENTION,
            place_id=listed,
            name=self.name.data,
            postcode=self.postcode.data,
            since=self.since.data,
            room=self.room.data,
        )

    def validate_place_id(self, field: Any) -> None:
        if not _listed(field.data) and not (self.name.data or self.postcode.data):
            raise ValidationError("Choose the place, or type its name.")
        field.ask_whether_open()


class AskedForm(HouseForm):
    """Whether the person was asked before an MP hears of them."""

    agreed = one_of(
        "What did they say?",
        {"yes": "Yes, you may contact MPs", "no": "No, or not yet"},
        required="Choose what they said.",
    )
    limits = line(
        "Which MPs not, or what they do not want",
        hint="In their own words. It stands beside every letter and before it is issued.",
        most=300,
    )
    asked_on = DayField("When were they asked?", required="Type the day.", past=True)
    asked_by = line(
        "Who asked them, and how",
        hint="For example: Ruth, by phone, with an interpreter.",
        required="Say who asked them.",
    )


class CloseForm(HouseForm):
    """The end of a campaign, or its beginning again."""

    because = line(
        "How did it end?",
        hint="For example: released; leave granted; removed; the person asked us to stop.",
        most=300,
    )
