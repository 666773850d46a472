"""What a letter is: its kind and its reader, its blocks of text, and what is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_values import LetterValues

BLOCK_LABELS = {
    "subject": "Heading: who this is about and what is urgent",
    "ask": "What we ask",
    "opening": "Who they are and what has happened",
    "can": "What the reader can do",
    "obstacle": "What stands in the way",
    "worth": "Why it is worth it",
    "closing": "How to reach you",
    "enclosures": "What is enclosed (one thing a line)",
    "situation": "The situation, in four lines",
    "people": "Who is going and whom to meet",
    "promises": "Promises to ask for (one a line)",
    "calm": "Words for callers (one sentence a line)",
    "agreed": "Who said yes, and when",
    "quote": "What a supporter says, and who they are",
    "avoid": "Words not to use (one a line)",
    "contact": "Whom a journalist may ring",
}

# What the blocks of a paper are called where the words above would not fit it.
OTHER_LABELS = {
    "answer-chase": {"opening": "What we asked, and what the answer says"},
    "member-thanks": {
        "ask": "Thanks, and what we ask",
        "opening": "What was agreed",
        "can": "What helps us most",
        "obstacle": "What we know, and when we ring",
        "worth": "What the help means",
    },
    "question-to-lawyer": {
        "opening": "What was agreed to, and what we want to use",
        "can": "What the lawyer can tell us",
        "obstacle": "What we cannot judge",
        "worth": "What telling it would do",
    },
    "withdrawal-notice": {
        "ask": "What I take back",
        "can": "What I ask of you",
        "obstacle": "What I know",
        "worth": "My right",
    },
    "recall": {
        "opening": "Which papers this is about",
        "can": "What we ask for",
        "obstacle": "What we know",
        "worth": "What comes next",
    },
}

_PLACEHOLDER = re.compile(r"\[([^\[\]\n]{1,120})\]")


OTHER_READERS = {
    "minister": "a Home Office minister",
    "lawyer": "the person’s lawyer",
    "any_lawyer": "the person’s lawyer, who is not named",
    "callers": "supporters who ring an airline",
    "press": "a journalist",
    "holder": "whoever holds a paper that is asked back",
    "supporter": "a supporter",
    "everyone": "everyone who holds something about the person",
    "person": "the person",
    "group": "the group",
}
READERS = {
    "home_member": "the MP for the person’s home",
    "detention_member": "the MP for the place of detention",
    "former_home_member": "the MP for a former home",
    "own_member": "the MP of whoever signs",
    "any_member": "an MP",
} | OTHER_READERS


# Pages that print what happened to the person, all that they said yes to, or their flight: more than any one letter.
OF_THE_STORY = frozenset(
    {
        "airline-sheet.html",
        "surgery-brief.html",
        "own-view.html",
        "form-of-authority.html",
        "campaign-consent.html",
        "withdrawal-notice.html",
    }
)


@dataclass(frozen=True)
class LetterTemplate:
    """One kind of letter or sheet, as `letters/index.toml` describes it."""

    key: str
    title: str
    purpose: str  # one sentence: what it is for
    to: str  # home_member, detention_member, former_home_member, own_member, any_member, or one of OTHER_READERS
    signed_by: str  # person, supporter or group
    speaks_of_case: bool  # then a signed authority is asked for before it is issued
    layout: str  # the page it is printed on
    blocks: tuple[str, ...]  # names of its blocks of text, in the order of the page
    needs: tuple[str, ...]  # values that the layout itself needs: "sender.name"
    audience: Audience  # into whose hands it goes, and so how far the person must have agreed
    tells: tuple[Kind, ...]  # the kinds of fact that it cannot do without
    shows_references: bool = True  # an MP who only lends a voice does not need the person's numbers
    sheet: bool = False  # for the group's or the person's own hands, not a letter that is posted
    languages: tuple[str, ...] = ("en-GB",)
    sources: tuple[str, ...] = ()  # whence each claim comes that its words make
    one_page: bool = False  # its page is cut into pieces, so what runs over would be lost
    two_languages: bool = False  # can be printed with the person's language beside the English
    quotes_answers: bool = False  # then it holds what stands in a letter that came
    comes_empty: bool = True  # such a paper is worth something with nothing of a case in it, as a form is

    @property
    def tells_the_story(self) -> bool:
        """Whether it is only for those who may read the person's story: see `docs/roles.md`."""
        return self.audience is Audience.LAWYER or self.layout in OF_THE_STORY or self.quotes_answers

    @property
    def writes_to_member(self) -> bool:
        """Whether it goes to an MP as an MP, and so cannot be drafted without one."""
        return self.to not in OTHER_READERS

    @property
    def reaches_member(self) -> bool:
        """Whether an MP reads it: as an MP, or as a minister."""
        return not self.sheet and (self.writes_to_member or self.to == "minister")

    @property
    def wants_own_words(self) -> bool:
        """Whether a supporter lends their voice in it, so that it is worth little without a sentence of their own."""
        return (
            self.signed_by == "supporter"
            and not self.sheet
            and self.to in ("own_member", "former_home_member", "minister")
        )

    @property
    def shelf(self) -> str:
        """Where it stands in a list: among the letters to members, the letters to others, or the sheets."""
        return "sheets" if self.sheet else "members" if self.writes_to_member else "others"

    @property
    def may_name_member(self) -> bool:
        """Whether an MP stands in it or is written to; to others the MP that was chosen on the way is nothing."""
        return self.to not in ("lawyer", "any_lawyer", "callers", "press", "everyone")

    @property
    def reader(self) -> str:
        """Whom it is for, in words."""
        return READERS[self.to]

    @property
    def needs_authority(self) -> bool:
        """Whether somebody else speaks of the person to an MP, so that their signature must stand behind it."""
        return self.speaks_of_case and self.signed_by != "person" and not self.sheet

    @property
    def asks_for_casework(self) -> bool:
        """Whether this MP is to take up the case, and not only to lend a voice as their own constituent asks."""
        return self.to not in ("own_member", "former_home_member", "minister")


