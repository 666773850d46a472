"""What goes further than a person's consent: what stops, what went out, who holds it, what nobody can call back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from casework.domain.consent.publicity import Audience, Kind

# What nobody can call back, said before somebody hopes for it.
CANNOT = (
    "A letter that somebody has read: they can put it away, and cannot forget it.",
    "A printed page or a postcard: we can ask for it, and cannot fetch it.",
    "A picture or a story online: whoever saved it still has it, and search engines keep copies for a while.",
    "A message or a call: whoever had it may have told others.",
    "What an office passed on before we asked, such as an MP’s letter to the Home Office.",
)
HELD_BY = {
    Audience.OFFICE: "the office it went to",
    Audience.SUPPORTERS: "the supporters who were given it",
    Audience.AIRLINE: "the airline, and the callers who were given it",
    Audience.PUBLIC: "the press and the public: whoever was given it, and whoever read it",
    Audience.LAWYER: "the lawyer",
    Audience.PERSON: "the person",
}


@dataclass(frozen=True)
class Holder:
    """Somebody in whose hands a paper is. `key` is the same for the same holder."""

    key: str
    name: str
    what: str
    lines: tuple[str, ...] = ()
    gss_code: str | None = None
    can_be_written_to: bool = True


@dataclass(frozen=True)
class Stopped:
    """A draft that can no longer be made, with the kinds of fact that stop it."""

    letter_id: int
    title: str
    to: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class PageStopped:
    """A campaign page that is open to anybody and is taken down, with the kinds of fact that stop it."""

    page_id: int
    heading: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class MessageStopped:
    """A message to supporters that was not sent, and may not be sent any more."""

    message_id: int
    title: str
    subject: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class CallsStopped:
    """A call list on which nobody may be rung any more. `ringing` are those who have somebody to ring just now."""

    round_id: int
    on: date
    waiting: int
    ringing: tuple[str, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class PageOut:
    """A campaign page that told anybody with its address more than is agreed to. `until` is None while it does."""

    page_id: int
    heading: str
    since: date
    until: date | None
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class GoneOut:
    """An issued paper that tells more than is agreed to. `recalls` are the letters that ask it back, by holder.

    `on` is the day on which it was sent, or issued where nobody said that it was sent. `holders` of such a one are
    those whom it was made for.
    """

    letter_id: int
    title: str
    on: date
    kinds: tuple[Kind, ...]
    holders: tuple[Holder, ...]
    recalls: Mapping[str, int]


@dataclass(frozen=True)
class PackOut:
    """A pack that was made and tells more than is agreed to; nobody wrote down who was given it."""

    pack_id: int
    title: str
    on: date
    kinds: tuple[Kind, ...]
    readers: str
    asked_on: date | None = None


@dataclass(frozen=True)
class BatchOut:
    """Letters for many that tell more than is agreed to. `unmade` are those that stop, `handed_over` those that went.

    `kinds` are what they tell beyond, `mps` to how many MPs they were handed over.
    """

    batch_id: int
    title: str
    on: date
    kinds: tuple[Kind, ...]
    made: int
    unmade: int
    handed_over: int
    mps: int
    asked_on: date | None = None


@dataclass(frozen=True)
class MessageOut:
    """What supporters were told in a mail, a text or on the telephone, and that tells more than is agreed to."""

    message_id: int
    title: str
    on: date
    number: int
    kinds: tuple[Kind, ...]
    round_id: int | None
    asked_on: date | None = None


@dataclass(frozen=True)
class BagOut:
    """A copy that left the house, is not known to be destroyed, and tells more than is agreed to."""

    bag_id: int
    taken_by: str
    on: date
    expires_on: date
    is_lost: bool
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Elsewhere:
    """A paper that was sent and not made here: what it told is not known."""

    paper_id: int
    to: str
    on: date | None


@dataclass(frozen=True)
class Beyond:
    """Everything that goes further than an agreement: what stops, what went out, what nobody here has read.

    `unsaid` are the papers that were issued and of which nobody said that they were sent. They are asked back from
    nobody: a letter that asks an MP for what never came tells that MP that there is somebody.
    """

    stops: tuple[Stopped, ...]
    gone_out: tuple[GoneOut, ...]
    packs: tuple[PackOut, ...]
    elsewhere: tuple[Elsewhere, ...]
    pages: tuple[PageStopped, ...] = ()
    batches: tuple[BatchOut, ...] = ()
    messages: tuple[MessageOut, ...] = ()
    bags: tuple[BagOut, ...] = ()
    unsent: tuple[MessageStopped, ...] = ()
    calls: tuple[CallsStopped, ...] = ()
    pages_out: tuple[PageOut, ...] = ()
    unsaid: tuple[GoneOut, ...] = ()

    def __bool__(self) -> bool:
        stops = self.stops or self.pages or self.unsent or self.calls
        return bool(stops or self.went_out or self.unsaid)

    @property
    def went_out(self) -> int:
        """How many papers, packs, copies, batches, messages and pages are in somebody's hands, or may be."""
        many = len(self.batches) + len(self.messages) + len(self.pages_out)
        return len(self.gone_out) + len(self.packs) + len(self.bags) + many

    @property
    def by_word(self) -> dict[str, PackOut | BatchOut | MessageOut]:
        """What no letter of ours asks back, but people do, by a key for each; `asked_on` is when they did."""
        made = (one for one in self.batches if one.made or one.handed_over)
        return {
            **{f"pack-{one.pack_id}": one for one in self.packs},
            **{f"batch-{one.batch_id}": one for one in made},
            **{f"message-{one.message_id}": one for one in self.messages},
        }

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing in it changes."""
        stops = [(one.letter_id, one.kinds) for one in self.stops]
        packs = [(one.pack_id, one.kinds) for one in self.packs]
        pages = [(one.page_id, one.kinds) for one in self.pages]
        # How many of a batch are made may change with every second; that it goes on does not.
        many = [(one.batch_id, one.kinds) for one in self.batches]
        said = [(one.message_id, one.kinds) for one in self.messages]
        bags = [(one.bag_id, one.kinds) for one in self.bags]
        unsent = [(one.message_id, one.kinds) for one in self.unsent]
        # Who is ringing, and how many wait, changes with every call; that the list stops does not.
        calls = [(one.round_id, one.kinds) for one in self.calls]
        read = [(one.page_id, one.kinds) for one in self.pages_out]
        told = (
            unsent,
            calls,
            read,
            stops,
            packs,
            pages,
            bags,
            [(one.letter_id, one.kinds) for one in self.gone_out],
            [(one.letter_id, one.kinds) for one in self.unsaid],
            many,
            said,
        )
        return sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def to_recall(self) -> dict[str, tuple[Holder, list[int]]]:
        """Each holder who can be written to and was not yet, with the letters to ask back from them."""
        found: dict[str, tuple[Holder, list[int]]] = {}
        for paper in self.gone_out:
            for holder in paper.holders:
                if holder.can_be_written_to and holder.key not in paper.recalls:
                    found.setdefault(holder.key, (holder, []))[1].append(paper.letter_id)
        return found
