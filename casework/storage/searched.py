"""In what is searched: the tables, which of their columns hold names, numbers and other words, and who is shown them.

What a page shows to some alone is a part of its own, so that nobody finds by it what they could not read there.
"""

from dataclasses import dataclass
from typing import Any

from casework.domain.safety.accounts import Action
from casework.storage import models

STORY, SUPPORTERS = Action.READ_STORY, Action.KEEP_SUPPORTERS


@dataclass(frozen=True)
class Part:
    """Columns that are shown together. A name is found by what it sounds like too, and a number without its signs.

    A path leads over a relation to the column of another row: "supporter.name".
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()  # found by, and never shown
    needs: Action | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of which a piece is shown."""
        return self.names + self.numbers + self.texts


@dataclass(frozen=True)
class Searched:
    """A table in which is searched. A row with something in one of the columns `gone` is found no more.

    `leads_to` names rows of which it shows something too: their table, the column that leads there, and which of
    their columns count.
    """

    model: Any
    parts: tuple[Part, ...]
    gone: tuple[str, ...] = ()
    case: str = "case"  # the path to its case; "" where it is the case itself
    leads_to: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def table(self) -> str:
        """The name of its table."""
        return str(self.model.__tablename__)

    @property
    def watched(self) -> list[str]:
        """The columns of which a change makes its entries old."""
        named = {name for part in self.parts for name in part.columns + part.unseen} | set(self.gone)
        known = self.model.__table__.c
        return sorted(name for name in named | {"hidden", "case_id", "group_id"} if name in known)


SOURCES = (
    Searched(
        models.Case,
        (
            # What the list of cases shows to everybody on the team, and no more.
            Part(names=("person_name",), numbers=("reference",)),
            Part(
                names=(
                    "official_name",
                    "name_used",
                    "other_names",
                    "representative_name",
                    "representative_firm",
                ),
                texts=("urgency", "nationality", "languages"),
                needs=STORY,
            ),
        ),
        case="",
    ),
    Searched(models.CaseReference, (Part(numbers=("value",), needs=STORY),)),
    Searched(
        models.CasePlace, (Part(numbers=("postcode",), texts=("name", "address", "room"), needs=STORY),)
    ),
    Searched(
        models.SignUp,
        (
            Part(names=("supporter.name",)),
            # Numbers, mail and addresses are read one at a time, each with its line in the trail: not here.
            Part(
                numbers=("supporter.postcode",),
                texts=("connection", "to_member", "how_known", "own_words", "ask"),
                needs=SUPPORTERS,
            ),
        ),
        gone=("stopped_at",),
        leads_to=(("supporters", "supporter_id", ("name", "postcode")),),
    ),
    Searched(
        models.Letter,
        (Part(names=("member_name",), texts=("blocks",), unseen=("template",)),),
        gone=("discarded_at",),
    ),
    Searched(
        models.Correspondence,
        (Part(names=("sender", "recipient"), numbers=("their_reference",), texts=("summary",), needs=STORY),),
    ),
    Searched(models.AnswerMap, (Part(names=("signer",), texts=("only_if", "words"), needs=STORY),)),
    Searched(
        models.AnswerQuestion,
        (Part(texts=("asked", "quote", "truth", "promise"), needs=STORY),),
        gone=("dropped_at",),
        case="map.case",
    ),
    Searched(models.CaseNote, (Part(texts=("text",), needs=STORY),)),
    Searched(
        models.MemberNote, (Part(names=("member_name",), texts=("text", "source")),), gone=("binned_at",)
    ),
    Searched(
        models.OfficeEntry,
        (Part(names=("member_name", "name"), texts=("role", "text", "told_by")),),
        gone=("binned_at",),
    ),
    Searched(
        models.SurgeryVisit,
        (
            Part(names=("member_name", "who_went", "who_was_met"), texts=("held_at",)),
            Part(texts=("asked", "private_notes"), needs=STORY),
        ),
    ),
    Searched(
        models.FollowUp, (Part(names=("who",), texts=("what",)), Part(texts=("done_note",), needs=STORY))
    ),
    Searched(models.MeetingPlan, (Part(texts=("name",)),), gone=("binned_at",)),
    Searched(
        models.Meeting,
        (Part(names=("member_name", "who_goes"), texts=("held_at", "what_for")),),
        gone=("binned_at", "plan.binned_at"),
        leads_to=(("meeting_plans", "plan_id", ("binned_at",)),),
    ),
    Searched(models.Message, (Part(texts=("subject", "words"), needs=STORY),), gone=("discarded_at",)),
    Searched(models.PlanPart, (Part(texts=("text",), needs=STORY),)),
    Searched(models.PlanDay, (Part(texts=("what", "place", "source"), needs=STORY),)),
    Searched(models.PlanTask, (Part(names=("who",), texts=("what",)),)),
    Searched(models.CaseNeed, (Part(texts=("words",)),)),
    Searched(models.CaseEvent, (Part(texts=("note",), needs=STORY),), gone=("taken_back_at",)),
    Searched(
        models.Removal,
        (
            Part(
                names=("booked_name",),
                numbers=("flight",),
                texts=("destination", "airline", "airport", "route"),
                needs=STORY,
            ),
        ),
    ),
)
BY_TABLE = {one.table: one for one in SOURCES}
