"""What a move leaves over: drafts and visits to an MP who has no part in the case any more, told beforehand."""

from collections.abc import Callable, Container

from casework import clock
from casework.domain.said import of_ours, on_day, typed
from casework.domain.words import say
from casework.services.letters import letters
from casework.services.parliament import members, surgeries
from casework.services.timing.effects import Effects
from casework.storage.database import db
from casework.storage.models import Case


def telling(case: Case, act: Callable[[Effects], object]) -> Callable[[Effects], object]:
    """The same act, which also says what it leaves over for the MPs who go off the list by it."""

    def done(effects: Effects) -> object:
        today = clock.today()
        before = members.seats_of(case, today)
        found = act(effects)
        db.session.flush()
        after = members.seats_of(case, today)
        gone = {code: why for code, why in before.items() if code not in after}
        left = of(case, gone)
        if left:
            effects.also += [*members.changes(gone, {}), *left]
        return found

    return done


def of(case: Case, gone: Container[str]) -> list[str]:
    """The drafts to the MPs of these constituencies and the visits that are planned to them, in sentences.

    A supporter's own letter goes to their own MP, wherever the person is.
    """
    found: list[str] = []
    for letter in letters.list_drafts(case):
        template = letters.template_of(letter)
        if letter.gss_code in gone and template.writes_to_member and not letter.supporter_id:
            found.append(
                say(
                    "A draft to {name} stays, “{title}”: look at it before it goes, or throw it away.",
                    name=typed(letter.member_name or ""),
                    title=of_ours(template.title),
                )
            )
    for visit in surgeries.list_visits(case):
        if visit.gss_code in gone and visit.recorded_at is None:
            day = on_day(visit.held_on, weekday=True) if visit.held_on else say("the day is not set")
            found.append(
                say(
                    "A visit to {name} stays planned ({day}): call it off, or change it.",
                    name=typed(visit.member_name),
                    day=day,
                )
            )
    return found
