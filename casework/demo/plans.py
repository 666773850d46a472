"""The demo's plans: who does what for Samira, what is needed, and how Nadia is kept safe on the days she signs."""

from datetime import timedelta

from sqlalchemy import select

from casework import clock
from casework.domain.campaign.plans import DayKind
from casework.services.campaign import ladder, needs, plans, reporting_days, signing
from casework.services.campaign.needs import NeedFacts
from casework.services.campaign.plans import DayFacts, TaskFacts
from casework.storage.database import db
from casework.storage.models import Case, SignUp, Supporter, User

PARTS = (
    (
        "objective",
        "The Home Office puts the flight off and reads the new statement before it decides anything else.",
    ),
    ("reader", "Write to your own MP this week, with one sentence that nobody else could write."),
    ("obstacles", "The decision says that nobody would notice her return. The new witness says otherwise."),
    ("groups", "The Saturday breakfast, the Tuesday choir, the bicycle room."),
    ("faith", "The church that lends the hall."),
    ("messengers", "The librarian: the MP opened her reading room."),
)


def plan_for_samira(case: Case, ruth: User, idris: User) -> None:
    """A page for the meeting, with offers taken up."""
    for key, text in PARTS:
        plans.save_part(case, key, text, 0, ruth)
    today = clock.today()
    meeting = DayFacts(
        DayKind.MEETING, today + timedelta(days=3), "The next meeting of friends", "19:00", "The hall"
    )
    plans.save_day(case, meeting, ruth)
    plans.save_task(
        case, TaskFacts("Print the cards for Saturday", idris.id, None, today + timedelta(days=2)), ruth
    )
    plans.save_task(case, TaskFacts("Ring the choir", None, "Ben Castle", today + timedelta(days=1)), ruth)
    booked = plans.save_task(case, TaskFacts("Book the hall", ruth.id), ruth)
    plans.tick_task(case, booked.id, ruth, done=True)
    needs.add_need(
        case, NeedFacts("drive", "A lift to the centre on visiting days", today + timedelta(days=4), 2), ruth
    )
    needs.add_need(case, NeedFacts("cook", "Supper for the meeting", today + timedelta(days=3)), ruth)
    by_name = {
        row.supporter.name: row
        for row in db.session.scalars(select(SignUp).join(Supporter).where(SignUp.case_id == case.id))
    }
    driver, cook = by_name["Nadia Oakes"], by_name["Priya Quinn"]
    driver.offers, cook.offers = ["drive", "card"], ["cook"]
    db.session.commit()
    ladder.record_act(case, driver.supporter_id, "card", today - timedelta(days=9), ruth, agreed=True)
    ladder.record_act(case, cook.supporter_id, "cook", today - timedelta(days=120), ruth, agreed=True)


def plan_for_nadia(case: Case, ruth: User) -> None:
    """Reporting days every second Thursday, with a friend who waits for word."""
    today = clock.today()
    facts = {
        "place": "The reporting centre in Salford",
        "goes_along": "Grace, to the door",
        "friend": "Ruth Ellery",
        "friend_phone": "07700 900123",
        "word_by": "11:30",
        "takes_along": "The letter that tells her to come, her phone, the card.",
        "to_look_after": "Her son is at school until three.",
        "agreed_on": today,
        "on_card": ["name", "look_after"],
    }
    signing.save(case, facts, 0, ruth)
    signing.add_contact(case, "Ruth Ellery", "07700 900123", "Tells the group", ruth, on_card=True)
    signing.add_contact(case, "Grace", "07700 900456", "Fetches her son from school", ruth, on_card=True)
    thursday = today + timedelta(days=(3 - today.weekday()) % 7)
    reporting_days.add_days(case, thursday, 2, 6, "10:00", ruth)
