"""Who holds the posts in the Home Office to which supporters write, as far as the directory knows."""

import re
from dataclasses import dataclass
from datetime import date

from casework.domain.parliament.directory import Fact, Member
from casework.services.parliament.directory import directory

HOME_SECRETARY = "Secretary of State for the Home Department"
_OF_HOME_OFFICE = (" (HO)", " (Home Office)")  # as the compiled tables and as UK Parliament write it
_FOR_PEOPLE_WHO_MOVE = re.compile(r"\b(?:immigration|asylum|migration)\b", re.IGNORECASE)


@dataclass(frozen=True)
class PostHeld:
    """A member who is named in a post, with the dated fact that says so."""

    gss_code: str
    member: Member
    fact: Fact

    @property
    def post(self) -> str:
        """The post as it is called: "Minister for Border Security and Asylum"."""
        return _post(self.fact)

    @property
    def words(self) -> str:
        """Who is named, as of which day, and why it may no longer be so."""
        named = f"Our directory names {self.member.name} as {self.post}."
        return f"{named} {self.fact.warning or f'This was so on {self.fact.when}.'}"


def ministers(day: date) -> list[PostHeld]:
    """The ministers to write to about a person's stay: whoever deals with asylum first, and the Home Secretary."""
    seats = (directory().seat_on(one.gss_code, day) for one in directory().constituencies())
    held = [
        PostHeld(seat.constituency.gss_code, seat.member, fact)
        for seat in seats
        if seat.member
        for fact in seat.member.government_posts
        if _is_asked(fact)
    ]
    return sorted(held, key=_order)


def minister(gss_code: str | None, day: date) -> PostHeld | None:
    """The post of the member for this constituency; None where they hold none of these, or nobody is named."""
    member = directory().seat_on(gss_code, day).member if gss_code else None
    facts = [fact for fact in member.government_posts if _is_asked(fact)] if member else []
    return PostHeld(gss_code or "", member, facts[0]) if member and facts else None


def _is_asked(fact: Fact) -> bool:
    post = _post(fact)
    of_home_office = fact.text.endswith(_OF_HOME_OFFICE) or post == HOME_SECRETARY
    return of_home_office and (post == HOME_SECRETARY or bool(_FOR_PEOPLE_WHO_MOVE.search(post)))


def _post(fact: Fact) -> str:
    return fact.text.removesuffix(_OF_HOME_OFFICE[0]).removesuffix(_OF_HOME_OFFICE[1])


def _order(held: PostHeld) -> tuple[bool, bool, str]:
    words = held.post.lower()
    return ("asylum" not in words and "immigration" not in words, held.post != HOME_SECRETARY, words)
