"""The room of batches: choose, look, make, watch, print, count."""

import csv
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.campaign.batches import BatchState
from casework.domain.consent.publicity import Kind, Level
from casework.domain.errors import OutOfDate
from casework.domain.safety.accounts import Role
from casework.services.campaign import batches, supporters, work
from casework.services.campaign.batch_choice import Choice
from casework.services.case import cases
from casework.storage.database import db
from casework.storage.models import AuditEvent, Batch, Bundle, Case, Correspondence, Deadline, User
from tests.factories import make_user
from tests.pages import Browser, day
from tests.pdf.reading import in_order, text_of
from tests.supporters import TO_OWN_MP, agree_to, campaign_of, make_supporters

ALL = f"template={TO_OWN_MP}&who=all&order=constituency"


@pytest.fixture
def case(app, organiser: User) -> Case:
    """Samira, with six supporters in four constituencies; one has no sentence of their own yet."""
    case = campaign_of(organiser)
    *_, last = make_supporters(case, 6)
    last.own_words = last.how_known = None
    db.session.commit()
    return case


@pytest.fixture
def batch(case: Case, organiser: User) -> Batch:
    """Letters that are made."""
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    work.work()
    return batch


def place(batch: Batch, more: str = "") -> str:
    return f"/cases/{batch.case.reference}/batches/{batch.id}{more}"


def today(name: str) -> dict[str, str]:
    return day(name, f"{clock.today():%d %m %Y}")


def test_letters_are_chosen_looked_at_and_made_with_the_count_on_the_button(
    browser: Browser, case: Case
) -> None:
    here = f"/cases/{case.reference}/batches"
    assert "five minutes for a hall" in browser.get(here)
    page = browser.get(f"{here}/new")
    assert "Table 1, 6 supporters" in page
    assert "Leeds Central and Headingley" in page
    assert "Tick at least one MP." in browser.get(f"{here}/preview?{ALL.replace('who=all', 'who=places')}")
    assert "Choose “Those at some tables” here" in browser.get(f"{here}/preview?{ALL}&table=1")
    page = browser.get(f"{here}/preview?{ALL}")
    assert "Make 5 letters</button>" in page
    assert "No sentence of their own yet." in page
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) == 3
    browser.get(pictures[0].replace("&amp;", "&"))
    assert browser.last is not None
    assert browser.last.data.startswith(b"\x89PNG")
    assert "Make 6 letters</button>" in browser.get(f"{here}/preview?{ALL}&room=y")
    browser.post(f"{here}/preview?{ALL}")
    page = browser.get(browser.location)
    assert "5 letters will be made now." in page
    assert "<title>0 of 5 – Casework</title>" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    work.work()
    batch = db.session.scalar(select(Batch))
    assert browser.client.get(place(batch, "/progress.json")).get_json()["said"] == "5 of 5"
    page = browser.get(place(batch))
    assert "All that can be made is made" in page
    assert "http-equiv" not in page
    page = browser.get(f"{here}/preview?{ALL}")
    assert "5 supporters wrote to this MP less than a month ago" in page
    again = re.search(r'name="again" value="(\d+)"', page)[1]
    assert "Make 1 letter</button>" in browser.get(f"{here}/preview?{ALL}&again={again}")


def test_the_button_counts_only_letters_whose_words_can_be_told(browser: Browser, case: Case) -> None:
    here = f"/cases/{case.reference}/batches/preview?{ALL}"
    sick = "His health is failing, and the hospital wrote to us about his heart."
    first, *others = written = [one for one in supporters.list_sign_ups(case) if one.own_words]
    first.own_words = sick
    db.session.commit()
    page = browser.get(here)
    assert "1 letter of these cannot be made as it is" in page
    assert "Make 4 letters</button>" in page
    browser.post(here, because="The flight is tomorrow")
    assert "4 letters will be made now." in browser.get(browser.location)
    for one in others:
        one.own_words = sick
    db.session.commit()
    page = browser.get(f"{here}&again={'&again='.join(str(one.id) for one in written)}")
    assert f"{len(written)} letters of these cannot be made as they are" in page
    assert f"Try to make {len(written)} letters</button>" in page


