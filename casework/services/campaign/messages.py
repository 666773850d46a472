"""What supporters are told: composed within what the person agreed to, sent by people, and kept as told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.campaign import messages as rules
from casework.domain.campaign.messages import About, Kind, Means, ToWhom
from casework.domain.consent.publicity import Agreement, Audience, not_agreed
from casework.domain.consent.publicity import Kind as Fact
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.disclosure import kinds_marked
from casework.domain.letters.letter_values import Group, LetterValues
from casework.domain.safety.bins import LASTS
from casework.domain.said import AND, in_a_row
from casework.domain.words import say
from casework.services import saving
from casework.services.campaign import campaign_pages, message_readers, supporters
from casework.services.consent import agreements
from casework.services.letters import disclosure
from casework.services.letters.letter_values import person_of
from casework.services.safe_csv import to_csv
from casework.services.safety import audit, groups
from casework.storage.database import db
from casework.storage.models import (
    Bundle,
    CallRound,
    Case,
    Correspondence,
    Message,
    SurgeryVisit,
    Telling,
    User,
)

CHANGED = (
    "Somebody else saved this message while you were typing. Yours is still here: compare, and save again."
)
THROWN_AWAY = "This was thrown away. Bring it back first, from the list of messages."
SENT = "This was sent. It stays as it went out: write another one."
BEYOND = "The person has agreed to less since this was written, so it is handed out to nobody any more."
A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class NewMessage:
    """A message as somebody wrote it, and what it thanks for or tells the result of."""

    kind: Kind
    means: Means
    audience: Audience
    to_whom: ToWhom
    subject: str
    words: str
    about: Bundle | SurgeryVisit | Correspondence | None = None

    @property
    def texts(self) -> dict[str, str]:
        """What its readers read, by field."""
        return {"subject": self.subject if self.means is Means.EMAIL else "", "words": self.words}


def add(case: Case, new: NewMessage, actor: User) -> Message:
    """Keep a message that is still to be sent.

    Raises CaseworkError at the field that cannot be right, and where it would tell more than is agreed to.
    """
    row = add_message(case, new, actor)
    db.session.flush()
    audit.record("message written", actor, case, message=row.id, means=row.means)
    db.session.commit()
    return row


def add_message(case: Case, new: NewMessage, actor: User) -> Message:
    """The same, without saving yet."""
    told = _checked(case, new)
    row = Message(case=case, made_at=clock.now(), made_by=actor)
    _fill(row, new, told)
    if isinstance(new.about, Bundle):
        row.bundle_id, row.gss_code = new.about.id, new.about.gss_code
    elif isinstance(new.about, SurgeryVisit):
        row.visit_id, row.gss_code = new.about.id, new.about.gss_code
    elif new.about is not None:
        row.correspondence_id, row.gss_code = new.about.id, new.about.gss_code
    db.session.add(row)
    return row


def change(case: Case, message_id: int, new: NewMessage, version: int, actor: User) -> Message:
    """Save a message anew. Raises OutOfDate when somebody else did, or sent it, and CaseworkError as `add` does."""
    row = _of_people(get(case, message_id))
    if row.sent_on is not None:
        raise OutOfDate(SENT)
    if row.version != version:
        raise OutOfDate(CHANGED)
    _fill(row, new, _checked(case, new))
    audit.record("message changed", actor, case, message=row.id)
    saving.commit(CHANGED)
    return row


def _fill(row: Message, new: NewMessage, told: Iterable[Fact]) -> None:
    row.kind, row.means, row.audience, row.to_whom = new.kind, new.means, new.audience, new.to_whom
    row.subject, row.words = new.texts["subject"] or None, new.words
    row.told = sorted(told)


def _checked(case: Case, new: NewMessage) -> frozenset[Fact]:
    """What the message tells. Raises CaseworkError at the field that is wrong, and at one that tells too much."""
    if new.audience not in rules.AUDIENCES:
        raise CaseworkError("Choose who may read it.", field="audience")
    rules.check(new.means, new.subject, new.words)
    for sentence in disclosure.lacking(case, new.audience, ()):
        raise CaseworkError(sentence, field="audience")
    for field, text in new.texts.items():
        if kinds := taken_out(case, new.audience, {field: text}):
            names = in_a_row(sorted(kind.words for kind in kinds), AND)
            raise CaseworkError(
                say(
                    "They did not agree to have this told to these readers: {names}. Take it out.",
                    names=names,
                ),
                field=field,
            )
    return _told(case, new.texts)


def taken_out(
    case: Case, audience: Audience, texts: Mapping[str, str], agreement: Agreement | None = None
) -> frozenset[Fact]:
    """The kinds of fact in these texts that are not agreed to for these readers."""
    return disclosure.say(case, audience, _values(case), texts, agreement=agreement).taken_out


def _told(case: Case, texts: Mapping[str, str]) -> frozenset[Fact]:
    """The kinds of fact that these texts tell: that there is a campaign at least."""
    return disclosure.told(case, _values(case), "\n".join(texts.values()), texts) | {Fact.CASE}


def _values(case: Case) -> LetterValues:
    """Everything by which the person would be known, whatever may be told of it."""
    today = clock.today()
    return LetterValues(today=today, group=Group(groups.name_of(case.group_id)), **person_of(case, today))


def beyond(message: Message, agreement: Agreement | None = None) -> frozenset[Fact]:
    """The kinds of fact that it tells and that are not agreed to any more, or not under another agreement."""
    agreement = agreement or agreements.agreement_on(message.case, clock.today())
    return not_agreed(map(Fact, message.told), Audience(message.audience), agreement)


def refuse_beyond(message: Message) -> None:
    """Nothing where it may go out today as it stands; otherwise raises CaseworkError.

    It is looked through anew: what is told of the person may have become a secret since, such as a second home.
    """
    texts = {"subject": message.subject or "", "words": message.words}
    if beyond(message) or taken_out(message.case, Audience(message.audience), texts):
        raise CaseworkError(BEYOND)


def stopping(case: Case, said: Collection[int], agreement: Agreement) -> dict[Message, frozenset[Fact]]:
    """By which kinds of fact each message that could still go out would go further than this agreement.

    Those are what was not sent, and what is `said` on the telephone: the numbers of those messages.
    """
    query = select(Message).where(Message.case_id == case.id, Message.discarded_at.is_(None))
    waits = (Message.sent_on.is_(None) & (Message.means != Means.CALL)) | Message.id.in_(said)
    values, found = _values(case), {}
    # Each readers' screen is made once, however many messages there are.
    screens = {one: disclosure.screen_for(case, one, values, agreement=agreement) for one in rules.AUDIENCES}
    for row in db.session.scalars(query.where(waits).order_by(Message.id.desc())):
        screen = screens[Audience(row.audience)]
        taken = kinds_marked(screen.mask(row.subject or "")) | kinds_marked(screen.mask(row.words))
        found[row] = beyond(row, agreement) | taken
    return found


def get(case: Case, message_id: int) -> Message:
    """One of the messages of this case. Raises NotFound."""
    row = db.session.scalar(select(Message).where(Message.id == message_id, Message.case_id == case.id))
    if row is None:
        raise NotFound("There is no such message in this case.")
    return row


def list_messages(case: Case) -> list[Message]:
    """What was written to supporters, the newest first, without what was said on the telephone."""
    query = select(Message).where(Message.case_id == case.id, Message.means != Means.CALL)
    return list(db.session.scalars(query.order_by(Message.id.desc())))


def as_csv(message: Message, actor: User) -> bytes:
    """Those who agreed to be reached so, with the address or number for it and nothing else; kept in the trail.

    Raises CaseworkError once it tells more than is agreed to, and for one that is given by hand.
    """
    refuse_beyond(_of_people(message))
    if message.to_whom == ToWhom.BY_HAND:
        raise CaseworkError("You reach these yourselves: there is no list of them.")
    rows = message_readers.of(message)
    audit.record("list for a message taken out", actor, message.case, message=message.id, number=len(rows))
    db.session.commit()
    by_mail = message.means == Means.EMAIL
    cells = [(row.supporter.name, row.supporter.email if by_mail else row.supporter.phone) for row in rows]
    return to_csv(("Name", "Email" if by_mail else "Phone"), cells)


def mark_sent(
    case: Case, message_id: int, on: date, number: int | None, version: int, actor: User
) -> Message:
    """Keep that it was sent: when, by whom, to how many and to whom of them, and how far the consent went.

    `number` counts those who were reached by hand, or by a list on which nobody stands any more. What happened is kept
    though less is agreed to since: so it is known whom to ask. Raises CaseworkError for a day to come and where nobody
    was told, OutOfDate when somebody changed or sent it meanwhile.
    """
    row = _of_people(get(case, message_id))
    if row.sent_on is not None or row.version != version:
        raise OutOfDate("Somebody changed this, or marked it as sent, a moment ago. Look at it once more.")
    if on > clock.today() or on < clock.day_of(row.made_at):
        raise CaseworkError("It was written after that day, or the day has not come yet.", field="sent_on")
    readers = [] if row.to_whom == ToWhom.BY_HAND else message_readers.of(row)
    if not readers and (number is None or number < 1):
        raise CaseworkError("Type how many were given it: 1 or more.", field="number")
    db.session.add_all(Telling(message=row, sign_up_id=one.id) for one in readers)
    row.sent_on, row.sent_by, row.number = on, actor, len(readers) or number
    row.level = int(agreements.agreement_on(case, on).level)
    texts = {"subject": row.subject or "", "words": row.words}
    row.told = sorted(_told(case, texts).union(map(Fact, row.told)))
    audit.record(
        "message sent", actor, case, message=row.id, means=row.means, number=row.number, level=row.level
    )
    saving.commit(CHANGED)
    return row


def suggested(case: Case, kind: Kind, means: Means, audience: Audience, about: Any = None) -> rules.Draft:
    """Words to begin with, with what is known: by the name under which these readers may know the person."""
    return rules.suggestion(kind, means, _about(case, audience, about))


def _about(case: Case, audience: Audience, row: Any) -> About:
    name = (
        campaign_pages.name_in_public(case)
        if audience is Audience.PUBLIC
        else disclosure.name_for_supporters(case)
    )
    member = message_readers.member_of(row)
    if isinstance(row, Bundle):
        return About(name, member, row.handed_over_on, letters=row.handed_over or 0)
    if isinstance(row, SurgeryVisit):
        return About(name, member, row.held_on)
    if isinstance(row, Correspondence):
        return About(name, member, answer_from=member or "the Home Office")
    since = clock.today() - A_MONTH
    letters, visits = message_readers.done_since(case, since)
    return About(name, letters=letters, visits=visits, supporters=supporters.count_of(case))


def throw_away(case: Case, message_id: int, version: int, actor: User) -> None:
    """Put a message that was not sent aside: it can be brought back for 30 days.

    Raises OutOfDate where somebody changed or sent it since this version was read.
    """
    row = _of_people(get(case, message_id))
    if row.sent_on is not None or row.version != version:
        raise OutOfDate(CHANGED if row.sent_on is None else SENT)
    row.discarded_at = clock.now()
    audit.record("message thrown away", actor, case, message=row.id)
    saving.commit(CHANGED)


def bring_back(case: Case, message_id: int, actor: User) -> None:
    """Have a message be there again that was thrown away."""
    row = get(case, message_id)
    row.discarded_at = None
    audit.record("message brought back", actor, case, message=row.id)
    saving.commit(CHANGED)


def erase_thrown_away() -> int:
    """Erase the messages that were thrown away 30 days ago; how many they were. The caller commits."""
    old = select(Message).where(Message.discarded_at < clock.now() - LASTS)
    rows = db.session.scalars(old).all()
    for row in rows:
        audit.record("message erased", None, row.case, signed=audit.BY_ITSELF, message=row.id)
        db.session.delete(row)
    return len(rows)


def _of_people(message: Message) -> Message:
    """The message, unless it is what is said in a round of calls, or was thrown away.

    Raises NotFound for the first, OutOfDate for the second.
    """
    if message.discarded_at is not None:
        raise OutOfDate(THROWN_AWAY)
    if db.session.scalar(select(CallRound.id).where(CallRound.message_id == message.id)) is not None:
        raise NotFound("There is no such message in this case.")
    return message
