"""The forms of a letter: which one, its words, and the last question before it is issued."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.consent.publicity import Level
from casework.domain.letters.letters import BLOCK_LABELS, LetterTemplate, block_labels
from casework.domain.words import say
from casework.pdf.letters import LONGEST_FILLED
from casework.services.campaign import supporter_list, supporters
from casework.services.language import languages
from casework.services.letters import letters
from casework.services.parliament import ministers
from casework.storage.models import Case, Letter
from casework.web.case.case_choices import member_choices
from casework.web.fields import ListField, line, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import reads_story
from casework.web.reading import language_name

ROWS = {"subject": 2, "ask": 4, "enclosures": 4, "promises": 5, "situation": 6, "closing": 4, "people": 4}
HINTS = {
    "subject": "The first thing that is read. Put what is urgent here.",
    "worth": "In your own words. This is the part that is remembered.",
    "obstacle": "Say it before they do.",
}
MOST_SIGNERS = 30  # in a list to choose from; beyond that one comes here from the list of supporters
SHELVES = {"members": "Letters to MPs", "others": "Letters to others", "sheets": "Sheets, forms and cards"}


def _offer(template: LetterTemplate) -> str:
    """The title, what it is for, and how far the person must have agreed where that is further than an office."""
    level = template.audience.level
    told = {"title": template.title, "purpose": template.purpose}
    if template.tells and level > Level.OFFICES:
        return say("{title}. {purpose} Needs their yes to level {level}.", **told, level=int(level))
    return say("{title}. {purpose}", **told)


class NewLetterForm(HouseForm):
    """Which letter, to which MP, and who signs it."""

    template = RadioField("Which letter?", choices=[], validate_choice=False)
    gss_code = SelectField(
        "To which MP",
        description="Or the minister, for a letter to a minister. A paper that goes to neither leaves this out.",
        choices=[],
    )
    supporter = SelectField("Who signs", choices=[])
    again = BooleanField("Write again all the same")

    def offer(self, case: Case, mp: str | None, supporter: str | None = None) -> None:
        """Set what there is to choose from. Of many supporters only the one that the link to the form named."""
        known = [one for one in letters.templates() if reads_story() or not one.tells_the_story]
        offered = sorted(known, key=lambda one: list(SHELVES).index(one.shelf))
        self.template.choices = [(one.key, _offer(one)) for one in offered]
        self.heads = {
            next(one.key for one in offered if one.shelf == shelf): words for shelf, words in SHELVES.items()
        }
        posts = {
            held.gss_code: f"{held.member.name}, {held.post}" for held in ministers.ministers(clock.today())
        }
        self.gss_code.choices = [*member_choices(case, mp).items(), *posts.items()]
        meant = whole_number(self.supporter.data) or whole_number(supporter)
        few = supporter_list.few(case, MOST_SIGNERS, meant)
        self.is_cut = len(few) <= 1 and supporters.count_of(case) > MOST_SIGNERS
        self.supporter.choices = [
            ("", "I do, or the person where it is theirs"),
            *((str(supporter_id), name) for supporter_id, name in few),
        ]

    def validate_template(self, field: Any) -> None:
        if field.data not in {value for value, _ in field.choices}:
            raise ValidationError("Choose a letter.")


class IssueForm(HouseForm):
    """The last question before a letter is issued."""

    because = paragraph(
        "Why this letter has to go now",
        hint="Only if something above is missing. It is kept with the letter.",
        most=1000,
        rows=3,
    )


def draft_form(template: LetterTemplate, letter: Letter, **how: Any) -> Any:
    """The form of one draft: who signs, and a field for each block of its text."""
    fields: dict[str, Any] = {"version": HiddenField()}
    if not template.sheet:
        fields |= _sender_fields()
    if template.to == "holder":
        fields["recall_name"] = line("Who holds it", hint="The name as it stands on the envelope.")
        fields["recall_address"] = paragraph("Their address", most=300, rows=3)
    if template.key == "form-of-authority":
        fields["named_supporters"] = paragraph(
            "Supporters whom the form names",
            hint="One a line: the name, a comma, and how to reach them. Leave it empty to write them in by hand.",
            most=500,
            rows=3,
        )
    if template.to == "minister":
        held = ministers.minister(letter.gss_code, clock.today())
        fields["minister_checked"] = line(
            "Who looked that this is still the minister, and when",
            hint=f"{held.words if held else ''} The page of the Home Office on gov.uk says who it is now.".strip(),
        )
    if template.to == "lawyer":
        fields["lawyer_address"] = paragraph(
            "The lawyer’s address", hint="Only if the letter goes by post.", most=300, rows=3
        )
    if template.two_languages:
        fields["language"] = ListField("Beside the English, in", choices=_languages())
    labels = block_labels(template.key)
    for name in template.blocks:
        fields[name] = paragraph(
            labels[name], hint=_hint(name, labels[name]), most=LONGEST_FILLED, rows=ROWS.get(name, 6)
        )
    kind = type("DraftForm", (HouseForm,), fields)
    return kind(data={**letter.facts, **letter.blocks, "version": str(letter.version)}, **how)


def _hint(name: str, label: str) -> str:
    """What helps to write a block; nothing where the paper has another thing in its place."""
    return HINTS.get(name, "") if label == BLOCK_LABELS[name] else ""


def _languages() -> dict[str, str]:
    """The languages that a paper can be printed in beside English."""
    known = {one.code: f"{language_name(one)} ({one.own_name})" for one in languages.list_languages()}
    return {"": "English only", **known}


def _sender_fields() -> dict[str, Any]:
    return {
        "sender_name": line("Name of whoever signs", autocomplete="off"),
        "sender_address": paragraph(
            "Their address", hint="An MP’s office answers to an address.", most=300, rows=3
        ),
        "sender_postcode": line("Their postcode", most=10, size=10, autocomplete="off"),
        "sender_email": line("Their email", autocomplete="off"),
        "sender_phone": line("Their phone", most=50, autocomplete="off"),
    }


def typed(form: Any, names: tuple[str, ...]) -> dict[str, str]:
    """What was typed into these fields, where the form has them."""
    return {name: form[name].data or "" for name in names if name in form}
