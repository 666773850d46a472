"""The values that a letter is filled from, in their parts. What is not known is empty."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

COMMONS = ("House of Commons", "London", "SW1A 0AA")
# Its sources and that nobody has checked them on GOV.UK stand with the letter to a minister, in letters/index.toml.
HOME_OFFICE = ("Home Office", "2 Marsham Street", "London SW1P 4DF")


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
    def known(self) -> bool:
        """Whether there is a lawyer to speak of: a number alone names nobody."""
        return bool(self.addressee)

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
    is_unsure: bool = False  # whether that day is a guess: nobody knows when the notice was given
    needs_details: bool = False  # whether it waits for departure details that nobody has told us of
    has_begun: bool = False  # whether it is possible now
    leaves_on: date | None = None  # the day of the flight, while it is to come
    is_sooner: bool = False  # whether it is possible before the flight, whose details may be replaced
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
    keeps_months: int = 12  # after so many without a word a supporter is erased


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
class Answer(Part):
    """An answer that was read closely, to which a letter goes back."""

    dated: date | None = None
    from_home_office: bool = False
    is_holding: bool = False  # it says only that an answer will come
    signed_by: str = ""  # "a minister"; empty where nobody said


@dataclass(frozen=True)
class LeftOpen(Part):
    """One question that an answer leaves open, with what the answer says in its own words, and what is right."""

    asked: str = ""
    quote: str = ""
    truth: str = ""
    promise: str = ""
    by: str = ""  # who promised it
    on: date | None = None  # by when they said


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
    own_ask: str = ""  # what the signer asks beside what the letter asks
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
    answer: Answer = field(default_factory=Answer)
    dodged: tuple[LeftOpen, ...] = ()  # what the answer says nothing to
    wrong: tuple[LeftOpen, ...] = ()  # what it says that is not so
    not_kept: tuple[LeftOpen, ...] = ()  # what was promised, and its day is over
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


def sender_from(facts: Mapping[str, Any]) -> Sender:
    """Whoever signs, as the draft has it."""
    return Sender(
        name=facts.get("sender_name") or "",
        lines=lines_of(facts.get("sender_address")),
        postcode=facts.get("sender_postcode") or "",
        email=facts.get("sender_email") or "",
        phone=facts.get("sender_phone") or "",
        how_known=facts.get("how_known") or "",
    )


def lines_of(text: str | None) -> tuple[str, ...]:
    """The lines of an address, without those that are empty."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def named_from(text: str) -> tuple[Sender, ...]:
    """The people whom a form of authority names, one a line: name, then a comma and how to reach them."""
    found = []
    for line in text.splitlines():
        name, _, reach = line.partition(",")
        if name.strip():
            found.append(Sender(name=name.strip(), phone=reach.strip()))
    return tuple(found[:4])
