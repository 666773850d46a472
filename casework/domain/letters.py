"""What a letter is made of: its kind, the values that fill it, its blocks of text, and what is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from casework.domain.errors import CaseworkError
from casework.domain.publicity import Audience, Kind

COMMONS = ("House of Commons", "London", "SW1A 0AA")
HOME_OFFICE = ("Home Office", "2 Marsham Street", "London SW1P 4DF")

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

_PLACEHOLDER = re.compile(r"\[([^\[\]\n]{1,120})\]")
_BEFORE_TITLES = {"the", "rt", "rt.", "hon", "hon."}
_TITLES_WITH_GIVEN_NAME = {"Sir", "Dame"}
_TITLES_WITH_FAMILY_NAME = {
    *("Dr", "Professor", "Prof", "Lord", "Lady", "Baroness", "Mr", "Mrs", "Ms", "Miss", "Mx"),
    *("Rev", "Revd", "Reverend", "Captain", "Major", "Colonel"),
}


class Part:
    """A group of values; it is known when any of them is."""

    @property
    def known(self) -> bool:
        """Whether anything at all has been filled in."""
        return any(getattr(self, one.name) for one in fields(self))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Person(Part):
    """The person whose case it is."""

    name: str = ""  # the name they use
    official_name: str = ""  # as the Home Office has it
    other_names: str = ""
    born: date | None = None
    nationality: str = ""
    languages: str = ""
    interpreter: str = ""
    pronouns: str = ""  # "she/her"; empty means "they" in a letter, never a guess


@dataclass(frozen=True)
class Reference(Part):
    """A number that an office uses for this person: "Home Office reference", "A1234567"."""

    label: str = ""
    value: str = ""


@dataclass(frozen=True)
class Held(Part):
    """Where the person is detained."""

    name: str = ""
    lines: tuple[str, ...] = ()
    since: date | None = None
    first_since: date | None = None  # when detention began, where that was in another place
    room: str = ""  # room, wing or the number that the place gives


@dataclass(frozen=True)
class Home(Part):
    """A place where the person lives or lived."""

    lines: tuple[str, ...] = ()
    area: str = ""  # as neighbours say it: "Beeston"
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class MemberAddressed(Part):
    """The MP to whom the paper goes."""

    name: str = ""
    address_as: str = ""  # "Rt Hon Hilary Benn MP"
    family_name: str = ""  # only to find the end of "Dr Jane van der Berg"
    constituency: str = ""
    office_lines: tuple[str, ...] = COMMONS

    @property
    def known(self) -> bool:
        """Whether there is a member to write to."""
        return bool(self.name or self.address_as)


@dataclass(frozen=True)
class Sender(Part):
    """The person who signs, or who goes along: a supporter, or the person whose case it is."""

    name: str = ""
    lines: tuple[str, ...] = ()
    postcode: str = ""
    email: str = ""
    phone: str = ""
    how_known: str = ""  # their own words: "I have known Samira since our children started school together."
    occupation: str = ""  # what they do, as a reader should know it: "a teacher at Example School"


@dataclass(frozen=True)
class Representative(Part):
    """The lawyer or registered adviser."""

    name: str = ""
    firm: str = ""
    email: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()

    @property
    def addressee(self) -> str:
        """Whom a letter to them names: the person, else the firm."""
        return self.name or self.firm


@dataclass(frozen=True)
class Minister(Part):
    """The post in government that the reader of a letter holds, as far as the directory knows."""

    post: str = ""
    known_on: str = ""  # the day of the list that says so, in words
    checked: str = ""  # who looked that it is still so, and when
    is_own_member: bool = False  # whether they are the MP of whoever signs, too


@dataclass(frozen=True)
class Removal(Part):
    """What is known of a planned removal."""

    notice_on: date | None = None
    earliest: date | None = None
    at: datetime | None = None  # when the flight leaves, London time
    flight: str = ""
    destination: str = ""
    booked_name: str = ""
    airline: str = ""
    airport: str = ""
    route: str = ""
    carriage: str = ""  # "Commercial: a seat on an ordinary flight"
    is_charter: bool = False

    @property
    def can_be_asked(self) -> bool:
        """Whether there is an airline to ask: a charter is hired whole, and nobody there sells seats."""
        return not self.is_charter


@dataclass(frozen=True)
class Refusal(Part):
    """A decision against the person."""

    sent_on: date | None = None
    appeal_due: date | None = None
    what: str = ""  # "her asylum claim"


@dataclass(frozen=True)
class Authority(Part):
    """The form of authority on record."""

    signed_on: date | None = None
    until: date | None = None
    complains: bool = False  # whether it lets the MP make a complaint


@dataclass(frozen=True)
class Group(Part):
    """The support group."""

    name: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Visit(Part):
    """A surgery visit that is planned."""

    on: date | None = None
    at: str = ""  # "10.30", as people say it
    where: str = ""
    who_goes: tuple[str, ...] = ()
    to_meet: str = ""
    asked: str = ""  # what to ask for, as it was planned


@dataclass(frozen=True)
class Recalled(Part):
    """A paper that went out and is asked back: what it was, when it went, who signed it."""

    what: str = ""
    on: date | None = None
    by: str = ""


@dataclass(frozen=True)
class Recall(Part):
    """Who holds what is asked back, and where they are reached."""

    name: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnFile(Part):
    """What the file holds of a member's office: meetings, letters and answers. Days that are not kept are empty."""

    met_on: date | None = None
    met_whom: str = ""
    promises: tuple[str, ...] = ()  # what they promised there, in words
    written_on: date | None = None  # our last letter to them
    answered_on: date | None = None  # their first answer to it
    asked_home_office_on: date | None = None  # the letter that the member wrote
    home_office_aims_at: date | None = None  # by when the Home Office aims to answer that
    aim_has_passed: bool = False
    home_office_answered_on: date | None = None


