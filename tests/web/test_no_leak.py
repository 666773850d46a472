"""Every way out of a case, under different consents: nothing that was withheld stands in what is handed out.

Pages are for the team, who know the case. What can leave the house is everything else that an address answers with.
"""

from datetime import date, timedelta

import pypdfium2
import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from casework import clock
from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.case.places import PlaceKind
from casework.domain.consent.campaign_consent import RISKS
from casework.domain.consent.publicity import ITEMS, Audience, Kind, Level, may_say
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.letter_values import LetterValues
from casework.domain.letters.packs import AUDIENCES, PackKind
from casework.domain.timing.removals import Ending
from casework.services.campaign import supporters
from casework.services.case import case_places, cases
from casework.services.case.case_places import NewPlace
from casework.services.consent import agreements, campaign_consent, consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import (
    correspondence,
    disclosure,
    letter_pages,
    letter_prints,
    letters,
    pack_items,
    pack_lists,
    packs,
)
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import ministers
from casework.services.timing import feeds, removal_ends, removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.models import Case, User
from tests.factories import detained_at
from tests.pages import NOTHING_OF_A_CASE, Browser
from tests.supporters import signed_up

SECRETS = {
    "Qnameq": Kind.NAME,
    "Qofficialq": Kind.NAME,
    "Qotherq": Kind.NAME,
    "Qnationq": Kind.COUNTRY,
    "Qlandq": Kind.COUNTRY,
    "Qroomq": Kind.PLACE_OF_DETENTION,
    "Yarl": Kind.PLACE_OF_DETENTION,
    "Qnumberq": Kind.IDENTITY,
    "Qlanguageq": Kind.IDENTITY,
    "23 August 1977": Kind.IDENTITY,
    "Qstreetq": Kind.ADDRESS,
    "Qtownq": Kind.HOME,
    "Qlawyerq": Kind.LAWYER,
    "QX999": Kind.TRAVEL,
    "Qhealthq": Kind.HEALTH,
    "Qchildq": Kind.CHILDREN,
    "Qoffenceq": Kind.OFFENCE,
    "Qcourtq": Kind.COURT_PAPERS,
}
TYPED = (
    "She is Qnameq Qofficialq (Qotherq), Qnationq, of Qstreetq in Qtownq, number Qnumberq, lawyer Qlawyerq, born on "
    "23 August 1977, held at Yarl’s Wood in Qroomq, flight QX999 to Qlandq. The doctor wrote Qhealthq. Her son is "
    "Qchildq. The police said Qoffenceq. The judge said Qcourtq."
)
PUBLIC = {"risks": tuple(RISKS), "anonymity_order": "no", "changed_name": "Leila"}
CONSENTS = {
    "none": None,
    "offices": (Level.OFFICES, ()),
    "supporters, no item": (Level.SUPPORTERS, ()),
    "supporters, some items": (Level.SUPPORTERS, (Kind.NAME, Kind.HEALTH)),
    "supporters, all items": (Level.SUPPORTERS, ITEMS),
    "changed name, all items": (Level.CHANGED_NAME, ITEMS),
    "first name": (Level.FIRST_NAME_OR_PICTURE, (Kind.NAME, Kind.CHILDREN)),
    "public, all but the country": (Level.PUBLIC, tuple(one for one in ITEMS if one is not Kind.COUNTRY)),
}


SAYS_NOTHING = {*NOTHING_OF_A_CASE, "static"}


@pytest.fixture
def case(app: Flask, organiser: User) -> Case:
    """Somebody of whom every fact is a word that can be looked for."""
    person = {
        "name_used": "Qnameq", "official_name": "Qofficialq", "other_names": "Qotherq", "nationality": "Qnationq",
        "languages": "Qlanguageq", "date_of_birth": date(1977, 8, 23), "representative_name": "Qlawyerq",
    }  # fmt: skip
    home = NewPlace(PlaceKind.HOME, address="Qstreetq\nQtownq", postcode="LS11 0ES", since=date(2021, 5, 1))
    held = detained_at()
    case = cases.open_case(
        person, [home, held], organiser, references={next(iter(REFERENCE_KINDS)): "Qnumberq"}
    )
    case.places[-1].room = "Qroomq"
    flight = RemovalFacts(
        departs_on=clock.today() + timedelta(9), departs_at="04:35", flight="QX999", destination="Qlandq"
    )
    removals.record_removal(case, flight, organiser)
    supporters.add_supporter(
        case, organiser, name="Łukasz Hughes", address="2 Row\nSheffield", postcode="S1 2HH", connection=TYPED
    )
    return case


