"""What is to be done next in a case, what waits for whom, and what is done: the list at the top of its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from casework.domain.case.intake import FINDINGS, TO_TAKE_ON, OpenFinding, open_keys, taken_as
from casework.domain.said import of_ours, on_day
from casework.domain.words import say

MOST_TO_SEND = 3  # so many letters have a line each


class TaskState(StrEnum):
    """How a task stands; the page shows it in words and by weight, never by colour alone."""

    FIRST = "now"
    OPEN = ""
    WAITS = "waits"
    DONE = "done"


@dataclass(frozen=True)
class Task:
    """One line of the list: what to do, why, and how it stands. `key` says which page does it, `row` of which row.

    `who` is whom it waits for, or whose it is; `finding` is what is to be found out.
    """

    key: str
    what: str
    state: TaskState
    words: str
    why: str = ""
    who: str = ""
    row: int | None = None
    finding: str = ""


@dataclass(frozen=True)
class Waited:
    """Something that somebody else has to do: `of` whom it waits, since when, and from when to ask again.

    `key` says which page it stands on, `row` is the number of its row. `stays` says why nobody asks about it any more,
    and `caution` what whoever asks has to know first.
    """

    key: str
    row: int
    what: str
    of: str
    since: date | None = None
    ask_on: date | None = None
    stays: str = ""
    caution: str = ""


@dataclass(frozen=True)
class OurTask:
    """Something that somebody of ours took on, by name and day."""

    key: str
    row: int
    what: str
    who: str = ""
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class PlannedVisit:
    """A visit that was planned before the person said no: to whom, on which day, and who goes."""

    row: int
    member: str
    on: date | None = None
    who: str = ""


@dataclass(frozen=True)
class Reporting:
    """The next day on which the person reports, and how it stands: "no word", "today", "to come"."""

    on: date
    standing: str
    word_by: str | None = None
    friend: str | None = None


@dataclass(frozen=True)
class ToSend:
    """A letter of ours that was issued and of which nobody said that it went: `row` is its number.

    `stays` says why it may not go any more; empty where it may.
    """

    row: int
    to: str
    issued_on: date
    stays: str = ""


@dataclass(frozen=True)
class LeftOver:
    """A visit that is planned to an MP of where the person is no more: `row` is its number, `why` a sentence."""

    row: int
    name: str
    why: str


@dataclass(frozen=True)
class CaseFacts:
    """What the list turns on."""

    name: str
    has_lawyer: bool
    asked_on: date | None = None
    agreed: bool | None = None
    took_back: bool = False  # a paper, after they had agreed
    has_home: bool = False
    places_to_settle: int = 0
    authority_signed_on: date | None = None
    authority_printed: bool = False
    first_member: str | None = None
    visit_planned_for: date | None = None
    visit_by: str = ""
    visited: bool = False
    removal_steps: tuple[int, int] | None = None  # done, and to do in all, where a removal may come
    to_call_off: tuple[PlannedVisit, ...] = ()
    to_ask_back: int = 0  # papers and copies that are out and tell more than they agree to
    members_to_write_to: int = 0
    members_written_to: int = 0
    waiting: tuple[Waited, ...] = ()
    ours: tuple[OurTask, ...] = ()
    reporting: Reporting | None = None
    findings: tuple[OpenFinding, ...] = ()
    to_send: tuple[ToSend, ...] = ()
    visits_left_over: tuple[LeftOver, ...] = ()
    taken_on: Mapping[str, str] = field(
        default_factory=dict
    )  # the names of those who took on a task, by its key

    @property
    def refused(self) -> bool:
        """Whether they said that no MP may hear of them."""
        return self.agreed is False or self.took_back


@dataclass(frozen=True)
class TaskList:
    """The list in three parts: what is next, what waits for somebody else, and what is done."""

    next: tuple[Task, ...]
    waiting: tuple[Task, ...]
    done: tuple[Task, ...]


def parted(found: Iterable[Task]) -> TaskList:
    """The same tasks in three parts, each in its order."""
    rows = tuple(found)
    return TaskList(
        next=tuple(task for task in rows if task.state in (TaskState.FIRST, TaskState.OPEN)),
        waiting=tuple(task for task in rows if task.state is TaskState.WAITS),
        done=tuple(task for task in rows if task.state is TaskState.DONE),
    )


def tasks(facts: CaseFacts, today: date) -> list[Task]:
    """The list for one case, first things first."""
    open_ = open_keys(facts.findings)
    found = _reporting(facts)
    found += [_to_find_out(facts, "lawyer") if "lawyer" in open_ else _lawyer(facts), *_removal(facts)]
    found.append(_to_find_out(facts, "asked") if "asked" in open_ else _asked(facts))
    if facts.refused:
        found += [_call_off(one) for one in facts.to_call_off]
    found += _ask_back(facts)
    found += [_to_find_out(facts, one.key) for one in facts.findings if one.key not in ("lawyer", "asked")]
    if not facts.has_home and "home" not in open_:
        why = "The MP for the home is the one to ask first. Half a postcode, or the name of a town, is a beginning."
        found.append(Task("home", "Add the home", TaskState.OPEN, say("not known yet"), why))
    if facts.places_to_settle:
        found.append(
            Task(
                "places",
                "Choose the constituency",
                TaskState.OPEN,
                say("needs you"),
                "A postcode alone could not decide it.",
            )
        )
    found.append(_authority(facts))
    found += [
        Task(
            "visit_left_over",
            say("Call off the visit to {name}, or change it", name=one.name),
            TaskState.FIRST,
            say("they moved"),
            one.why,
            row=one.row,
        )
        for one in (() if facts.refused else facts.visits_left_over)  # after a no every visit is called off
    ]
    if facts.first_member:
        with_members = (_visit(facts, facts.first_member), _letters(facts))
        found += [one for one in with_members if not facts.refused or one.state is TaskState.DONE]
    found += _to_send(facts)
    found += [_ours(one, today) for one in facts.ours]
    found += [_waits(one, today) for one in facts.waiting]
    return [_with_name(task, facts) for task in found]


WITH_MPS = frozenset({"visit", "letters"})
"""What somebody can take on and nobody does after a no of the person; it comes back with a yes."""


def open_to_take_on(facts: CaseFacts, today: date) -> frozenset[str]:
    """Which of the tasks that somebody can take on are to be done still, as the list itself has them.

    As long as no MP is known, ringing one and writing to one are not on the list: who took them on has them still.
    After a no of the person nobody has them; they come back with a yes.
    """
    found = {
        taken_as(task.key, task.finding) for task in tasks(facts, today) if task.state is not TaskState.DONE
    }
    if facts.first_member is None and not facts.refused:
        found |= WITH_MPS
    return frozenset(found & set(TO_TAKE_ON))


def _with_name(task: Task, facts: CaseFacts) -> Task:
    """The task with the name of whoever took it on, while it is to be done."""
    name = facts.taken_on.get(taken_as(task.key, task.finding))
    if not name or task.state is TaskState.DONE:
        return task
    return replace(task, words=say("{words} · {name}", words=task.words, name=name), who=name)


def _to_find_out(facts: CaseFacts, key: str) -> Task:
    """Something that the first hour left open; it closes itself when the case knows it."""
    one = next(found for found in facts.findings if found.key == key)
    what = FINDINGS[key].what
    if one.known:
        return Task("find_out", what, TaskState.DONE, say("known now"), finding=key)
    if one.settled:
        return Task("find_out", what, TaskState.DONE, say("asked: there is nothing"), finding=key)
    state = TaskState.FIRST if key in ("lawyer", "asked", "flight") else TaskState.OPEN
    return Task("find_out", what, state, "not known yet", FINDINGS[key].why, finding=key)


def _reporting(facts: CaseFacts) -> list[Task]:
    one = facts.reporting
    if one is None:
        return []
    day = on_day(one.on, year=False, weekday=True)
    waits = (
        say("{name} waits for word.", name=one.friend)
        if one.friend
        else "Nobody is named who waits for word."
    )
    if one.standing == "no word":
        what = say("No word from {name} since they reported", name=facts.name)
        return [
            Task(
                "reporting",
                what,
                TaskState.FIRST,
                say("since {day}", day=day),
                "Whom to ring, in which order.",
            )
        ]
    if one.standing == "today":
        words = say("word by {hour}", hour=one.word_by) if one.word_by else "today"
        return [
            Task("reporting", say("{name} reports today", name=facts.name), TaskState.FIRST, words, waits)
        ]
    return [Task("reporting", say("{name} reports again", name=facts.name), TaskState.OPEN, day, waits)]


def _waits(one: Waited, today: date) -> Task:
    words = say("waiting for {name}", name=one.of)
    if one.since:
        since = on_day(one.since, year=False)
        words = say("waiting for {name}, since {since}", name=one.of, since=since)
    if one.stays:
        why = say("Do not ring or write about it: {why}.", why=of_ours(one.stays))
        return Task(one.key, one.what, TaskState.WAITS, words, why, one.of, one.row)
    is_due = one.ask_on is not None and one.ask_on <= today
    state = TaskState.OPEN if is_due else TaskState.WAITS
    return Task(one.key, one.what, state, words, one.caution or _when_to_ask(one, today), one.of, one.row)


def _when_to_ask(one: Waited, today: date) -> str:
    if one.ask_on is None:
        return ""
    if one.ask_on == today:
        return "Today is the day to ask."
    day = on_day(one.ask_on, year=False)
    if one.ask_on < today:
        return say("The day to ask was {day}. Ask again, kindly.", day=day)
    return say("Ask again from {day}.", day=day)


def _to_send(facts: CaseFacts) -> list[Task]:
    """The letters that were issued and lie here still, as far as is kept: nobody can answer them.

    Of many, as a batch makes them, one line.
    """
    goes, stays = ([one for one in facts.to_send if bool(one.stays) is kept] for kept in (False, True))
    why = "Nobody can answer it before it went. Then say how it went, and on which day."
    if len(goes) > MOST_TO_SEND:
        what = say("Print, sign and send {number} letters", number=len(goes))
        found = [Task("letters", what, TaskState.FIRST, say("issued, not sent yet"), why)]
    else:
        found = [
            Task(
                "to_send",
                say("Print, sign and send the letter to {name}", name=one.to),
                TaskState.FIRST,
                say("issued {day}, not sent yet", day=on_day(one.issued_on, year=False)),
                why,
                row=one.row,
            )
            for one in goes
        ]
    return [*_not_to_send(stays), *found]


def _not_to_send(stays: list[ToSend]) -> list[Task]:
    """Those of the letters that lie here which may not go any more, with the reason and what can be done."""
    why = "Make it void, so that nobody sends it. If it is on paper, destroy it."
    if len(stays) > MOST_TO_SEND:
        what = say("Do not send {number} letters", number=len(stays))
        return [Task("letters", what, TaskState.FIRST, of_ours(stays[0].stays), why)]
    return [
        Task(
            "to_send",
            say("Do not send the letter to {name}", name=one.to),
            TaskState.FIRST,
            of_ours(one.stays),
            why,
            row=one.row,
        )
        for one in stays
    ]


def _ours(one: OurTask, today: date) -> Task:
    if one.done_on:
        done = say("done {day}", day=on_day(one.done_on, year=False))
        return Task(one.key, one.what, TaskState.DONE, done, who=one.who, row=one.row)
    words: str = say("waiting for {name}", name=one.who) if one.who else say("nobody yet")
    if one.due_on:
        words = say("{whose}, by {day}", whose=words, day=on_day(one.due_on, year=False))
    is_theirs = bool(one.who) and (one.due_on is None or one.due_on >= today)
    state = TaskState.WAITS if is_theirs else TaskState.OPEN
    late = "Its day has passed. Ask whether somebody could help." if one.due_on and one.due_on < today else ""
    return Task(one.key, one.what, state, words, late, one.who, one.row)


def _lawyer(facts: CaseFacts) -> Task:
    if facts.has_lawyer:
        return Task("person", "A solicitor or registered adviser", TaskState.DONE, say("known"))
    why = say(
        "Only they may advise {name} on the case. A letter to an MP never extends a legal deadline.",
        name=facts.name,
    )
    return Task(
        "adviser", "Get a solicitor or registered adviser today", TaskState.FIRST, say("do first"), why
    )


def _removal(facts: CaseFacts) -> list[Task]:
    if facts.removal_steps is None:
        return []
    done, to_do = facts.removal_steps
    words = say("{done} of {all} done", done=done, all=to_do)
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
    what = say("Ask {name} before any MP is told", name=facts.name)
    if facts.asked_on is None:
        return Task(
            "asked",
            what,
            TaskState.FIRST,
            say("not asked yet"),
            "It is their decision, and there is a risk to say aloud.",
        )
    when = on_day(facts.asked_on, year=False)
    if not facts.refused:
        return Task("asked", what, TaskState.DONE, say("said yes, {day}", day=when))
    words = say("took it back") if facts.took_back else say("said no, {day}", day=when)
    return Task(
        "asked", what, TaskState.FIRST, words, "Do not write to an MP or visit one until they say yes."
    )


def _call_off(one: PlannedVisit) -> Task:
    words: str = say("planned for {day}", day=on_day(one.on, year=False)) if one.on else say("no day yet")
    if one.who:
        words = say("{planned}, {name}", planned=words, name=one.who)
    return Task(
        "call_off",
        say("Call off the visit to {name}", name=one.member),
        TaskState.FIRST,
        words,
        "Tell whoever goes that the person said no.",
        row=one.row,
    )


def _ask_back(facts: CaseFacts) -> list[Task]:
    if not facts.to_ask_back:
        return []
    what = "Ask back what went out"
    out = say("one is out") if facts.to_ask_back == 1 else say("{number} are out", number=facts.to_ask_back)
    why = "Papers and copies that tell more than they agree to now. See who holds each."
    return [Task("ask_back", what, TaskState.FIRST, out, why)]


def _authority(facts: CaseFacts) -> Task:
    if facts.authority_signed_on:
        signed = say("signed {day}", day=on_day(facts.authority_signed_on, year=False))
        return Task("authority", "Form of authority", TaskState.DONE, signed)
    why = "A paper that says this MP may act for them. Most offices will not speak about somebody without it."
    if facts.authority_printed:
        return Task(
            "record_authority",
            "Have the form of authority signed, then record it",
            TaskState.OPEN,
            say("waiting for {name} to sign", name=facts.name),
            why,
        )
    return Task("print_authority", "Print the form of authority", TaskState.OPEN, say("not made yet"), why)


def _visit(facts: CaseFacts, member: str) -> Task:
    what = say("Meet {name} at a surgery", name=member)
    if facts.visited:
        return Task("visits", what, TaskState.DONE, say("done"))
    if facts.visit_planned_for:
        planned = say("planned for {day}", day=on_day(facts.visit_planned_for, year=False))
        if facts.visit_by:
            planned = say("{planned}, {name}", planned=planned, name=facts.visit_by)
        return Task("visits", what, TaskState.OPEN, planned)
    why = "Meeting beats a letter. Ring the office first: they say when, where and what to bring."
    return Task("visit", what, TaskState.OPEN, say("not planned yet"), why)


def _letters(facts: CaseFacts) -> Task:
    written, all_of_them = facts.members_written_to, facts.members_to_write_to
    if written >= all_of_them:
        return Task("letters", "Letters to every MP who can act", TaskState.DONE, say("issued"))
    return Task(
        "letters",
        "Write to every MP who can act",
        TaskState.OPEN,
        say("{number} of {all} issued", number=written, all=all_of_them),
    )
