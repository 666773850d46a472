"""The forms of a campaign consent: record a signed one, take one back. Every box of them starts empty."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.consent.campaign_consent import HOW_GIVEN, ITEM_WORDS, LEVEL_EXAMPLES, ORDERS, RISKS
from casework.domain.consent.publicity import Kind, Level
from casework.domain.consent.recall import BatchOut, Beyond, MessageOut, PackOut
from casework.domain.errors import CaseworkError
from casework.domain.said import of_ours, on_day, typed
from casework.domain.words import say
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.storage.models import Case
from casework.web.fields import DayField, line, one_of, photo_tick, several_of
from casework.web.forms import HouseForm
from casework.web.letters.scans import refuse_gone, seal, take_in, unseal

LADDER = {
    str(int(level)): say(
        "{number}. {who}: {what}",
        number=int(level),
        who=of_ours(level.words),
        what=of_ours(LEVEL_EXAMPLES[level]),
    )
    for level in Level
}
SCAN_HINT = "A PDF or a photo. It is kept encrypted."


class CampaignConsentForm(HouseForm):
    """What a signed campaign consent says."""

    given_on = DayField(
        "The day they said yes", required="Type the day on which they signed or said it.", past=True
    )
    ends_on = DayField("The last day it is good for", hint="Leave it empty if the paper names none.")
    level = one_of(
        "Who may know?",
        LADDER,
        hint="Each level includes those above it.",
        required="Choose the level that they ticked.",
    )
    items = several_of(
        "What may be told to supporters or in public?",
        {str(kind): words for kind, words in ITEM_WORDS.items()},
        hint="Tick only what has a yes on the paper. What is not ticked is not told.",
    )
    changed_name = line(
        "The name to call them by in public", hint="From level 3, where their own is not told."
    )
    risks = several_of(
        "Which of these did you go through with them?",
        RISKS,
        hint="One by one, in their language. From level 3 on it has to be all of them.",
    )
    lawyer_asked_on = DayField("The day the lawyer was asked", hint="Before anything is public.", past=True)
    anonymity_order = one_of("Has a court made an order that keeps them anonymous?", ORDERS)
    explained_by = line("Who explained it to them", required="Name whoever explained it to them.")
    language = line("In which language", most=100)
    interpreter = line("Interpreter")
    how_given = one_of("How did they say yes?", HOW_GIVEN, required="Choose how they said yes.")
    witness = line("Witness", hint="Needed for a mark and for a call.")
    to_ring = line("Whom they can ring if they have second thoughts", hint="A name and a number.")
    scan = FileField("Scan or photo of the signed paper", description=SCAN_HINT)
    forget_where = photo_tick()
    scan_kept = HiddenField()

    def __init__(self, case: Case, **given: Any) -> None:
        self.case = case
        super().__init__(**given)

    def validate_scan(self, field: Any) -> None:
        """A scan goes into the archive at once, so that it is not lost when the form comes back."""
        if field.data and getattr(field.data, "filename", ""):
            try:
                scan = take_in(self.case, field.data, "scan", without_traces=bool(self.forget_where.data))
                self.scan_kept.data = seal(self.case, scan)
            except CaseworkError as error:
                raise ValidationError(error.message) from None
        refuse_gone(self.case, self.scan_kept)
        if unseal(self.case, self.scan_kept.data):
            field.description = "Your scan is kept. Choose another file only to put it in its place."

    def new(self) -> NewCampaignConsent:
        """The paper as it was read off."""
        scan_sha256, scan_type = unseal(self.case, self.scan_kept.data) or (None, None)
        words = ("changed_name", "language", "interpreter", "witness", "to_ring")
        return NewCampaignConsent(
            given_on=self.given_on.data or clock.today(),
            ends_on=self.ends_on.data,
            level=Level(int(self.level.data)),
            items=tuple(Kind(item) for item in self.items.data or ()),
            risks=tuple(self.risks.data or ()),
            lawyer_asked_on=self.lawyer_asked_on.data,
            anonymity_order=self.anonymity_order.data or "unknown",
            explained_by=self.explained_by.data or "",
            how_given=self.how_given.data or "",
            scan_sha256=scan_sha256,
            scan_type=scan_type,
            **{name: self[name].data for name in words},
        )


class TakeBackForm(HouseForm):
    """The person takes it back: any day until today, in any way, for no reason."""

    withdrawn_on = DayField("The day they took it back", required="Type the day, or “today”.", past=True)
    how = line("How they said it", hint="A word on the phone is enough. A reason is not asked for.", most=300)


class AskedBackForm(HouseForm):
    """What people asked back by word, and on which day. `were` are those that were ticked when the page was opened."""

    were = HiddenField()
    asked = several_of(
        "Which of these did you ask back?",
        {},
        hint="Take a tick away where it was not asked back, after all.",
    )
    on = DayField(
        "On which day?", hint="It is kept for those that you tick now.", past=True, required="Type the day."
    )

    @classmethod
    def of(cls, beyond: Beyond) -> "AskedBackForm":
        """The form for what is on this list."""
        done = [key for key, one in beyond.by_word.items() if one.asked_on]
        form = cls(were=" ".join(done), asked=done, on=clock.today())
        form.asked.choices = [(key, _called(one)) for key, one in beyond.by_word.items()]
        return form

    @property
    def newly(self) -> set[str]:
        """What is ticked and was not."""
        return set(self.asked.data or ()) - set((self.were.data or "").split())

    @property
    def not_yet(self) -> set[str]:
        """What was ticked and is not any more. What somebody else ticked meanwhile stays so."""
        return set((self.were.data or "").split()) - set(self.asked.data or ())


def _called(one: PackOut | BatchOut | MessageOut) -> str:
    title = typed(one.title) if isinstance(one, PackOut) else of_ours(one.title)
    return say("{title}, {day}", title=title, day=on_day(one.on))
