"""Whether a rule fits the person: the rules for people in the UK, abroad, detained or not."""

from collections.abc import Mapping

from casework.domain.timing.deadline_rules import DeadlineRule, Fits


def misfit(rule: DeadlineRule, variant: str | None, untrue: Mapping[Fits, str]) -> str:
    """Why the rule, or this length of it, is not for this person; empty when nothing speaks against it.

    `untrue` holds what is not so on the day, each with the sentence that says how that is known.
    """
    chosen = rule.variants.get(variant or "")
    asked = [("This rule", one) for one in rule.fits]
    asked += [(f"“{chosen.label}”", one) for one in chosen.fits] if chosen else []
    found = ((what, one) for what, one in asked if one in untrue)
    return next((f"{what} is for people who are {one.words}. {untrue[one]}" for what, one in found), "")
