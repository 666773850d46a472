"""Whether supporters wrote to the same MP a short while ago: a second letter so soon weakens the first.

Only letters in the case at hand count: whoever works on it need not know what else a supporter signs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from casework import clock
from casework.domain.dates import spoken
from casework.services.parliament.directory import was_with_another
from casework.storage.database import db
from casework.storage.models import BatchLetter, Letter, SignUp

DAYS = 30


@dataclass(frozen=True)
class Written:
    """A letter to an MP that was made: on which day, and where it is: a single letter, or one of a batch."""

    on: date
    letter_id: int | None = None
    batch_id: int | None = None

    @property
    def words(self) -> str:
        """It in a sentence."""
        return f"There is a letter of theirs to this MP from {spoken(self.on)}, less than a month ago."


def written_lately(sign_up: SignUp, gss_code: str, today: date) -> Written | None:
    """The newest letter of this supporter, in this case, to the MP of this constituency in the last 30 days.

    None where there is none: then nobody has to be asked. Drafts and letters that were made void do not count.
    """
    letters = _lately(sign_up.case_id, today, sign_up.supporter_id)
    return _newest(
        one for _, code, one in letters if code == gss_code and not was_with_another(code, None, one.on)
    )


def all_written_lately(sign_ups: Sequence[SignUp], today: date) -> dict[int, Written]:
    """The same for many sign-ups to one case, each to their own MP, by the ids of the sign-ups."""
    found: dict[tuple[int, str | None], list[Written]] = {}
    for supporter_id, code, one in _lately(sign_ups[0].case_id, today) if sign_ups else ():
        if not was_with_another(code, None, one.on):
            found.setdefault((supporter_id, code), []).append(one)
    newest = {row.id: _newest(found.get((row.supporter_id, row.supporter.gss_code), ())) for row in sign_ups}
    return {number: one for number, one in newest.items() if one}


def _newest(letters: Iterable[Written]) -> Written | None:
    return max(letters, key=lambda one: one.on, default=None)


def _lately(
    case_id: int, today: date, supporter_id: int | None = None
) -> Iterator[tuple[int, str | None, Written]]:
    """Who wrote to which constituency in this case and when; with an id, this supporter alone."""
    since = today - timedelta(days=DAYS)
    single = select(Letter.supporter_id, Letter.gss_code, Letter.sent_on, Letter.issued_at, Letter.id).where(
        Letter.case_id == case_id, Letter.issued_at.is_not(None), Letter.voided_at.is_(None)
    )
    many = (
        select(SignUp.supporter_id, BatchLetter.gss_code, BatchLetter.made_at, BatchLetter.batch_id)
        .join(SignUp, SignUp.id == BatchLetter.sign_up_id)
        .where(SignUp.case_id == case_id, BatchLetter.made_at.is_not(None))
    )
    if supporter_id is not None:
        single = single.where(Letter.supporter_id == supporter_id)
        many = many.where(SignUp.supporter_id == supporter_id)
    for whose, code, sent_on, issued_at, letter_id in db.session.execute(single):
        on = sent_on or (clock.day_of(issued_at) if issued_at else None)
        if whose is not None and on and since < on <= today:
            yield whose, code, Written(on, letter_id=letter_id)
    for whose, code, made_at, batch_id in db.session.execute(many):
        if made_at and since < clock.day_of(made_at) <= today:
            yield whose, code, Written(clock.day_of(made_at), batch_id=batch_id)