def test_without_an_authority_somebody_says_why_and_without_consent_there_is_no_button(
    browser: Browser, case: Case, organiser: User
) -> None:
    here = f"/cases/{case.reference}/batches/preview?{ALL}"
    case.agreed_to_mps = False
    db.session.commit()
    assert "Say why these letters have to go now" in browser.post(here, 200, because="")
    browser.post(here, because="The flight is tomorrow")
    assert "Made all the same, because: The flight is tomorrow" in browser.get(browser.location)
    agree_to(case, organiser, Level.OFFICES)
    page = browser.get(here)
    assert "needs their yes to level 2" in page
    assert "Make 5 letters" not in page
    assert "The others can be made now" not in page


def test_everything_can_be_taken_along_and_each_is_kept_in_the_trail(browser: Browser, batch: Batch) -> None:
    page = browser.get(place(batch))
    links = [one for one in re.findall(r'href="([^"]+)"', page) if re.search(r"\.(pdf|zip|csv)", one)]
    files = {}
    for link in links:
        browser.get(link.replace("&amp;", "&"))
        assert browser.last is not None
        name = re.search('filename="(.+)"', browser.last.headers["Content-Disposition"])[1]
        files[name] = browser.last.data
        assert "Signer" not in name
        assert "samira" not in name
    by_mp = files["letters-1-constituency.pdf"]
    assert in_order(
        by_mp, "Bolton", "1 letter", "Signer3", "Bradford", "Signer2", "Leeds", "2 letters", "Signer0"
    )
    assert "Who counted, and when" in text_of(by_mp)
    with zipfile.ZipFile(BytesIO(files["letters-1.zip"])) as folder:
        assert len(folder.namelist()) == 5
        assert all(re.fullmatch(r"[a-z-]+-\d{4}\.pdf", name) for name in folder.namelist())
    table = list(csv.reader(StringIO(files["signers-1.csv"].decode("utf-8-sig"))))
    assert [row[1] for row in table[1:]].count("Signer0 OfLanterns") == 1
    assert text_of(files["labels-1-mps.pdf"]).count("House of Commons") == 4
    assert text_of(files["labels-1-letters.pdf"]).count("House of Commons") == 5
    assert "1 Invented Lanterns Row LS1 1UR" in text_of(files["labels-1-signers.pdf"])
    said = db.session.scalars(select(AuditEvent.facts).where(AuditEvent.action.like("%handed out")))
    assert len(list(said)) == len(links)


def test_a_signer_whose_name_is_a_formula_runs_nothing_in_a_spreadsheet(
    browser: Browser, case: Case, organiser: User
) -> None:
    make_supporters(case, 1, name='=HYPERLINK("x")', table_name="@SUM(1)")
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    text = browser.client.get(place(batch, "/signers.csv")).data.decode("utf-8-sig")
    row = next(row for row in csv.reader(StringIO(text)) if "HYPERLINK" in row[1])
    assert row[1:3] == ['\'=HYPERLINK("x")', "'@SUM(1)"]


def test_when_less_is_agreed_to_the_page_says_so_and_every_way_out_is_closed(
    browser: Browser, batch: Batch, organiser: User
) -> None:
    agree_to(batch.case, organiser, Level.SUPPORTERS, Kind.HEALTH)
    page = browser.get(place(batch))
    assert "Do not hand these out." in page
    assert not re.search(r'href="[^"]+\.(pdf|zip|csv)', page)
    for what in (
        "/letters.pdf", "/letters.zip", "/letters/1.pdf", "/labels-mps.pdf", "/signers.csv", "/postcards.pdf",
    ):  # fmt: skip
        answer = browser.client.get(place(batch, what))
        assert answer.mimetype == "text/html", what
        assert "agreed to less" in answer.text, what


