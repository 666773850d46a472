"""A look at letters of a batch before any is made: three of them, as they will print."""

from itertools import chain, zip_longest

from casework.domain.errors import CaseworkError
from casework.services.campaign import batch_choice
from casework.services.campaign.batch_choice import Candidate, Choice, Chosen
from casework.services.campaign.batch_letters import BatchLetters
from casework.services.letters import letter_pages
from casework.storage.models import Case

LOOKS = 3


def letters_to_show(
    case: Case, choice: Choice, chosen: Chosen
) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
    """Three that can be made, to different MPs where there are some; and those that cannot, with the reason.

    It looks no further than it has to: after three of either it stops.
    """
    letters = BatchLetters(case, choice.template, room_to_write=choice.room_to_write)
    by_seat: dict[str, list[Candidate]] = {}
    for one in chosen.ready:
        by_seat.setdefault(one.supporter.gss_code or "", []).append(one)
    looks: list[Candidate] = []
    faults: list[tuple[Candidate, str]] = []
    for one in filter(None, chain.from_iterable(zip_longest(*by_seat.values()))):
        if len(looks) == LOOKS or len(faults) == LOOKS:
            break
        try:
            letters.write(one.sign_up, one.supporter.gss_code or "")
        except CaseworkError as error:
            faults.append((one, error.message))
        else:
            looks.append(one)
    return looks, faults


def picture_of(case: Case, choice: Choice, sign_up_id: int) -> bytes | None:
    """The first page of the letter of one who is ready, as a PNG; None for anybody else."""
    for one in batch_choice.choose(case, choice).ready:
        if one.sign_up.id == sign_up_id:
            letters = BatchLetters(case, choice.template, room_to_write=choice.room_to_write)
            pdf = letters.pdf(letters.write(one.sign_up, one.supporter.gss_code or ""))
            return letter_pages.picture(pdf, 1)
    return None
