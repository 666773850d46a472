"""What to say at a surgery in a minute: who, what is asked, why this MP, what stands in the way, one yes or no.

No supporter is named: they agreed to be on our list, and not to be spoken of in an MP's office.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from casework import clock
from casework.domain.consent.publicity import Audience, Kind
from casework.domain.letters.disclosure import kinds_marked
from casework.domain.letters.letter_values import LetterValues
from casework.services.letters import disclosure, letter_pages
from casework.services.letters.letter_readers import addressed
from casework.services.letters.letter_values import values_for
from casework.services.parliament import members, surgeries
from casework.services.parliament.members import MemberOfCase
from casework.storage.database import db
from casework.storage.models import Case, Letter, SurgeryVisit

BRIEF = "surgery-brief"
WORDS_A_MINUTE = 150  # how fast most people speak in a room; a guess of ours that nobody checked
MOST_WITHOUT_VISIT = 3
_GAP = re.compile(r"\[[^\[\]\n]{1,120}\]")
_LABEL = re.compile(r"(?:\*\*([^*]*)\*\*)?\s*(.*)")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Script:
    """What to say to one MP. `parts` are the five in their order, `missing` what nobody has written yet."""

    gss_code: str
    member: str
    constituency: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    ask: str
    worth: tuple[str, ...] = ()
    visit: SurgeryVisit | None = None
    missing: tuple[str, ...] = ()
    told: frozenset[Kind] = frozenset()
    left_out: frozenset[Kind] = frozenset()

    @property
    def seconds(self) -> int:
        """About how long it takes to say."""
        words = sum(len(line.split()) for _, lines in self.parts for line in lines) + len(self.ask.split())
        return round(words * 60 / WORDS_A_MINUTE)


def scripts(case: Case, audience: Audience = Audience.OFFICE) -> list[Script]:
    """A script for each visit that is planned; without any, for the first MPs who can act.

    None after a no to MPs, but for the person, who may go to one about themselves.
    """
    found = members.who_can_act(case, clock.today())
    if found.word.refuses and audience is not Audience.PERSON:
        return []
    who = [one for one in found if one.seat.member]
    planned = [row for row in surgeries.list_visits(case) if row.recorded_at is None]
    known = {one.gss_code: one for one in who}
    wanted: list[tuple[str, SurgeryVisit | None]] = [(row.gss_code, row) for row in reversed(planned)]
    wanted += [(one.gss_code, None) for one in who[:MOST_WITHOUT_VISIT] if one.gss_code not in dict(wanted)]
    return [script(case, code, audience, visit=row, tied=known.get(code)) for code, row in wanted]


def script(
    case: Case,
    gss_code: str,
    audience: Audience = Audience.OFFICE,
    *,
    visit: SurgeryVisit | None = None,
    tied: MemberOfCase | None = None,
) -> Script:
    """What to say to this MP, with nothing in it that goes beyond consent for these ears."""
    letters = letter_pages.letters()
    template = replace(letters.template(BRIEF), audience=audience)
    brief = _brief(case, gss_code)
    values = values_for(case, template, gss_code, brief.facts if brief else {}, clock.today())
    words = letter_pages.for_words(case, audience, values)
    blocks = dict(brief.blocks) if brief else letters.prefill(BRIEF, words)
    blocks["why"] = "\n".join(tie.without_names or tie.reason for tie in tied.standing.ties) if tied else ""
    said = disclosure.say(case, audience, values, blocks)
    member = addressed(gss_code, clock.today())
    return _parted(
        Script(
            gss_code, member.address_as or member.name, member.constituency, (), "", visit=visit,
            missing=tuple(dict.fromkeys(gap.strip("[]") for text in blocks.values() for gap in _GAP.findall(text))),
            left_out=said.taken_out,
        ),
        said.blocks, said.values, lambda text: disclosure.told(case, values, text, {"": text}),
    )  # fmt: skip


def _parted(
    bare: Script, blocks: Mapping[str, str], values: LetterValues, told: Callable[[str], frozenset[Kind]]
) -> Script:
    lines = {name: tuple(line for _, line in said_lines(text)) for name, text in blocks.items()}
    name = "" if kinds_marked(values.person.name) else values.person.name
    asked = [one for line in lines.get("ask", ()) for one in _SENTENCE.split(line)]
    questions = [one for one in asked if one.endswith("?")]
    ask = questions[-1] if questions else "Will you do this, yes or no?"
    rest = tuple(one for one in asked if one is not ask)
    who = (f"I come about {name}.",) if name else ()
    parts = (
        ("Who it is about", who + lines.get("situation", ())),
        ("What we ask", rest or lines.get("can", ())),
        ("Why you", lines.get("why", ())),
        ("What stands in the way", lines.get("obstacle", ())),
    )
    found = replace(bare, parts=tuple(one for one in parts if one[1]), ask=ask, worth=lines.get("worth", ()))
    text = "\n".join([*(line for _, part in found.parts for line in part), ask, *found.worth])
    return replace(found, told=told(text))


def said_lines(text: str) -> Iterator[tuple[str, str]]:
    """The lines that can be said, each with the label before it, such as "Dates that are near" or none.

    A sentence with a gap is left out, and so is a line with what there is no consent to tell.
    """
    for line in text.splitlines():
        label, words = _LABEL.fullmatch(line.strip()).groups()  # type: ignore[union-attr]
        whole = " ".join(one for one in _SENTENCE.split(words) if not _GAP.search(one)).strip()
        if whole and not kinds_marked(line):
            yield (label or "").rstrip(".: "), whole


def _brief(case: Case, gss_code: str) -> Letter | None:
    """The newest brief for this MP that was issued, whose words somebody has weighed."""
    asked = select(Letter).where(
        Letter.case_id == case.id, Letter.template == BRIEF, Letter.gss_code == gss_code,
        Letter.issued_at.is_not(None), Letter.voided_at.is_(None), Letter.discarded_at.is_(None),
    )  # fmt: skip
    return db.session.scalar(asked.order_by(Letter.id.desc()).limit(1))
