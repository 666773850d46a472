"""Whether a supporter wrote to the same MP a short while ago: a second letter so soon weakens the first."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from casework import clock
from casework.storage.database import db
from casework.storage.models import BatchLetter, Letter, SignUp

DAYS = 30


@dataclass(frozen=True)
class Written:
    """A letter to an MP that was made: on which day, and where it is: a single letter, or one of a batch."""

    on: date
    letter_id: int | None = None
    batch_id: int | None = None


def written_lately(sign_up: SignUp, gss_code: str, today: date) -> Written | None:
    """The newest letter of this supporter, in this case, to the MP of this constituency in the last 30 days.

    None where there is none: then nobody has to be asked. Drafts and letters that were made void do not count.
    """
    since = today - timedelta(days=DAYS)
    single = select(Letter).where(
        Letter.case_id == sign_up.case_id,
        Letter.supporter_id == sign_up.supporter_id,
        Letter.gss_code == gss_code,
        Letter.issued_at.is_not(None),
        Letter.voided_at.is_(None),
    )
    of_batch = select(BatchLetter).where(
        BatchLetter.sign_up_id == sign_up.id,
        BatchLetter.gss_code == gss_code,
        BatchLetter.made_at.is_not(None),
    )
    letter = db.session.scalar(single.order_by(Letter.issued_at.desc()))
    batched = db.session.scalar(of_batch.order_by(BatchLetter.made_at.desc()))
    found = []
    if letter and letter.issued_at:
        found.append(Written(letter.sent_on or clock.day_of(letter.issued_at), letter_id=letter.id))
    if batched and batched.made_at:
        found.append(Written(clock.day_of(batched.made_at), batch_id=batched.batch_id))
    lately = [one for one in found if since < one.on <= today]
    return max(lately, key=lambda one: one.on, default=None)