def agree(case: Case, actor: User, what: str) -> None:
    """Keep this campaign consent, and from the offices on a form of authority that withholds one thing."""
    if CONSENTS[what] is None:
        return
    level, items = CONSENTS[what]
    more = PUBLIC if level >= Level.CHANGED_NAME else {}
    new = NewCampaignConsent(clock.today(), level, "Ruth Ellery", "signature", items=tuple(items), **more)
    campaign_consent.record(case, new, actor)
    authority = NewAuthority(signed_on=clock.today(), scope=("ask",), withheld=("offence",))
    consent.record_authority(case, authority, actor)


def withheld(case: Case, audience: Audience) -> list[str]:
    """The words that these readers may not be told today."""
    agreement = agreements.agreement_on(case, clock.today())
    return [word for word, kind in SECRETS.items() if not may_say(kind, audience, agreement)]


def draft(case: Case, key: str, actor: User):
    """A draft of this kind with everything typed into each of its blocks."""
    friend = signed_up(case)[0].supporter
    to_minister = letter_pages.letters().template(key).to == "minister"
    seat = ministers.ministers(clock.today())[0].gss_code if to_minister else friend.gss_code
    letter = letters.draft_letter(case, key, actor, gss_code=seat, supporter_id=friend.id)
    blocks = {name: f"{text} {TYPED}" for name, text in letter.blocks.items()}
    letters.save_draft(letter, blocks, letter.facts, letter.version, actor)
    return letter


@pytest.mark.parametrize("what", CONSENTS)
def test_no_draft_of_any_kind_shows_what_was_withheld(case, organiser, what):
    agree(case, organiser, what)
    outside = [one for one in letters.templates() if one.audience is not Audience.PERSON]
    for template in outside:
        letter = draft(case, template.key, organiser)
        hidden = withheld(case, template.audience)
        printed = letter_pages.text_of(letter).casefold()
        assert [word for word in hidden if word.casefold() in printed] == [], template.key
        if template.blocks and hidden:
            assert letter_pages.taken_out(letter), template.key


def test_the_terminal_prints_no_more_than_a_page_does(case, organiser):
    agree(case, organiser, "supporters, some items")
    printed = 0
    # One of each layout for each of its audiences: what stands in the others, the drafts above say of every consent.
    kinds = {(one.layout, one.audience): one for one in letters.templates()}
    for template in kinds.values():
        hidden = withheld(case, template.audience)
        try:
            made = letter_prints.print_letter(template.key, case.reference, "Leeds South", with_gaps=True)
        except CaseworkError:
            continue
        printed += 1
        text = words_of(made.pdf).casefold()
        assert [word for word in hidden if word.casefold() in text] == [], template.key
    assert printed > 5


def test_what_is_past_is_kept_as_private_as_what_is_now(case, organiser):
    """An earlier home, place of detention and flight stand nowhere among the values of a letter."""
    agree(case, organiser, "changed name, all items")
    held = NewPlace(PlaceKind.DETENTION, place_id="colnbrook", since=date(2020, 1, 1), until=date(2020, 5, 1))
    moved = NewPlace(
        PlaceKind.FORMER_HOME,
        address="7 Qoldstreetq Road, Qoldtownq",
        postcode="S1 2HH",
        until=date(2019, 1, 1),
    )
    case_places.add_place(case, held, organiser)
    case_places.add_place(case, moved, organiser)
    flight = removals.list_removals(case)[0]
    leaves = spoken(flight.departs_on)
    removal_ends.end_removal(case, flight.id, Ending.CANCELLED, clock.today(), "A court said so.", organiser)
    for told in ("Colnbrook", "Qoldstreetq road", "Qoldtownq", "S12HH", "qx 999", "Qlandq", leaves):
        said = disclosure.say(
            case, Audience.PUBLIC, LetterValues(today=clock.today()), {"ask": f"It was {told} once."}
        )
        assert said.taken_out, told


def words_of(pdf: bytes) -> str:
    """The text of all pages, its spaces and line ends made single spaces."""
    said = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            said.append(text.get_text_range())
            text.close()
            page.close()
    return " ".join(" ".join(said).split())