def test_a_batch_is_paused_resumed_cancelled_and_tried_again_on_its_page(
    browser: Browser, case: Case, organiser: User
) -> None:
    batch = batches.start_batch(case, Choice(TO_OWN_MP, room_to_write=True), organiser)
    for action, words in (("pause", "Paused"), ("resume", "It goes on.")):
        browser.post(place(batch, f"/{action}"), page=place(batch))
        assert words in browser.get(browser.location)
    first = batch.letters[0].sign_up
    first.own_words = "Her epilepsy tablets are what she is afraid to be without over there"
    db.session.commit()
    work.work()
    page = browser.get(place(batch))
    assert "<title>5 of 6, 1 needs you – Casework</title>" in page
    assert "no consent to say this: health" in page
    first.own_words = None
    db.session.commit()
    browser.post(place(batch, "/retry"), page=place(batch), letter=str(batch.letters[0].id))
    browser.post(place(batch, "/cancel"), page=place(batch))
    assert "5 letters made before stay." in browser.get(browser.location)
    assert batch.state == BatchState.CANCELLED
    with pytest.raises(OutOfDate):
        batches.resume(batch, organiser)


def test_letters_are_counted_printed_signed_and_handed_over_once_with_one_day_to_chase(
    browser: Browser, batch: Batch
) -> None:
    bundle = next(
        one for one in batch.bundles if sum(row.gss_code == one.gss_code for row in batch.letters) == 2
    )
    here = place(batch, f"/hand-over/{bundle.gss_code}")
    assert "First write down how many were printed." in browser.post(
        f"{here}/signed", 200, number="2", by="Mina", **today("on")
    )
    assert "Only 2 were made, so 3 cannot be printed" in browser.post(
        f"{here}/printed", 200, number="3", by="Mina", **today("on")
    )
    browser.post(f"{here}/printed", number="2", by="Mina", **today("on"))
    assert "Only 2 were printed, so 3 cannot be signed" in browser.post(
        f"{here}/signed", 200, number="3", by="Mina", **today("on")
    )
    browser.post(f"{here}/signed", number="2", by="Mina", **today("on"))
    browser.post(f"{here}/handed_over", number="2", by="Ruth Ellery", **today("on"))
    assert "2 made" not in browser.get(browser.location)
    papers = list(db.session.scalars(select(Correspondence)))
    assert [(one.summary, one.gss_code) for one in papers] == [
        ("2 letters from constituents, handed over", bundle.gss_code)
    ]
    chased = db.session.scalars(select(Deadline).where(Deadline.correspondence_id == papers[0].id))
    assert len(list(chased)) >= 1
    assert "already" in browser.post(f"{here}/handed_over", 200, number="1", by="Ruth", **today("on"))
    assert db.session.get(Bundle, bundle.id).handed_over == 2


def test_somebody_who_is_not_on_the_case_sees_nothing_of_it(
    batch: Batch, sign_in: Callable[[User], Browser]
) -> None:
    other = sign_in(make_user(Role.ORGANISER, "Somebody else"))
    for what in ("", "/progress.json", "/letters.pdf", "/hand-over"):
        assert other.client.get(place(batch, what)).status_code == 404


def test_after_a_no_to_mps_it_is_said_where_letters_are_printed_and_handed_over_and_what_went_is_written_down(
    browser: Browser, batch: Batch, organiser: User
) -> None:
    """The campaign consent reaches the offices still: the letters could go but for the no."""
    code = batch.bundles[0].gss_code
    pages = [place(batch, more) for more in ("", "/hand-over", f"/hand-over/{code}/printed")]
    words = "was asked and said no, or not yet. Do not write to an MP"
    assert not any(words in browser.get(page) for page in pages)
    cases.record_asked(batch.case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    for page in pages:
        shown = browser.get(page)
        assert words in shown
        assert "Print, sign and hand over no more of these." in shown
    for step in ("printed", "signed", "handed_over"):
        browser.post(place(batch, f"/hand-over/{code}/{step}"), number="1", by="Mina", **today("on"))
    assert batch.bundles[0].handed_over == 1


def test_a_letter_of_weeks_ago_is_no_reason_to_ask(browser: Browser, batch: Batch) -> None:
    for row in batch.letters:
        row.made_at = clock.now() - timedelta(days=31)
    db.session.commit()
    assert "Make 5 letters</button>" in browser.get(f"/cases/{batch.case.reference}/batches/preview?{ALL}")