@dataclass(frozen=True)
class Wording:
    """A letter with words of the group's own. `like` is the letter of the program whose page and sample it takes."""

    template: LetterTemplate
    words: Mapping[str, str]  # of each block, as it is filled in
    like: str
    sample: LetterValues | None = None  # where it has one of its own


@dataclass(frozen=True)
class Missing:
    """One thing a letter still lacks: in which field, and in words."""

    field: str
    label: str
    what: str
    said: str = ""  # the whole sentence, where the usual one would not fit


# What a layout may need: the field it is typed into, that field's label, and what it is.
NEED_WORDS = {
    "member.address_as": ("member", "To which MP", "the MP’s name"),
    "recall.name": ("recall_name", "To whom", "the name of whoever holds it"),
    "person.name": ("person", "The person", "the person’s name"),
    "minister.checked": (
        "minister_checked",
        "Who looked that this is still the minister, and when",
        "who looked that this is still the minister, and when",
    ),
    "representative.addressee": (
        "representative",
        "The lawyer",
        "the name of the lawyer, on the page of the person",
    ),
    "removal.can_be_asked": (
        "removal",
        "The flight",
        "a commercial airline: on a charter there is nobody to ask",
    ),
    "removal.booked_name": ("removal", "The flight", "the name as booked, in the removal clock"),
    "removal.airline": ("removal", "The flight", "the airline, in the removal clock"),
    "removal.flight": ("removal", "The flight", "the number of the flight, in the removal clock"),
    "removal.at": ("removal", "The flight", "the day and hour of the flight, in the removal clock"),
    "removal.airport": ("removal", "The flight", "the airport, in the removal clock"),
    "sender.name": ("sender_name", "Name of whoever signs", "the name of whoever signs"),
    "sender.lines": ("sender_address", "Their address", "the address of whoever signs"),
    "sender.postcode": ("sender_postcode", "Their postcode", "the postcode of whoever signs"),
}


def block_labels(key: str) -> dict[str, str]:
    """What each block is called in this kind of letter."""
    return {**BLOCK_LABELS, **OTHER_LABELS.get(key, {})}


def placeholders(text: str) -> list[str]:
    """The words in square brackets that still have to be filled in, each once, in order."""
    return list(dict.fromkeys(found.group(1).strip() for found in _PLACEHOLDER.finditer(text)))


def missing_in_blocks(blocks: Mapping[str, str]) -> list[Missing]:
    """What the edited text still lacks, block by block; a heading that is there has words."""
    bare = [] if blocks.get("subject", "heading").strip() else ["subject"]
    return [
        *(Missing(name, BLOCK_LABELS[name], "a heading") for name in bare),
        *_left_in(blocks),
    ]


def _left_in(blocks: Mapping[str, str]) -> list[Missing]:
    """The brackets that stand in the text."""
    return [
        Missing(name, BLOCK_LABELS.get(name, name), what)
        for name, text in blocks.items()
        for what in placeholders(text)
    ]


def missing_values(template: LetterTemplate, values: LetterValues) -> list[Missing]:
    """What the page around the text still lacks: the window, the signature, the reply address."""
    found = []
    for need in template.needs:
        part, _, name = need.partition(".")
        if not getattr(getattr(values, part), name):
            found.append(Missing(*NEED_WORDS[need]))
    return found


def refuse_unfinished(missing: list[Missing]) -> None:
    """Nothing when all is there; otherwise raises CaseworkError that names the first gap and its field."""
    if not missing:
        return
    first = missing[0]
    if first.said:
        raise CaseworkError(first.said, field=first.field)
    if first.field in BLOCK_LABELS:
        raise CaseworkError(
            f"This letter is not finished: under “{first.label}” it still says [{first.what}]. "
            "Write what belongs there, or take the brackets out.",
            field=first.field,
        )
    raise CaseworkError(f"This letter still lacks {first.what}.", field=first.field)
