"""One date without a case: choose a rule, say what is known, and see the dates. All of it stands in the address."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.reference.regions import REGIONS
from casework.services.timing import counting, one_date
from casework.services.timing.one_date import PEOPLE, Answer, Question
from casework.services.timing.rule_book import rule_book
from casework.web.case import workings
from casework.web.day_fields import HOW, DayFields
from casework.web.fields import ListField, one_of
from casework.web.forms import HouseForm
from casework.web.guards import allow
from casework.web.timing.rules import by_kind

bp = Blueprint("one_date", __name__)

NOT_SURE = "not-sure"
UNKNOWN = "unknown"


def rules_in_groups() -> dict[str, str | dict[str, str]]:
    """Every rule under the kind of date it makes."""
    groups = by_kind(rule_book().rules.values())
    return {
        "": "Choose a rule",
        **{kind: {one.key: one.name for one in rules} for kind, rules in groups.items()},
    }


class ChooseRuleForm(HouseForm):
    """Which rule."""

    rule = ListField("Which date do you need?", choices=rules_in_groups)

    class Meta:
        csrf = False  # it changes nothing

    def validate_rule(self, field: Any) -> None:
        """A rule must be chosen."""
        if not field.data:
            raise ValidationError("Choose a rule.")


class OneDateForm(DayFields):
    """What somebody knows of the day, the part of the UK, and where the person was."""

    region = one_of(
        "Which part of the UK?",
        {**REGIONS, NOT_SURE: "Not sure: use the earliest of the three"},
        hint="Where the person was, or where the notice was sent. It decides which bank holidays count.",
    )
    person = one_of(
        "Where was the person on that day?",
        {**{key: words[0].upper() + words[1:] for key, (words, _) in PEOPLE.items()}, UNKNOWN: "Not said"},
    )

    class Meta:
        csrf = False  # it changes nothing

    def suit(self, rule: DeadlineRule, *, past: bool = False) -> None:
        """Ask only for what this rule needs: for nothing, where it makes no date."""
        super().suit(rule, past=past)
        if rule.no_date:
            del self.on, self.region
        if rule.no_date or not rule.is_for_some:
            del self.person

    def question(self) -> Question:
        """What is asked, as it was typed."""
        region = self.region.data if self.region and self.region.data in REGIONS else None
        person = self.person.data if "person" in self else None
        variant = self.variant.data if "variant" in self else None
        return Question(self.rule.key, self.told(), variant, region, person)


@bp.get("/one-date")
@allow(Action.USE_RULES)
def index() -> str:
    rule = rule_book().rules.get(request.args.get("rule", ""))
    if rule is None:
        return _choose()
    form = OneDateForm(request.args)
    form.suit(rule)
    found = _answered(form) if set(request.args) - {"rule"} or rule.no_date else None
    return render_template("one_date/index.html", form=form, rule=rule, **_shown(form, found))


def _choose() -> str:
    form = ChooseRuleForm(request.args)
    if request.args:
        form.validate()
    return render_template("one_date/choose.html", form=form)


def _answered(form: OneDateForm) -> Answer | None:
    """The answer to what was typed; None, with the reason at its field, where there is none."""
    if not form.validate():
        return None
    try:
        found = one_date.answer(form.question(), rule_book(), clock.today())
    except CaseworkError as error:
        form.explain(error)
        return None
    if found.unknown and not found.rule.no_date:
        form.explain(CaseworkError(found.unknown, field="trigger_date"))
        return None
    return found


def _shown(form: OneDateForm, found: Answer | None) -> dict[str, Any]:
    """What the page prints of an answer."""
    if found is None or not (found.worked and found.safest and found.start):
        return {"found": found}
    region = counting.Region(found.region, _why_this_region(found), not found.any_region)
    working = counting.working_of(found.start, found.safest, found.elsewhere, region, rule_book())
    return {"found": found, "entry": _entry(found), "told": _told(form), **workings.shown(working)}


def _entry(found: Answer) -> DiaryEntry:
    """The answer as every other page shows a date."""
    worked = found.safest
    assert worked
    return DiaryEntry(
        source=EntrySource.DEADLINE,
        id=0,
        reference="",
        person=current_user.name,
        title=found.rule.name,
        words=found.rule.words,
        kind=found.rule.kind,
        owed_by=found.rule.owed_by,
        who=found.rule.actor,
        safe_on=worked.safe,
        last_on=worked.last or worked.due or worked.window_ends or worked.deemed_served or worked.period_ends,
        earliest_on=worked.earliest,
        clock=worked.clock,
        as_of=clock.in_london(),
    )


def _why_this_region(found: Answer) -> str:
    if not found.any_region:
        return f"This counts as in {REGIONS[found.region]}."
    if not found.difference:
        return "It is the same in all parts of the UK."
    here = REGIONS[found.region]
    return f"Nobody said which part of the UK counts, so this counts as in {here}, where it ends first."


def _told(form: OneDateForm) -> list[tuple[str, Any]]:
    """What was said, for the printed page: label and day, or label and words."""
    names = [name for name in ("on", "posted", "received", "sent") if name in form and form[name].data]
    found: list[tuple[str, Any]] = [
        (form[name].label.text.removesuffix(", if you know it"), form[name].data) for name in names
    ]
    choices = {"how": HOW, "variant": dict(form.variant.choices) if "variant" in form else {}}
    choices |= {"region": REGIONS, "person": {key: words for key, (words, _) in PEOPLE.items()}}
    for name, words in choices.items():
        if name in form and form[name].data in words:
            found.append((form[name].label.text, words[form[name].data]))
    return found