def text_of(answer) -> str:
    """What stands in a file that was handed out."""
    return words_of(answer.data) if answer.mimetype == "application/pdf" else answer.get_data(as_text=True)


def files(app: Flask, browser: Browser, case: Case) -> dict[str, str]:
    """The text of everything but pages and pictures that an address of this case answers with, by its address."""
    adapter = app.url_map.bind("localhost")
    found = {}
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if "GET" not in (rule.methods or ()) or rule.endpoint == "home.leave" or room in SAYS_NOTHING:
            continue
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        values = {name: 1 if name in numbers else "x" for name in rule._converters} | {
            "reference": case.reference
        }
        path = adapter.build(rule.endpoint, {**values, **(rule.defaults or {})})
        answer = browser.client.get(path)
        if answer.status_code == 200 and answer.mimetype not in ("text/html", "image/png"):
            found[path] = text_of(answer)
    return found


def test_no_calendar_names_anything_of_a_case_whatever_was_agreed_to(browser, case, organiser):
    agree(case, organiser, "public, all but the country")
    token = feeds.make(organiser, "phone")
    for path in (f"/calendar/{token}.ics", f"/cases/{case.reference}/dates.ics"):
        text = browser.client.get(path).text
        assert "BEGIN:VEVENT" in text
        unfolded = text.replace("\r\n ", "").casefold()
        assert [word for word in SECRETS if word.casefold() in unfolded] == []


def test_once_less_is_agreed_no_file_of_a_case_holds_more_than_that(app, browser, case, organiser):
    agree(case, organiser, "supporters, all items")
    friend = signed_up(case)[0].supporter
    letter = letters.draft_letter(
        case, "supporter-to-own-mp", organiser, gss_code=friend.gss_code, supporter_id=friend.id
    )
    blocks = dict.fromkeys(letter.blocks, "Qnameq, of Qnationq, is at Yarl’s Wood.")
    letters.save_draft(letter, blocks, letter.facts, letter.version, organiser)
    letters.issue_letter(letter, organiser, because="She asked.")
    assert letter.id == 1
    mine = f"/cases/{case.reference}/letters/1.pdf"
    assert "Qnationq" in text_of(browser.client.get(mine))
    row = campaign_consent.papers(case)[0]
    campaign_consent.withdraw(case, row.id, clock.today(), None, organiser)
    after = files(app, browser, case)
    assert mine not in after
    assert f"/cases/{case.reference}/dates.ics" in after
    hidden = withheld(case, Audience.SUPPORTERS)
    for path, text in after.items():
        assert [word for word in hidden if word.casefold() in text.casefold()] == [], path


@pytest.mark.parametrize("what", CONSENTS)
def test_no_list_of_a_pack_holds_what_its_readers_may_not_be_told(case, organiser, what):
    agree(case, organiser, what)
    paper = NewPaper(PaperKind.OTHER_IN, sender="Qhealthq clinic", received_on=clock.today(), summary=TYPED)
    correspondence.record_paper(case, paper, organiser)
    packs_for: dict[Audience, list[PackKind]] = {}
    for kind, audiences in AUDIENCES.items():
        for audience in audiences:
            packs_for.setdefault(audience, []).append(kind)
            for name, listed in pack_lists.LISTS.items():
                found = listed(case, audience, with_hashes=kind is PackKind.EVIDENCE)
                text = " ".join((found.lead, *("\n".join(row) for row in found.rows))).casefold()
                hidden = withheld(case, audience)
                assert [word for word in hidden if word.casefold() in text] == [], (kind, audience, name)
    for audience, kinds in packs_for.items():
        kind = kinds[list(CONSENTS).index(what) % len(kinds)]
        whole_pack_holds_no_more(case, kind, audience, organiser)


def whole_pack_holds_no_more(case: Case, kind: PackKind, audience: Audience, actor: User) -> None:
    """The pages of the pack with all its lists, as they would be handed over."""
    keys = [one.key for one in pack_items.offered(case, kind, audience) if one.key in pack_lists.LISTS]
    try:
        made = packs.make(case, kind, audience, "Papers", keys, actor)
    except CaseworkError:
        assert disclosure.lacking(case, audience, ())
        return
    text = words_of(packs.pack_pdf(made)).casefold()
    assert [word for word in withheld(case, audience) if word.casefold() in text] == [], (kind, audience)
    assert "whom to ring" in text or "what has happened" in text