@dataclass(frozen=True)
class Agreed(Part):
    """What the person agreed to have told in a campaign, for a paper that says so."""

    given_on: date | None = None
    level: str = ""  # "3"
    level_words: str = ""
    items: tuple[str, ...] = ()  # what they chose to have told
    public: tuple[str, ...] = ()  # those of them that may be public at this level
    lawyer_said_yes_on: date | None = None


@dataclass(frozen=True)
class OwnLine(Part):
    """One line of what the person is shown of themselves. Lines of one group stand under its heading.

    `group` and `label` are fixed texts where the papers' languages have them, else values like `value`; `which` says
    which paper of its sort a group is.
    """

    group: str = ""
    label: str = ""
    value: str = ""
    which: str = ""


@dataclass(frozen=True)
class LetterValues:
    """Everything a letter may be filled from. What is not known stays empty; nothing here is guessed."""

    today: date
    person: Person = field(default_factory=Person)
    references: tuple[Reference, ...] = ()
    detained_at: Held = field(default_factory=Held)
    home: Home = field(default_factory=Home)
    former_home: Home = field(default_factory=Home)
    member: MemberAddressed = field(default_factory=MemberAddressed)
    reason: str = ""  # a sentence: why this MP
    standing: str = ""  # a sentence: where the case stands today
    new_facts: str = ""  # what the Home Office has not weighed yet
    own_words: str = ""  # why it matters, as the signer would say it
    home_member: str = ""  # the home MP, in a letter to another MP
    home_member_says: str = ""  # a sentence: what the home MP has done or answered
    sender: Sender = field(default_factory=Sender)
    supporters: tuple[Sender, ...] = ()  # those whom a form of authority names
    representative: Representative = field(default_factory=Representative)
    removal: Removal = field(default_factory=Removal)
    refusal: Refusal = field(default_factory=Refusal)
    authority: Authority = field(default_factory=Authority)
    group: Group = field(default_factory=Group)
    visit: Visit = field(default_factory=Visit)
    minister: Minister = field(default_factory=Minister)
    on_file: OnFile = field(default_factory=OnFile)
    agreed: Agreed = field(default_factory=Agreed)
    hook: str = ""  # a sentence: what ties the story to this member's own interests, where that was recorded
    planned_use: str = ""  # what the group wants to tell, where and by when
    enclosures: tuple[str, ...] = ()
    recall: Recall = field(default_factory=Recall)
    recalled: tuple[Recalled, ...] = ()
    # Only ever filled in a paper for the person.
    own_held: tuple[OwnLine, ...] = ()
    own_agreed: tuple[OwnLine, ...] = ()
    own_went: tuple[OwnLine, ...] = ()
    own_looked: tuple[OwnLine, ...] = ()
    own_rights: tuple[str, ...] = ()
    lang: str = "en-GB"


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
    comes_empty: bool = True  # such a paper is worth something with nothing of a case in it, as a form is

    @property
    def writes_to_member(self) -> bool:
        """Whether it goes to an MP as an MP, and so cannot be drafted without one."""
        return self.to not in OTHER_READERS

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


