"""What a campaign has reached, by constituency: people once each, letters as often as they are."""

from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.campaign.reach import GapKind, Reach, SeatReach
from casework.domain.parliament.surgeries import Outcome
from casework.services.campaign import reach, stopping, supporters
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.database import db
from casework.storage.models import Batch, BatchLetter, Bundle, CampaignPage, Case, PageTally, SignUp
from tests.factories import home, make_case

LEEDS_SOUTH, SHEFFIELD_CENTRAL = "LS11 0ES", "S1 2HH"


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, whose home is in Leeds South."""
    return make_case(organiser, home(LEEDS_SOUTH))


def sign(case, organiser, name: str, postcode: str, *, batches: int = 1) -> SignUp:
    """A supporter with a letter in each of so many batches."""
    friend = supporters.add_supporter(case, organiser, name=name, postcode=postcode)
    sign_up = supporters.get_sign_up(case, friend.id)
    for _ in range(batches):
        batch = Batch(
            case=case, template="supporter-to-own-mp", template_sha256="0" * 64, state="done",
            order_by="constituency", dated=clock.today(), made_at=clock.now(), made_by=organiser,
        )  # fmt: skip
        batch.letters.append(
            BatchLetter(
                position=1,
                sign_up=sign_up,
                signer=name,
                gss_code=friend.gss_code,
                state="made",
                made_at=clock.now(),
            )
        )
        db.session.add(batch)
    db.session.commit()
    return sign_up


def of(found: Reach, name: str) -> SeatReach:
    """The row of one constituency."""
    return next(row for row in found.seats if row.name == name)


def test_a_person_with_two_letters_is_one_signer(case, organiser) -> None:
    sign(case, organiser, "Ada", SHEFFIELD_CENTRAL, batches=2)
    sign(case, organiser, "Ben", SHEFFIELD_CENTRAL)
    row = of(reach.reach(case), "Sheffield Central")
    assert (row.supporters, row.signers, row.letters) == (2, 2, 3)


def test_whoever_wrote_on_the_page_and_signs_in_the_hall_too_is_one_person(case, organiser) -> None:
    sign_up = sign(case, organiser, "Ada", SHEFFIELD_CENTRAL)
    sign_up.joined_how, sign_up.counted = "page", True
    now = clock.now()
    page = CampaignPage(
        case=case, token_hash="0", template="supporter-to-own-mp", heading="Write", words="Please write.",
        opened_at=now, opened_by=organiser, expires_at=now + timedelta(days=7),
    )  # fmt: skip
    db.session.add(PageTally(page=page, gss_code=sign_up.supporter.gss_code, on=clock.today(), letters=2))
    db.session.commit()
    row = of(reach.reach(case), "Sheffield Central")
    assert (row.signers, row.letters) == (2, 3)


def test_whoever_stopped_still_counts_by_the_letter_that_was_handed_over(case, organiser) -> None:
    sign_up = sign(case, organiser, "Ada", SHEFFIELD_CENTRAL)
    batch = db.session.query(Batch).one()
    batch.bundles.append(
        Bundle(gss_code=batch.letters[0].gss_code, handed_over=1, handed_over_on=clock.today())
    )
    stopping.stop_by_link(sign_up.supporter)
    row = of(reach.reach(case), "Sheffield Central")
    assert (row.supporters, row.signers, row.letters, row.handed_over) == (0, 1, 1, 1)


def test_the_home_mp_is_there_though_nobody_lives_there_and_is_named_as_a_gap(case) -> None:
    found = reach.reach(case)
    assert of(found, "Leeds South").ties == ("the home",)
    assert [(gap.seat.constituency.name, gap.fact) for gap in found.gaps[GapKind.TIED]] == [
        ("Leeds South", "the home")
    ]


def test_a_visit_and_how_it_ended_stand_beside_the_letters(case, organiser) -> None:
    surgeries.record_visit(
        case, VisitFacts(gss_code=of(reach.reach(case), "Leeds South").gss_code, held_on=date(2026, 11, 6)),
        Outcome.AGREED, [], organiser,
    )  # fmt: skip
    row = of(reach.reach(case), "Leeds South")
    assert row.visits == 1
    assert row.did == ("We met, and they agreed to act, 6 November 2026",)


def test_supporters_whose_mp_is_not_known_are_counted_as_work_to_do(case, organiser) -> None:
    supporters.add_supporter(case, organiser, name="Ada")
    assert reach.reach(case).unplaced == 1


def test_the_progress_adds_up_and_names_the_day_that_matters(case, organiser) -> None:
    sign(case, organiser, "Ada", SHEFFIELD_CENTRAL)
    sign(case, organiser, "Ben", SHEFFIELD_CENTRAL)
    batch = db.session.query(Batch).first()
    batch.bundles.append(
        Bundle(gss_code=batch.letters[0].gss_code, handed_over=2, handed_over_on=clock.today())
    )
    day = clock.today() + timedelta(days=10)
    reach.set_plan_date(case, on=day, what="The debate", wanted=50, version=None, actor=organiser)
    progress = reach.reach(case).progress
    assert progress.made == ((clock.today(), 2),)
    assert progress.words(clock.today()).startswith("2 of 50 letters handed over. The debate on ")
    assert progress.words(clock.today()).endswith("10 days from now.")


def test_of_two_people_who_set_the_day_the_second_is_told(case, organiser) -> None:
    today = clock.today()
    reach.set_plan_date(case, on=today, what="The debate", wanted=None, version=None, actor=organiser)
    with pytest.raises(reach.OutOfDate):
        reach.set_plan_date(case, on=today, what="A flight", wanted=None, version=None, actor=organiser)
