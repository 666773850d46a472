"""The first hour through its pages: any answer may wait, two may answer at once, and it ends in a case.

No page of it has a script of its own: what the tests send is what a plain form sends.
"""

import re

import pytest
from sqlalchemy import func, select

from casework.domain.case.intake import Door
from casework.domain.safety.accounts import Role
from casework.services.case import finding_out, first_hour_lists, task_owners
from casework.services.letters import letter_pages, letters, packs
from casework.services.safety import groups
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, Intake, IntakeAnswer, Pack
from tests.aloud import read_aloud
from tests.factories import make_case, make_user
from tests.pages import day

pytestmark = pytest.mark.sqlcipher  # what the services keep is proved on both databases; here are the pages
HELD = "/first-hour/new/held"


@pytest.fixture
def begun(browser):
    """A first hour with a name; its address."""
    browser.post(HELD, name_used="Samira", answer="said")
    return browser.location.rsplit("/", 1)[0]


def answer_to(question):
    return db.session.scalar(select(IntakeAnswer).where(IntakeAnswer.question == question))


def plain(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_three_doors_stand_on_the_list_of_cases_for_those_who_may_change_a_case(browser, sign_in):
    page = browser.get("/cases")
    assert all(door.words in page for door in Door)
    for role in (Role.VOLUNTEER, Role.READER):
        theirs = sign_in(make_user(role))
        assert not any(door.words in theirs.get("/cases") for door in Door)
        theirs.get(HELD, 403)


def test_each_answer_is_kept_at_once_and_another_may_go_on_with_it_in_any_order(browser, begun, sign_in):
    idris = sign_in(make_user(Role.CASEWORKER, "Idris Vane"))
    assert "begun by Ruth Ellery" in plain(idris.get("/cases"))
    page = idris.post(f"{begun}/home", 200, home_postcode="not one")
    assert 'value="not one"' in page
    idris.post(f"{begun}/home", home_postcode="ls110es")
    assert idris.location == f"{begun}/before", "the next one that nobody answered"
    assert answer_to("home").told == {"home_postcode": "LS11 0ES"}
    idris.post(f"{begun}/papers", answer="unknown")
    listed = plain(browser.get(begun))
    assert "Their home answered Idris Vane" in listed
    assert "The papers Don’t know yet Idris Vane" in listed
    assert "Where they are not asked yet" in listed
    assert 'value="LS11 0ES"' in browser.get(f"{begun}/home")


def test_two_who_answer_the_same_see_both_answers_and_the_second_chooses(browser, begun, sign_in):
    idris = sign_in(make_user(Role.CASEWORKER, "Idris Vane"))
    browser.get(f"{begun}/lawyer")
    idris.post(f"{begun}/lawyer", representative_name="N. Okafor")
    page = browser.post(f"{begun}/lawyer", 200, representative_firm="Example Law Centre", version="0")
    assert "What Idris Vane said meanwhile" in page
    assert "N. Okafor" in page
    assert 'value="Example Law Centre"' in page
    assert answer_to("lawyer").told == {"representative_name": "N. Okafor"}
    now = str(answer_to("lawyer").version)
    browser.post(
        f"{begun}/lawyer", representative_firm="Example Law Centre", representative_name="", version=now
    )
    assert answer_to("lawyer").told == {"representative_firm": "Example Law Centre"}


def test_a_postcode_whose_end_cannot_be_read_is_kept_on_the_page_and_its_first_part_offered(browser, begun):
    for typed in ("LS7 4P", "LS7 4PPP"):
        page = browser.post(f"{begun}/home", 200, home_postcode=typed)
        assert f'value="{typed}"' in page
        assert "If you do not know its end, type LS7 4: that much helps." in page
    browser.post(f"{begun}/home", home_postcode="LS7 4")
    assert answer_to("home").told == {"home_postcode": "LS7 4"}


def test_of_an_earlier_home_the_year_is_enough_and_the_page_says_which_day_is_kept(browser, begun):
    browser.post(
        f"{begun}/before",
        **{
            "former1_address": "Hill Street, Leeds",
            "former1_since-year": "2019",
            "former1_until-day": "May 2021",
        },
    )
    kept = {
        "former1_address": "Hill Street, Leeds",
        "former1_since": "2019-01-01",
        "former1_until": "2021-05-01",
    }
    assert answer_to("before").told == kept
    page = browser.get(browser.location)
    assert "“2019” is kept as 1 January 2019, its first day." in page
    assert "“May 2021” is kept as 1 May 2021, its first day." in page
    wrong = browser.post(
        f"{begun}/before", 200, former1_address="Leeds", version="1",
        **day("former1_since", "3 5 2021"), **{"former1_until-year": "2021"},
    )  # fmt: skip
    assert "The last day is before the first day." in wrong
    assert "“2021” is taken as Friday 1 January 2021, its first day." in wrong


def test_where_days_are_counted_a_year_alone_is_no_day(browser, begun):
    for question, name in (("where", "held_since"), ("papers", "dated"), ("papers", "received_on")):
        page = browser.post(f"{begun}/{question}", 200, **{f"{name}-year": "2026"})
        assert "Type the day and the month too." in page
        assert answer_to(question) is None


def test_another_spelling_of_a_language_that_we_have_is_asked_about_once(browser):
    page = browser.post(HELD, 200, name_used="Samira", languages="Somalian", answer="said")
    assert "Do you mean Somali? Then type that" in page
    assert 'value="Somalian"' in page
    assert db.session.scalar(select(Intake)) is None
    browser.post(
        HELD, page=HELD, name_used="Samira", languages="Somalian", language_asked="Somalian", answer="said"
    )
    assert answer_to("who").told == {"name_used": "Samira", "languages": "Somalian"}


def test_where_we_have_no_form_in_their_language_what_is_ready_says_so(browser, organiser):
    said = "The form to sign is in English only: we have none in “Yoruba”."
    for spoken, is_said in (("Yoruba", True), ("Somali", False)):
        browser.post(HELD, name_used="Ade", languages=spoken, answer="said")
        browser.post(browser.location.rsplit("/", 1)[0] + "/finish")
        page = plain(browser.get(browser.location))
        assert (said in page) is is_said
        case = db.session.scalars(select(Case).order_by(Case.id.desc())).first()
        told = dict(first_hour_lists.rows(case)).get("Form to sign", "")
        assert ("in English only" in told) is is_said
        form = next(one for one in letters.list_drafts(case) if one.template == "form-of-authority")
        draft = plain(browser.get(f"/cases/{case.reference}/letters/{form.id}"))
        assert ("It is in English only: we have none in “Yoruba”." in draft) is is_said


def test_nothing_known_is_an_answer_and_a_word_beside_it_is_kept(browser, begun):
    assert "or type it, or choose “Don’t know yet”" in browser.post(f"{begun}/where", 200, answer="said")
    browser.post(f"{begun}/where", answer="unknown", **day("held_since", "1 11 2026"))
    assert (answer_to("where").state, answer_to("where").told) == ("unknown", {"held_since": "2026-11-01"})
    page = browser.post(f"{begun}/before", 200, answer="none", former1_address="Leeds")
    assert "You typed something, and chose “No other home in the UK”" in page
    assert 'value="Leeds"' in page
    assert "There is no such question here" in browser.get(f"{begun}/flight", 404)


def test_before_a_second_case_of_somebody_is_made_the_first_is_shown_to_those_who_work_on_it(
    browser, organiser, sign_in
):
    case = make_case(organiser, name="Samira", official_name="Samira Ahmadi")
    browser.post("/first-hour/new/soon", name_used="Zamirah", answer="said")
    begun = browser.location.rsplit("/", 1)[0]
    warned = "has a case here already"
    for page in (browser.get(f"{begun}/held_home"), browser.get(f"{begun}/finish")):
        assert warned in page
        assert f'href="/cases/{case.reference}/removals"' in page
    assert warned not in browser.get(f"{begun}/flight"), "it is said once, and at the end"
    idris = sign_in(make_user(Role.CASEWORKER, "Idris Vane"))
    assert warned not in idris.get(f"{begun}/held_home"), "who does not work on it learns nothing of it"
    browser.post(f"{begun}/who", name_used="Ahmadi Two", version="1")
    assert warned not in browser.get(f"{begun}/held_home")


def test_a_case_comes_of_what_was_said_and_the_answers_are_gone(browser, begun, organiser, sign_in):
    idris, mina = make_user(Role.CASEWORKER, "Idris Vane"), make_user(Role.VOLUNTEER, "Mina Castellan")
    sign_in(idris).post(f"{begun}/urgent", urgency="Court on Friday", health="Insulin twice a day")
    browser.post(f"{begun}/where", held_at="yarls-wood", **day("held_since", "3 11 2026"))
    browser.post(f"{begun}/lawyer", answer="unknown")
    page = browser.post(f"{begun}/finish", 303, authority=str(mina.id))
    case = db.session.scalar(select(Case))
    assert browser.location == f"/cases/{case.reference}/first-hour"
    page = plain(browser.get(browser.location))
    assert "Download the pack (PDF)" in page
    things = [one["key"].partition("_")[0] for one in db.session.scalar(select(Pack)).contents]
    assert things == ["first", "draft", "contacts"], "the form to sign, and no letter before their yes"
    assert "Draft: Letter to the MP for the place of detention, Richard Fuller Not in the pack" in page
    assert "then record it waiting for Samira to sign · Mina Castellan" in page
    assert {one.user.name for one in case.team} == {"Ruth Ellery", "Idris Vane", "Mina Castellan"}
    assert [(note.text, note.hidden) for note in case.notes] == [("Insulin twice a day", "health")]
    assert "Insulin" not in sign_in(mina).get(f"/cases/{case.reference}")
    assert db.session.scalar(select(func.count(IntakeAnswer.id))) == 0
    assert db.session.scalar(select(Intake.reference)) == case.reference
    told = " ".join(str(facts) for facts in db.session.scalars(select(AuditEvent.facts)))
    assert "Samira" not in told
    assert "Insulin" not in told
    browser.get(begun, 303)
    assert browser.location == f"/cases/{case.reference}/first-hour"
    browser.get(f"/cases/{case.reference}/find-out/lawyer")
    browser.post(f"/cases/{case.reference}/find-out/lawyer", do="settle")
    done = plain(browser.get(f"/cases/{case.reference}"))
    assert "whether they have a solicitor or adviser" not in done
    assert "Get a solicitor or registered adviser today" in done


def test_what_is_thrown_away_is_erased_and_its_number_given_to_no_other(browser, begun, organiser):
    assert "1 answer and all that was typed" in browser.get(f"{begun}/throw-away")
    browser.post(f"{begun}/throw-away")
    assert db.session.scalar(select(func.count(IntakeAnswer.id))) == 0
    browser.get(begun, 404)
    browser.post(HELD, name_used="Idris")
    assert not browser.location.startswith(f"{begun}/")
    browser.post(f"{begun}/home", 404, page=HELD, home_postcode="S1 2HH")


def test_another_group_finds_no_first_hour_of_ours(browser, begun, sign_in):
    other, _ = groups.add_group("Another Group")
    theirs = make_user(Role.ORGANISER, "Zora Quill")
    theirs.group_id = other.id
    db.session.commit()
    stranger = sign_in(theirs)
    assert "begun by" not in stranger.get("/cases")
    for path in (begun, f"{begun}/home", f"{begun}/finish", f"{begun}/throw-away"):
        stranger.get(path, 404)
    stranger.post(f"{begun}/home", 404, page=HELD, home_postcode="S1 2HH")
    assert answer_to("home") is None


def test_nobody_takes_on_a_task_who_is_of_another_group_or_only_reads(browser, begun, sign_in):
    other, _ = groups.add_group("Another Group")
    theirs, reader = make_user(Role.ORGANISER, "Zora Quill"), make_user(Role.READER, "Bo Lark")
    theirs.group_id = other.id
    db.session.commit()
    assert "Bo Lark" not in browser.get(f"{begun}/finish")
    for person in (theirs, reader):
        browser.post(f"{begun}/finish", 200, adviser=str(person.id))
    assert db.session.scalar(select(func.count(Case.id))) == 0, "nothing was opened"
    assert answer_to("who").told == {"name_used": "Samira"}, "and nothing is lost"


def test_days_that_cannot_be_open_no_case_and_lose_nothing(browser, organiser):
    browser.post("/first-hour/new/soon", name_used="Samira")
    here = browser.location.rsplit("/", 1)[0]
    assert "There is no such hour: 7.65" in browser.post(f"{here}/flight", 200, departs_at="7.65")
    page = browser.post(f"{here}/flight", 200, **{"departs_on-day": "yesterday"})
    assert "This day is over. Check the paper." in page
    browser.post(f"{here}/flight", departs_at="7.05", **{"departs_on-day": "tomorrow"})
    row = db.session.scalar(select(IntakeAnswer).where(IntakeAnswer.question == "flight"))
    assert row.told["departs_at"] == "07:05"
    row.told = {"departs_on": "2027-03-28", "departs_at": "01:30"}  # the hour that the clocks leave out
    db.session.commit()
    page = browser.post(f"{here}/finish", 200)
    assert "there is no such hour" in page
    assert db.session.scalar(select(func.count(Case.id))) == 0


def test_a_name_that_may_not_be_said_is_found_out_later_and_closes_itself(browser, organiser):
    browser.post("/first-hour/new/decided", answer="unknown", languages="Farsi")
    here = browser.location.rsplit("/", 1)[0]
    assert browser.location == f"{here}/papers"
    browser.post(
        f"{here}/papers", response="refusal", remedy="appeal", received_how="email",
        **day("dated", "20 11 2026"), **day("received_on", "20 11 2026"),
    )  # fmt: skip
    browser.post(f"{here}/finish", find_out=str(organiser.id))
    case = db.session.scalar(select(Case))
    assert case.person_name == case.reference
    page = plain(browser.get(f"/cases/{case.reference}"))
    assert "Find out: which name we may use not known yet · Ruth Ellery" in page
    assert "Appeal to the First-tier Tribunal" in page
    assert task_owners.names(case) == {"find_out": "Ruth Ellery"}
    assert not [one for one in finding_out.in_case(case) if one.key in ("language", "papers")]
    browser.post(f"/cases/{case.reference}/person", languages="Farsi", name_used="Ada")
    assert [one.known for one in finding_out.in_case(case) if one.key == "name"] == [True]


def test_half_an_answer_is_saved_as_it_is_and_nothing_that_was_typed_is_gone(browser, begun):
    browser.post(f"{begun}/where", answer="said", **day("held_since", "29 11 2026"))
    browser.post(f"{begun}/papers", answer="said", response="removal notice", **day("dated", "27 11 2026"))
    assert "Say who asked them." in browser.post(f"{begun}/asked", 200, answer="said", agreed="yes")
    browser.post(f"{begun}/asked", answer="said", agreed="no")
    browser.post(f"{begun}/home", answer="unknown", **day("home_since", "1 11 2026"))
    browser.post(f"{begun}/finish", 303)
    case = db.session.scalar(select(Case))
    page = plain(browser.get(browser.location))
    assert "It stands in a note on the case." in page
    assert "Detained since Sunday 29 November 2026. We do not know yet where." in page
    assert "Removal may be possible from Saturday 5 December 2026 , 00:00" in page
    assert "Nobody knows yet on which day the notice was given" in page
    assert "Find out: which papers they got, and on which day" in page
    assert "A postcode alone could not decide" not in page
    found = browser.get(f"/cases/{case.reference}/find-out/papers")
    assert "Write down the day on which the notice was given" in found
    assert re.search(rf'href="/cases/{case.reference}/removals/\d+/details"', found)
    shown = plain(browser.get(f"/cases/{case.reference}"))
    assert "Their home. Lived there since: Sunday 1 November 2026" in shown
    assert "Detained since Sunday 29 November 2026. We do not know yet where." in shown
    assert case.agreed_to_mps is False


def test_whoever_was_detained_is_detained_though_nobody_knows_where_or_since_when(browser, begun):
    browser.post(f"{begun}/where", answer="unknown")
    browser.post(f"{begun}/finish", 303)
    assert "Samira. Detained. We do not know yet where." in plain(browser.get(browser.location))
    case = db.session.scalar(select(Case))
    stay = f"/cases/{case.reference}/places/{case.places[0].id}"
    found = browser.get(f"/cases/{case.reference}/find-out/place")
    assert f'href="{stay}"' in found
    assert "They are not held" not in found
    assert "choose it" not in browser.get(f"/cases/{case.reference}/places")
    browser.record(stay, kind="detention", place_id="", **day("since", "27 11 2026"))
    assert browser.location == f"/cases/{case.reference}", "no constituency is asked for"
    assert "Detained since Friday 27 November 2026." in plain(browser.get(browser.location))


def test_a_postcode_that_we_do_not_know_is_said_at_once_and_stops_nobody(browser, begun):
    browser.post(f"{begun}/home", home_postcode="ZZ99 9ZZ")
    page = plain(browser.get(browser.location))
    assert "ZZ99 9ZZ is kept. We don’t know this postcode" in page
    assert "We don’t know this postcode" not in plain(browser.get(f"{begun}/papers")), "it is said once"
    assert answer_to("home").told == {"home_postcode": "ZZ99 9ZZ"}


NUMBER = "somebody in Leeds, 0113 496 0000"


@pytest.mark.parametrize(
    ("answer", "told"),
    [("unknown", f"not known yet; typed for one: {NUMBER}"), ("none", "none, as we were told")],
)
def test_a_number_alone_is_kept_and_is_no_lawyer_and_only_who_was_told_so_says_that_there_is_none(
    browser, begun, answer, told
):
    typed = {"representative_contact": NUMBER}
    assert "Type a name or a firm" in browser.post(f"{begun}/lawyer", 200, answer="said", **typed)
    browser.post(f"{begun}/lawyer", answer=answer, **(typed if answer == "unknown" else {}))
    browser.post(f"{begun}/finish", 303)
    case, pack = db.session.scalar(select(Case)), db.session.scalar(select(Pack))
    assert f"Lawyer {told}" in plain(browser.get(f"/cases/{case.reference}"))
    pages = "".join(read_aloud(packs.pack_pdf(pack)))
    assert f"Lawyer {told}".replace(" ", "") in pages.replace(" ", "")
    form = letters.draft_letter(case, "form-of-authority", case.team[0].user)
    assert NUMBER not in " ".join(read_aloud(letter_pages.preview(form)))


def test_nobody_asked_for_a_lawyer_is_not_that_there_is_none(browser):
    browser.post("/first-hour/new/soon", name_used="Samira")
    browser.post(f"{browser.location.rsplit('/', 1)[0]}/finish", 303)
    case = db.session.scalar(select(Case))
    assert "Lawyer not known yet" in plain(browser.get(f"/cases/{case.reference}"))


def test_a_place_that_is_not_open_is_asked_about_before_it_is_kept_and_named_as_in_doubt(browser, begun):
    since = day("held_since", "28 11 2026")
    page = plain(browser.post(f"{begun}/where", 200, answer="said", held_at="haslar", **since))
    assert "Haslar is not open according to our list of 6 November 2025. Choose another, or save it" in page
    assert "Save it all the same: we know that they are there" in page
    assert answer_to("where") is None
    another = {"held_at": "prison-holloway", "held_at-sure": "haslar"}
    page = browser.post(f"{begun}/where", 200, answer="said", **another, **since)
    assert "Holloway may be closed according to our list" in page
    browser.post(f"{begun}/where", answer="said", held_at="haslar", **{"held_at-sure": "haslar"}, **since)
    assert answer_to("where").told == {"held_at": "haslar", "held_since": "2026-11-28"}
    now = str(answer_to("where").version)
    browser.post(f"{begun}/where", answer="said", held_at="haslar", version=now, **since)
    browser.post(f"{begun}/finish", 303)
    doubt = "Haslar is not open according to our list of 6 November 2025. Look whether this is right."
    assert doubt in plain(browser.get(browser.location))
    assert doubt in plain(browser.get(f"/cases/{db.session.scalar(select(Case)).reference}"))
    pages = "".join(read_aloud(packs.pack_pdf(db.session.scalar(select(Pack)))))
    assert doubt.replace(" ", "") in pages.replace(" ", "")