def salutation(name: str, full_title: str = "", family_name: str = "") -> str:
    """How to greet a member after "Dear": "Sir Roger", "Dr Johnson", otherwise the full name.

    A title is used only where the name or the full title carries one. Nobody's title or gender is guessed,
    and "Right Honourable" belongs to the address, not to the greeting. Empty when no name is known.
    """
    for written in (name, full_title):
        words = _without_honours(written)
        if len(words) < 2:
            continue
        title, rest = words[0].rstrip("."), words[1:]
        if title in _TITLES_WITH_GIVEN_NAME:
            return f"{title} {rest[0]}"
        if title in _TITLES_WITH_FAMILY_NAME:
            if family_name and " ".join(rest).endswith(family_name):
                return f"{title} {family_name}"
            return f"{title} {rest[-1]}" if len(rest) <= 2 else f"{title} {' '.join(rest)}"
    return " ".join(_without_honours(name) or _without_honours(full_title))


def _without_honours(written: str) -> list[str]:
    """The words of a name, without "Rt Hon" before it and "KC MP" after it."""
    words = written.split()
    while words and words[0].lower() in _BEFORE_TITLES:
        words = words[1:]
    while words and words[-1].rstrip(".") in {"MP", "KC", "QC", "CBE", "OBE", "MBE", "DL"}:
        words = words[:-1]
    return words


def address_lines(member: MemberAddressed) -> tuple[str, ...]:
    """The lines of the window: the form of address, which ends in MP, then the office."""
    name = (member.address_as or member.name).strip()
    if not name:
        return ()
    return (name if name.endswith("MP") else f"{name} MP", *member.office_lines)


def window_lines(template: LetterTemplate, values: LetterValues) -> tuple[str, ...]:
    """The lines of the window, whoever the reader is; empty where they are not known."""
    lawyer, group = values.representative, values.group
    if template.to == "lawyer":
        reach = lawyer.lines or tuple(filter(None, (lawyer.email or lawyer.phone,)))
        return tuple(filter(None, (lawyer.name, lawyer.firm, *reach)))
    if template.to == "any_lawyer":
        whose = f"The lawyer of {values.person.name}" if values.person.name else "The lawyer"
        return (whose, f"through {group.name}") if group.name else (whose,)
    if template.to == "holder":
        return tuple(filter(None, (values.recall.name, *values.recall.lines)))
    return address_lines(values.member)


def greeting(template: LetterTemplate, values: LetterValues) -> str:
    """The line that greets the reader."""
    if template.to == "any_lawyer":
        return "To whom it may concern,"
    member = values.member
    name = salutation(member.name, member.address_as, member.family_name)
    if template.to == "holder":
        name = name or values.recall.name
    elif template.to == "lawyer":
        name = values.representative.addressee
    return f"Dear {name or '[name]'},"


def placeholders(text: str) -> list[str]:
    """The words in square brackets that still have to be filled in, each once, in order."""
    return list(dict.fromkeys(found.group(1).strip() for found in _PLACEHOLDER.finditer(text)))


def missing_in_blocks(blocks: Mapping[str, str]) -> list[Missing]:
    """What the edited text still lacks, block by block."""
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
    if first.field in BLOCK_LABELS:
        raise CaseworkError(
            f"This letter is not finished: under “{first.label}” it still says [{first.what}]. "
            "Write what belongs there, or take the brackets out.",
            field=first.field,
        )
    raise CaseworkError(f"This letter still lacks {first.what}.", field=first.field)
