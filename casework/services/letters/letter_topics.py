"""Sentences of a draft that may speak of what the person keeps to themselves, and saying that they do not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from casework import clock
from casework.domain.consent.publicity import Kind, may_say
from casework.domain.letters.disclosure import sentences_on
from casework.reference.topics import topics
from casework.services.consent import agreements
from casework.services.letters import letter_pages
from casework.services.safety import audit
from casework.storage.models import Letter, User


@dataclass(frozen=True)
class Noticed:
    """Sentences in which words of one kind are noticed that may not be told."""

    kind: Kind
    sentences: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a tick stands for: these sentences and no others, so that it never counts for words typed later."""
        return f"{self.kind}:{sha256(chr(10).join(self.sentences).encode()).hexdigest()[:16]}"


def noticed(letter: Letter, blocks: Mapping[str, str] | None = None) -> list[Noticed]:
    """What the words of a draft may tell beyond what was agreed to, where a paper of its sort may be made at all."""
    audience = letter_pages.letters().template(letter.template).audience
    agreement = agreements.agreement_on(letter.case, clock.today())
    if agreement.level < audience.level:
        return []
    texts = (letter.blocks if blocks is None else blocks).values()
    found = []
    for topic in topics():
        sentences = tuple(one for text in texts for one in sentences_on(text, topic))
        if sentences and not may_say(topic.kind, audience, agreement):
            found.append(Noticed(topic.kind, sentences))
    return found


def ticked(letter: Letter) -> set[str]:
    """The keys of what somebody said tells nothing of the person."""
    return {one.key for one in noticed(letter) if one.kind in letter.facts.get("cleared", ())}


def clear(letter: Letter, blocks: Mapping[str, str], ticks: Collection[str] | None, actor: User) -> list[str]:
    """The kinds of which it is said that these words tell nothing, in the trail where they change; nothing is saved.

    `ticks` are keys; None keeps what was said before, as far as the sentences are the same.
    """
    keys = ticked(letter) if ticks is None else set(ticks)
    kinds = sorted(one.kind.value for one in noticed(letter, blocks) if one.key in keys)
    if kinds != sorted(letter.facts.get("cleared", ())):
        audit.record("said what a text does not tell", actor, letter.case, letter=letter.id, kinds=kinds)
    return kinds
