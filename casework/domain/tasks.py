"""What is to be done next in a case, and what is done: the list at the top of its page."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.dates import spoken


class TaskState(StrEnum):
    """How a task stands; the page shows it in words and by weight, never by colour alone."""

    FIRST = "now"
    OPEN = ""
    DONE = "done"


@dataclass(frozen=True)
class Task:
    """One line of the list: what to do, why, and how it stands. `key` says which page does it."""

    key: str
    what: str
    state: TaskState
    words: str
    why: str = ""


@dataclass(frozen=True)
class CaseFacts:
    """What the list turns on."""

    name: str
    has_lawyer: bool
    asked_on: date | None = None
    agreed: bool | None = None
    has_home: bool = False
    places_to_settle: int = 0
    authority_signed_on: date | None = None
    authority_printed: bool = False
    first_member: str | None = None
    visit_planned_for: date | None = None
    visited: bool = False
    removal_steps: tuple[int, int] | None = None  # done, and to do in all, where a removal may come
    members_to_write_to: int = 0
    members_written_to: int = 0


def tasks(facts: CaseFacts) -> list[Task]:
    """The list for one case, first things first."""
    found = [_lawyer(facts), *_removal(facts), _asked(facts)]
    if not facts.has_home:
        why = "The MP for the home is the one to ask first. Half a postcode, or the name of a town, is a beginning."
        found.append(Task("home", "Add the home", TaskState.OPEN, "not known yet", why))
    if facts.places_to_settle:
        found.append(
            Task(
                "places",
                "Choose the constituency",
                TaskState.OPEN,
                "needs you",
                "A postcode alone could not decide it.",
            )
        )
    found.append(_authority(facts))
    if facts.first_member:
        found += [_visit(facts, facts.first_member), _letters(facts)]
    return found


def _lawyer(facts: CaseFacts) -> Task:
    if facts.has_lawyer:
        return Task("person", "A solicitor or registered adviser", TaskState.DONE, "known")
    why = f"Only they may advise {facts.name} on the case. A letter to an MP never extends a legal deadline."
    return Task("adviser", "Get a solicitor or registered adviser today", TaskState.FIRST, "do first", why)


def _removal(facts: CaseFacts) -> list[Task]:
    if facts.removal_steps is None:
        return []
    done, to_do = facts.removal_steps
    words = f"{done} of {to_do} done"
    state = TaskState.DONE if done >= to_do else TaskState.FIRST
    return [
        Task(
            "removal",
            "The plan before the flight",
            state,
            words,
            "Each step with its latest hour and a name.",
        )
    ]


def _asked(facts: CaseFacts) -> Task:
    what = f"Ask {facts.name} before any MP is told"
    if facts.asked_on is None:
        return Task(
            "asked",
            what,
            TaskState.FIRST,
            "not asked yet",
            "It is their decision, and there is a risk to say aloud.",
        )
    when = spoken(facts.asked_on, year=False)
    if facts.agreed:
        return Task("asked", what, TaskState.DONE, f"said yes, {when}")
    return Task(
        "asked",
        what,
        TaskState.FIRST,
        f"said no, {when}",
        "Do not write to an MP or visit one until they say yes.",
    )


def _authority(facts: CaseFacts) -> Task:
    if facts.authority_signed_on:
        when = spoken(facts.authority_signed_on, year=False)
        return Task("authority", "Form of authority", TaskState.DONE, f"signed {when}")
    why = "A paper that says this MP may act for them. Most offices will not speak about somebody without it."
    if facts.authority_printed:
        return Task(
            "record_authority",
            "Have the form of authority signed, then record it",
            TaskState.OPEN,
            "printed",
            why,
        )
    return Task("print_authority", "Print the form of authority", TaskState.OPEN, "not made yet", why)


def _visit(facts: CaseFacts, member: str) -> Task:
    what = f"Meet {member} at a surgery"
    if facts.visited:
        return Task("visits", what, TaskState.DONE, "done")
    if facts.visit_planned_for:
        when = spoken(facts.visit_planned_for, year=False)
        return Task("visits", what, TaskState.OPEN, f"planned for {when}")
    why = "Meeting beats a letter. Ring the office first: they say when, where and what to bring."
    return Task("visit", what, TaskState.OPEN, "not planned yet", why)


def _letters(facts: CaseFacts) -> Task:
    written, all_of_them = facts.members_written_to, facts.members_to_write_to
    if written >= all_of_them:
        return Task("letters", "Letters to every MP who can act", TaskState.DONE, "issued")
    return Task(
        "letters", "Write to every MP who can act", TaskState.OPEN, f"{written} of {all_of_them} issued"
    )
