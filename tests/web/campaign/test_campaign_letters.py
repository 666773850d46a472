"""The campaign page, as somebody without an account goes through it."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest

from casework import clock
from casework.domain.campaign.campaign_pages import MOST_LETTERS, STEPS_AN_HOUR
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import Kind, Level
from casework.services.campaign import campaign_pages, supporters
from casework.services.case import cases
from casework.services.consent import campaign_consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.storage.database import db
from casework.storage.models import AuditEvent, CampaignPage, PageTally, SignInAttempt, SignUp, Supporter
from tests.factories import detained_at, home, make_case
from tests.pages import without_marks
from tests.supporters import signed_up

BIKES = "She mends the bicycles of half our street on Sundays and takes no money for it."
YES = NewCampaignConsent(
    clock.today(), Level.CHANGED_NAME, "Ruth Ellery", "signature", changed_name="Leila", risks=tuple(RISKS),
    anonymity_order="no",
)  # fmt: skip
TYPED = {"name": "Grace Okoro", "postcode": "s1 2hh", "address": "4 Row\nSheffield", "how_known": BIKES}
STEPS = ("your-mp", "write", "letter", "letter.pdf", "after")


@pytest.fixture
def case(organiser):
    case = make_case(
        organiser, home(), detained_at(), name="Samira", official_name="Samira Ahmadi", nationality="Afghan",
        pronouns="she", languages="Dari", representative_name="N. Okafor",
    )  # fmt: skip
    campaign_consent.record(case, YES, organiser)
    return case


@pytest.fixture
def page(case, organiser):
    """The address of an open page."""
    heading, words = (
        "Write to your MP for Leila",
        "Leila is our neighbour.\n\nAsk for a word with the minister.",
    )
    return f"/c/{campaign_pages.open_page(case, 'supporter-to-own-mp', heading, words, 28, organiser)}"


def send(stranger, page, step, status=200, **typed):
    return stranger.post(f"{page}/{step}", status, page=page, **{**TYPED, **typed})


def nothing_is_kept():
    return not SignUp.query.all() and not Supporter.query.all() and not PageTally.query.all()


def test_somebody_finds_their_mp_writes_and_takes_the_letter_along_and_nothing_is_kept(stranger, page):
    first = stranger.get(page)
    assert "Write to your MP for Leila" in first
    assert "This page sends nothing to anybody." in first
    second = send(stranger, page, "your-mp")
    assert "Your MP is" in second
    assert "Because S1 2HH is in Sheffield Central." in second
    third = send(stranger, page, "write")
    assert "How do you know Leila?" in third
    assert "where she is held" in third
    fourth = send(stranger, page, "letter")
    assert "Nothing was sent." in fourth
    assert "No other letter of this campaign is much like this one." in fourth
    assert f"{BIKES}" in fourth
    assert "Grace Okoro\n4 Row\nSheffield\nS1 2HH\n" in fourth
    send(stranger, page, "letter.pdf")
    text = " ".join(one.extract_text() for one in pypdf.PdfReader(BytesIO(stranger.last.data)).pages)
    assert "bicycles" in text
    assert "Level 2" not in text
    assert "Nothing was kept." in send(stranger, page, "after")
    assert nothing_is_kept()
    kept = " ".join(str(line.facts) + line.user_name for line in AuditEvent.query.all())
    assert "Grace" not in kept


def test_no_byte_of_any_page_tells_more_than_was_agreed(app, stranger, page, case):
    app.extensions["casework"].settings.__dict__["group_name"] = "Samira must stay"
    secrets = (
        "Samira",
        "Ahmadi",
        "Afghan",
        "Yarl",
        "Bedford",
        "Leeds",
        "LS11",
        "Okafor",
        "Dari",
        "Benn",
        case.reference,
    )
    answers = [stranger.get(page)]
    for step in STEPS:
        answers.append(send(stranger, page, step, count="y"))
        data = stranger.last.data
        if stranger.last.mimetype == "application/pdf":
            answers.append(" ".join(one.extract_text() for one in pypdf.PdfReader(BytesIO(data)).pages))
            answers.append(str(pypdf.PdfReader(BytesIO(data)).metadata))
        answers.append(str(stranger.last.headers))
    for answer in answers:
        assert [word for word in secrets if word.casefold() in answer.casefold()] == []
    assert any("Leila" in answer for answer in answers)


def test_what_somebody_guesses_gets_the_same_answer_whether_it_is_true_or_not(stranger, page):
    """Else the page would tell a stranger who tries names and places which of them are right."""

    def answer(guess):
        text = send(stranger, page, "letter", own_words=f"I believe that she is {guess} and nobody else.")
        text = re.sub(r'name="csrf_token"[^>]*>', "", without_marks(text))
        return re.sub(r'(sent_once" type="hidden" value=")[^"]*', r"\1", text).replace(guess, "")

    for right, wrong in (
        ("Samira", "Fatima"),
        ("from Leeds", "from Luton"),
        ("at Yarl’s Wood", "at Colnbrook"),
    ):
        assert answer(right) == answer(wrong), right
    assert "Please leave something out" in send(
        stranger, page, "letter", own_words="She is held at Yarl’s Wood near Bedford I am told."
    )


def test_a_sentence_that_tells_too_much_is_shown_and_goes_only_when_it_is_about_another(stranger, page):
    words = "My mother was in hospital in May and she came every single day."
    asked = send(stranger, page, "letter", own_words=words)
    assert f"<q>{words}</q>" in asked
    assert "health" in asked
    assert stranger.last.mimetype == "text/html"
    send(stranger, page, "letter.pdf", own_words=words)
    assert stranger.last.mimetype == "text/html"
    assert "Nothing was sent." in send(stranger, page, "letter", own_words=words, about_another="y")


def test_a_letter_without_a_sentence_of_one_s_own_and_one_like_others_come_back_with_what_to_do(
    stranger, page, case, organiser
):
    assert "One sentence of your own is enough" in send(stranger, page, "letter", how_known="She is nice.")
    assert "One sentence of your own" in send(stranger, page, "letter.pdf", how_known="She is nice.")
    supporters.add_supporter(case, organiser, name="Ada", postcode="B1 1BB", own_words=BIKES)
    alike = send(stranger, page, "letter")
    assert "This is very like one other letter." in alike
    assert "Ada" not in alike
    assert "Nothing was sent." in send(stranger, page, "letter", then="as it is")


def test_only_the_postcode_decides_to_which_mp_and_a_choice_counts_where_it_is_open(stranger, page):
    assert "Sheffield Central" in send(stranger, page, "your-mp", chosen="E14001063")
    assert "Type the whole postcode" in send(stranger, page, "your-mp", postcode="S1")
    unread = send(stranger, page, "your-mp", postcode="S1 4P")
    assert "A postcode looks like SW1A 0AA" in unread
    assert "that much helps" not in unread, "half of one is enough for a home, and not here"
    assert "Choose one" in send(stranger, page, "your-mp", postcode="ZE9 9ZZ")
    assert "Choose the constituency that you live in." in send(stranger, page, "write", postcode="ZE9 9ZZ")
    written = send(stranger, page, "letter", postcode="ZE9 9ZZ", chosen="E14001063")
    assert "Nothing was sent." in written
    assert "Type your name" in send(stranger, page, "letter", name="")
    assert "Type your address" in send(stranger, page, "letter", address="")
    assert "is too long" in send(stranger, page, "letter", own_words="word " * 500)
    minister = send(stranger, page, "your-mp", postcode="B1 1BB")
    assert "Your MP is also a minister in the Home Office." in minister


def test_where_a_border_runs_through_the_streets_one_chooses_among_the_neighbours_only(stranger, page):
    asked = send(stranger, page, "your-mp", postcode="LS11 0AZ")
    offered = re.findall(r'<option value="(E\d+)"', asked)
    assert 1 < len(offered) < 10
    written = send(stranger, page, "write", postcode="LS11 0AZ", chosen=offered[1])
    assert "Because you say that you live in" in written
    assert "Choose the constituency" in send(stranger, page, "write", postcode="LS11 0AZ", chosen="E14001063")


def test_who_agrees_is_counted_without_a_name_and_once(stranger, page):
    for _ in range(2):
        assert "counted for your constituency" in send(stranger, page, "after", count="y", sent_once="one")
    send(stranger, page, "after", count="y", sent_once="two")
    (tally,) = PageTally.query.all()
    assert (tally.letters, tally.on) == (2, clock.today())
    assert not Supporter.query.all()


def test_who_wants_to_hear_is_kept_once_with_the_notice_and_their_own_stop_link(stranger, page, case):
    assert "so that the group can tell you" in send(stranger, page, "after", keep="y")
    assert nothing_is_kept()
    send(stranger, page, "after", count="y", sent_once="one")
    assert PageTally.query.one().letters == 1
    kept = send(stranger, page, "after", keep="y", count="y", email="grace@example.org", sent_once="one")
    stop = re.search(r"/stop/([\w-]+)</textarea>", kept)[1]
    (row,) = signed_up(case)
    assert (row.joined_how, row.counted, row.how_known) == ("page", False, BIKES)
    assert row.supporter.notice_given_on == clock.today()
    assert row.supporter.stop_hash
    assert stop not in row.supporter.stop_hash
    assert "kept already" in send(
        stranger, page, "after", keep="y", email="grace@example.org", sent_once="one"
    )
    assert len(Supporter.query.all()) == 1


def test_who_is_kept_and_agrees_to_be_counted_is_counted_once(stranger, page, case):
    asked = {"keep": "y", "count": "y", "email": "grace@example.org", "sent_once": "one"}
    for _ in range(2):
        send(stranger, page, "after", **asked)
    assert signed_up(case)[0].counted
    assert PageTally.query.one().letters == 1


def test_their_stop_link_calls_the_person_by_the_public_name_alone(stranger, case, page, organiser):
    campaign_consent.record(case, replace(YES, items=(Kind.NAME,)), organiser)
    kept = send(stranger, page, "after", keep="y", email="grace@example.org", sent_once="one")
    asked = stranger.get(re.search(r"/stop/[\w-]+", kept)[0])
    assert "You signed up to support Leila." in asked
    assert "Samira" not in asked


@pytest.mark.parametrize("why", ["less", "taken back", "no to MPs", "closed", "case", "over", "unknown"])
def test_the_page_is_gone_at_once_and_says_nothing_of_the_person(stranger, page, case, organiser, why):
    row = campaign_consent.papers(case)[0]
    token = re.search(r'csrf_token" type="hidden" value="([^"]*)', stranger.get(page))[1]
    if why == "less":
        less = NewCampaignConsent(clock.today(), Level.SUPPORTERS, "Ruth", "signature", items=(Kind.NAME,))
        campaign_consent.record(case, less, organiser)
    elif why == "taken back":
        campaign_consent.withdraw(case, row.id, clock.today(), None, organiser)
    elif why == "no to MPs":
        cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    elif why == "closed":
        campaign_pages.close_page(case, organiser)
    elif why == "case":
        cases.close_case(case, "She may stay.", organiser)
    elif why == "over":
        CampaignPage.query.one().expires_at = clock.now() - timedelta(minutes=1)
        db.session.commit()
    else:
        page = "/c/nobody-knows-this"
    answers = [stranger.get(page, 404)]
    answers += [send(stranger, page, step, 404, csrf_token=token) for step in ("start", *STEPS)]
    for text in answers:
        assert "This page has ended" in text
        assert "Leila" not in text
        assert "Samira" not in text
    if why in ("less", "taken back"):
        campaign_consent.record(case, YES, organiser)
        stranger.get(page, 404)  # it never comes back by itself


def test_it_is_kept_from_search_engines_and_a_step_asked_for_by_its_address_leads_to_the_first(
    stranger, page
):
    text = stranger.get(page)
    assert '<meta name="robots" content="noindex">' in text
    assert stranger.last.headers["X-Robots-Tag"] == "noindex"
    assert "<title>Write a letter – Casework</title>" in text
    assert not re.search(r'(src|href|action)="https?://', text)
    stranger.get(f"{page}/letter", 302)
    assert stranger.location == page


def test_very_many_letters_from_one_place_are_slowed_down_kindly_and_a_page_makes_so_many_a_day(
    stranger, page
):
    for step in ("your-mp", "write", "letter.pdf"):
        send(stranger, page, step)
    assert stranger.last.mimetype == "application/pdf"
    SignInAttempt.query.filter_by(failures=1).one().failures = MOST_LETTERS
    db.session.commit()
    assert "Copy the text instead" in send(stranger, page, "letter.pdf")
    for row in SignInAttempt.query.all():
        row.failures = STEPS_AN_HOUR
    db.session.commit()
    assert "Very many letters are being written from where you are. Wait" in send(
        stranger, page, "your-mp", 429
    )


def test_nobody_guesses_run_by_run_what_a_supporter_wrote(stranger, page, case, organiser):
    wrote = "Her sister hides in Kabul and nobody there may learn where any of the children went to school"
    sign_up = supporters.get_sign_up(
        case, supporters.add_supporter(case, organiser, name="Ada", own_words=wrote, ask="Ring her sister").id
    )
    words = {"own_words": "Nobody there may learn of bread, and I bake it."}
    guessed = send(stranger, page, "letter", **words)
    other = send(stranger, page, "letter", own_words="Nobody here will learn of bread, and I bake it.")
    for answer in (guessed, other):
        assert "No other letter of this campaign is much like this one." in answer
        assert " in 100" not in answer
    short = {"how_known": "Ring her sister", "own_words": ""}
    assert "very like" not in send(stranger, page, "letter", **short)
    assert sign_up.own_words == wrote
