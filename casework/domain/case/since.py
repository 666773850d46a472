"""What others did in a case, as sentences: which lines of the trail are told, to whom, and what each leads to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.domain.safety.accounts import Action

# Who never said up to where they have seen it is told of a week; who said it long ago, of a month. The rest is
# in the trail.
AT_FIRST = timedelta(days=7)
AT_MOST = timedelta(days=30)
MOST_LINES = 300


@dataclass(frozen=True)
class Told:
    """How one kind of line is told. `door` is the page it leads to, and `fact` what in the line names its row.

    `thing` is what may be hidden, so that who may not see the row is not told of it; `gone` says that the row lies in
    the bin since.
    """

    words: str
    needs: Action = Action.READ_STORY
    door: str = "case"
    fact: str = ""
    thing: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the trail, as it is kept."""

    number: int
    at: datetime
    case_id: int
    who: str
    action: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What somebody did in one case, once or several times; `at` is the last time, `row` what it leads to."""

    who: str
    told: Told
    at: datetime
    row: int | None
    times: int = 1

    @property
    def words(self) -> str:
        """ "Mina Castellan added a note." """
        return self.told.words.format(who=self.who)


_ALL = Action.VIEW_CASE
_VISIT: dict[str, Any] = {"needs": _ALL, "fact": "visit", "thing": "visit"}
_PROMISE: dict[str, Any] = {"needs": _ALL, "door": "promise", "fact": "follow_up", "thing": "promise"}
_LETTER: dict[str, Any] = {"needs": _ALL, "door": "draft", "fact": "letter", "thing": "draft"}
_PAPER: dict[str, Any] = {"door": "paper", "fact": "letter", "thing": "letter"}
_PLACE: dict[str, Any] = {"door": "places", "fact": "place", "thing": "place"}
_NOTE: dict[str, Any] = {"door": "notes", "fact": "note", "thing": "note"}
_DATE: dict[str, Any] = {"door": "date", "fact": "deadline"}
_REMOVAL: dict[str, Any] = {"door": "removal", "fact": "removal"}
_REPORTING: dict[str, Any] = {"door": "reporting", "thing": "plan"}

TOLD: dict[str, Told] = {
    "first hour finished": Told("{who} finished the first hour.", Action.EDIT_CASE, "first hour"),
    "tasks shared out": Told("{who} shared out who does what.", _ALL),
    "found that there is nothing": Told("{who} asked for something, and there is nothing to find out."),
    "to be found out after all": Told("{who} said that something is to be found out after all."),
    "go-bag made": Told("{who} made a copy to take along.", door="bags"),
    "go-bag ticked off": Told("{who} ticked off a copy that was taken along.", door="bags"),
    "case opened": Told("{who} opened this case.", _ALL),
    "case closed": Told("{who} closed this case.", _ALL),
    "case reopened": Told("{who} opened this case again.", _ALL),
    "added to team": Told("{who} put somebody on the team.", _ALL, "team"),
    "removed from team": Told("{who} took somebody off the team.", _ALL, "team"),
    "handed over": Told("{who} handed over what somebody works on.", _ALL, "team"),
    "note added": Told("{who} added a note.", **_NOTE),
    "note changed": Told("{who} changed a note.", **_NOTE),
    "note removed": Told("{who} deleted a note.", gone=True, **_NOTE),
    "person changed": Told("{who} changed what we know of the person.", door="person"),
    "person asked about MPs": Told("{who} wrote down what the person said about asking MPs.", door="asked"),
    "place added": Told("{who} added a place.", **_PLACE),
    "place changed": Told("{who} changed a place.", **_PLACE),
    "place removed": Told("{who} deleted a place.", gone=True, **_PLACE),
    "constituency chosen": Told("{who} chose the constituency of a place.", door="places"),
    "event recorded": Told("{who} wrote down something that happened.", door="event", fact="event"),
    "event taken back": Told("{who} took back something that had happened.", door="event", fact="event"),
    "date added": Told("{who} added a date.", **_DATE),
    "date settled": Told("{who} settled a date.", **_DATE),
    "date reopened": Told("{who} opened a date again.", **_DATE),
    "date stated": Told("{who} wrote down what a paper says of a date.", **_DATE),
    "letter recorded": Told("{who} recorded a letter or an answer.", **_PAPER),
    "answer read again": Told("{who} read an answer closely.", **_PAPER),
    "questions added": Told("{who} added questions to an answer.", **_PAPER),
    "answer chased": Told("{who} drafted a letter to ask again.", **_PAPER),
    "letter drafted": Told("{who} drafted a letter.", **_LETTER),
    "correction begun": Told("{who} began to correct a letter.", **_LETTER),
    "draft discarded": Told("{who} threw a draft away.", door="letters"),
    "draft read": Told("{who} wrote down who read a draft.", **_LETTER),
    "letter issued": Told("{who} issued a letter.", **_LETTER),
    "letter sent": Told("{who} sent a letter.", **_LETTER),
    "letter made void": Told("{who} made a letter void.", **_LETTER),
    "authority recorded": Told("{who} recorded a form of authority.", door="authority"),
    "authority withdrawn": Told("{who} recorded that a form of authority was taken back.", door="authority"),
    "campaign consent recorded": Told("{who} recorded what the person agreed to.", door="agreed"),
    "campaign consent withdrawn": Told("{who} recorded that the person took back an agreement.", door="agreed"),
    "removal recorded": Told("{who} started the removal clock.", **_REMOVAL),
    "removal changed": Told("{who} changed the details of a removal.", **_REMOVAL),
    "removal ended": Told("{who} recorded how a removal ended.", **_REMOVAL),
    "removal reopened": Told("{who} opened a removal again.", **_REMOVAL),
    "step added": Told("{who} added a step to the plan before a flight.", **_REMOVAL),
    "step done": Told("{who} ticked off a step of the plan before a flight.", **_REMOVAL),
    "step taken out": Told("{who} took a step out of the plan before a flight.", **_REMOVAL),
    "pack made": Told("{who} made a pack.", Action.EDIT_CASE, "packs"),
    "visit planned": Told("{who} planned a visit.", door="visit", **_VISIT),
    "visit plan changed": Told("{who} changed the plan of a visit.", door="visit", **_VISIT),
    "visit recorded": Told("{who} wrote down how a visit went.", door="visit", **_VISIT),
    "visit corrected": Told("{who} corrected what stands about a visit.", door="visit", **_VISIT),
    "visit cancelled": Told("{who} cancelled a visit.", gone=True, **_VISIT),
    "follow-up finished": Told("{who} finished what was promised.", **_PROMISE),
    "follow-up moved": Told("{who} gave a promise another day.", **_PROMISE),
    "plan changed": Told("{who} changed the plan.", door="plan"),
    "day of the plan saved": Told("{who} saved a day of the plan.", door="plan"),
    "day of the plan taken out": Told("{who} took a day out of the plan.", door="plan"),
    "task of the plan saved": Told("{who} saved a task.", _ALL, "tasks"),
    "task of the plan done": Told("{who} ticked off a task.", _ALL, "tasks"),
    "task of the plan not done after all": Told("{who} took back that a task is done.", _ALL, "tasks"),
    "task of the plan taken out": Told("{who} took a task out.", _ALL, "tasks"),
    "plan for reporting days saved": Told("{who} saved the plan for reporting days.", **_REPORTING),
    "somebody to ring added": Told("{who} added somebody to ring on a reporting day.", **_REPORTING),
    "reporting days added": Told("{who} added reporting days.", **_REPORTING),
    "reporting day taken out": Told("{who} took out a reporting day.", **_REPORTING),
    "word came on a reporting day": Told("{who} wrote down that word came on a reporting day.", **_REPORTING),
    "supporter added": Told("{who} added a supporter.", _ALL, "supporters"),
    "supporters added from a sheet": Told("{who} added supporters from a sheet.", _ALL, "supporters"),
    "supporters added from a spreadsheet": Told("{who} added supporters from a sheet.", _ALL, "supporters"),
    "supporter changed": Told("{who} changed what we know of a supporter.", _ALL, "supporters"),
    "need added": Told("{who} wrote down what is needed.", _ALL, "needs"),
    "need changed": Told("{who} changed what is needed.", _ALL, "needs"),
    "need met": Told("{who} wrote down that a need is met.", _ALL, "needs"),
    "next contact set": Told("{who} set when to speak with the supporters next.", _ALL, "contact"),
    "message written": Told("{who} wrote a message to supporters.", _ALL, "messages"),
    "message sent": Told("{who} sent a message to supporters.", _ALL, "messages"),
    "call list made": Told("{who} made a call list.", _ALL, "calls"),
    "call list closed": Told("{who} closed a call list.", _ALL, "calls"),
    "call list opened again": Told("{who} opened a call list again.", _ALL, "calls"),
    "batch started": Told("{who} started to make letters for many.", _ALL, "batches"),
    "campaign page opened": Told("{who} opened the campaign page.", _ALL),
    "campaign page closed": Told("{who} closed the campaign page.", _ALL),
}  # fmt: skip


def told_to(may: Iterable[Action]) -> dict[str, Told]:
    """The kinds of line of which somebody is told who may do these things."""
    allowed = frozenset(may)
    return {action: told for action, told in TOLD.items() if told.needs in allowed}


def changes_of(lines: Iterable[Line]) -> list[Change]:
    """These lines, the newest first, with what one person did several times in one place told once."""
    found: dict[tuple[str, str, int | None], Change] = {}
    for line in lines:
        told = TOLD[line.action]
        number = line.facts.get(told.fact) if told.fact else None
        row = number if isinstance(number, int) else None
        # Notes and places stand on one page each: three of them are one sentence.
        place = None if told.door in ("notes", "places", "removal") else row
        known = found.get((line.who, told.words, place))
        if known is None:
            found[(line.who, told.words, place)] = Change(line.who, told, line.at, row)
        else:
            found[(line.who, told.words, place)] = Change(
                known.who, told, known.at, known.row, known.times + 1
            )
    return list(found.values())
