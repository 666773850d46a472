"""Which letters of a campaign are too alike: the meter beside the box, and the groups of near copies before printing.

Likely pairs are found by MinHash and locality-sensitive hashing; what is shown of them is counted exactly.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from casework.domain.campaign.alike import (
    SAME_FIELD_WORDS,
    Near,
    Reading,
    Runs,
    near_copies,
    reading,
    runs_in,
    runs_of,
    words_of,
)
from casework.domain.campaign.own_words import FIELDS
from casework.services.campaign import own_words
from casework.services.letters import letter_pages
from casework.storage.database import db
from casework.storage.models import Case, Letter, SignUp, Supporter

# Fifty bands of four: of the pairs that share half of their runs 96 in 100 fall into one bucket together, of those
# that share a tenth one in two hundred. The seed is fixed, so that the same words give the same answer.
BANDS, ROWS, SEED = 50, 4, 20_261_129


@dataclass(frozen=True)
class Words:
    """What one signer says in their own words: in the list of supporters, or in a single letter."""

    signer: str  # the same for all that one signer says
    name: str
    texts: tuple[str, ...]
    sign_up_id: int | None = None
    supporter_id: int | None = None
    letter_id: int | None = None


@dataclass(frozen=True)
class Group:
    """Letters that are near copies. `share` is the least by which one was put among them; `sample` how one reads."""

    letters: tuple[Words, ...]
    share: float
    sample: str

    @property
    def per_cent(self) -> int:
        """The share of a hundred."""
        return round(self.share * 100)


@dataclass(frozen=True)
class TooAlike:
    """How many letters of how many are near copies of another one, and the groups of them, the largest first."""

    count: int
    of: int
    groups: tuple[Group, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)


def too_alike(case: Case, sign_ups: Iterable[SignUp] | None = None) -> TooAlike:
    """Which letters of this campaign are near copies of each other.

    With `sign_ups` only what is about to be made from these is compared; without, everybody who signed up with words
    of their own, and every single letter of a supporter.
    """
    rows = list(_of_sign_ups(sign_ups)) if sign_ups is not None else list(_of_case(case))
    groups = [
        Group(tuple(letters), near.share, " ".join(letters[0].texts))
        for near in groups_of([row.texts for row in rows])
        if len(letters := _once([rows[number] for number in near.numbers])) > 1
    ]
    signers = {one.signer for group in groups for one in group.letters}
    return TooAlike(len(signers), len({row.signer for row in rows}), tuple(groups))


def meter(case: Case, texts: Sequence[str], sign_up: SignUp | None = None, *, fewest: int = 0) -> Reading:
    """How like the other letters of the campaign these words are. What the same signer says elsewhere is left out.

    Letters with fewer runs than `fewest` are not compared.
    """
    own = runs_of(texts)
    if not own:
        return Reading()
    signer = _signer(sign_up.supporter_id) if sign_up else ""
    others: dict[str, list[Runs]] = defaultdict(list)
    for row in _of_case(case):
        if row.signer != signer and len(runs := runs_of(row.texts)) >= fewest:
            others[row.signer].append(runs)
    return reading(own, others.values())


def groups_of(texts: Sequence[Sequence[str]]) -> list[Near]:
    """The groups of near copies among these texts, each given as its fields; what is empty is in none."""
    words = [[words_of(text) for text in fields] for fields in texts]
    runs = [runs_in(fields) for fields in words]
    alone: dict[Runs, list[int]] = {}
    for number, own in enumerate(runs):
        if own:
            alone.setdefault(own, []).append(number)
    firsts = [numbers[0] for numbers in alone.values()]
    same = [numbers for numbers in alone.values() if len(numbers) > 1]
    return near_copies(runs, _buckets(runs, firsts), [*same, *_pasted(words)])


def _pasted(texts: Sequence[Sequence[Sequence[str]]]) -> list[list[int]]:
    """Those that have one answer word for word, as when it was pasted down a column of a spreadsheet."""
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, fields in enumerate(texts):
        for words in {tuple(text) for text in fields if len(text) >= SAME_FIELD_WORDS}:
            having[words].append(number)
    return [numbers for numbers in having.values() if len(numbers) > 1]


def _buckets(runs: Sequence[Runs], numbers: Sequence[int]) -> Iterator[list[int]]:
    """Bundles of texts that are likely to be alike: those of which one band of the sketch is the same."""
    # Imported here: it is wanted only where letters are compared.
    from rensa import RMinHash

    sketches: list[Any] = RMinHash.from_token_sets(
        [sorted(runs[number]) for number in numbers], num_perm=BANDS * ROWS, seed=SEED
    )
    # Each band as bytes: slices of them are made and compared many times faster than lists of numbers.
    digests = [array("Q", sketch.digest()).tobytes() for sketch in sketches]
    size = ROWS * array("Q").itemsize
    for start in range(0, BANDS * size, size):
        found: dict[bytes, list[int]] = defaultdict(list)
        for number, digest in zip(numbers, digests, strict=True):
            found[digest[start : start + size]].append(number)
        yield from (bundle for bundle in found.values() if len(bundle) > 1)


def _of_case(case: Case) -> Iterator[Words]:
    """Everybody who signed up with words of their own, then the single letters."""
    fields = [getattr(SignUp, field) for field in FIELDS]
    query = select(SignUp.id, SignUp.supporter_id, Supporter.name, *fields).join(SignUp.supporter)
    query = query.where(SignUp.case_id == case.id, or_(*(field.is_not(None) for field in fields)))
    for number, supporter_id, name, *texts in db.session.execute(query.order_by(Supporter.name, SignUp.id)):
        if told := tuple(filter(None, texts)):
            yield Words(_signer(supporter_id), name, told, number, supporter_id)
    yield from _of_letters(case)


def _of_sign_ups(rows: Iterable[SignUp]) -> Iterator[Words]:
    for row in rows:
        if texts := own_words.texts_of(row):
            yield Words(_signer(row.supporter_id), row.supporter.name, texts, row.id, row.supporter_id)


def _of_letters(case: Case) -> Iterator[Words]:
    """What single letters of supporters say beyond the words that all of their kind have."""
    query = select(Letter).where(
        Letter.case_id == case.id, Letter.discarded_at.is_(None), Letter.voided_at.is_(None)
    )
    known = letter_pages.letters().templates
    for letter in db.session.scalars(query.order_by(Letter.id)):
        if letter.template not in known or not known[letter.template].wants_own_words:
            continue
        name = letter.facts.get("sender_name") or ""
        texts = tuple(own_words.own_sentences_of(letter))
        if texts:
            signer = _signer(letter.supporter_id) if letter.supporter_id else f"name {name.casefold()}"
            yield Words(signer, name, texts, letter_id=letter.id)


def _once(rows: list[Words]) -> list[Words]:
    """One for each signer: what stands in the list and in their letter is theirs both times."""
    return list({row.signer: row for row in reversed(rows)}.values())[::-1]


def _signer(supporter_id: int) -> str:
    return f"supporter {supporter_id}"
