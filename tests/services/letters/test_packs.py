"""Packs: what goes in, in which order, for whom; and nothing beyond what the person agreed to."""

import hashlib
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from casework import clock
from casework.domain.consent.publicity import Audience, Kind, Level
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.packs import PackKind
from casework.domain.parliament.offices import OfficeKind
from casework.pdf.gate import faults
from casework.services.case import cases
from casework.services.consent import campaign_consent, consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import correspondence, letter_pages, letters, pack_items, packs, scans
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import offices
from casework.services.parliament.offices import OfficeFacts
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, Letter, User
from tests.aloud import read_aloud
from tests.factories import add_note, detained_at, home, make_case

SECRET = "She has epilepsy."
HAPPENED = {Audience.LAWYER: "chronology", Audience.OFFICE: "summaries"}


@pytest.fixture
def case(organiser) -> Case:
    """Samira, of Leeds, held at Yarl's Wood, who signed a form of authority and wants her health kept private."""
    person = {
        "nationality": "Afghan",
        "representative_name": "N. Okafor",
        "representative_contact": "07700 900789",
    }
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she", **person)
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    signed = NewAuthority(
        signed_on=clock.today() - timedelta(1),
        scope=("ask",),
        withheld=("health",),
        supporters="Ruth Ellery, 07700 900123",
    )
    consent.record_authority(case, signed, organiser)
    return case


def issued(case: Case, actor: User, key: str = "home-mp-urgent") -> Letter:
    """A letter of this kind, issued."""
    letter = letters.draft_letter(case, key, actor, gss_code=case.places[0].gss_code)
    words = {name: text.replace("[", "").replace("]", "") for name, text in letter.blocks.items()}
    facts = {
        "sender_name": "Ruth Ellery",
        "sender_address": "22 Example Road\nLeeds",
        "sender_postcode": "LS11 8PG",
    }
    if "worth" in words:
        words["worth"] += ". She sings with us in the choir."
    letters.save_draft(letter, words, facts, letter.version, actor)
    return letters.issue_letter(letter, actor, because="It cannot wait.")


def scanned(case: Case, actor: User, summary: str = "", sender: str = "Home Office") -> bytes:
    """An answer of the Home Office with its scan, which is given back."""
    picture = BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    day = clock.today() - timedelta(3)
    paper = NewPaper(PaperKind.OTHER_IN, sender=sender, dated=day, received_on=day, summary=summary,
                     scan=scans.keep_scan(case, picture.getvalue()))  # fmt: skip
    correspondence.record_paper(case, paper, actor)
    return picture.getvalue()


def keys(case: Case, kind: PackKind, audience: Audience) -> list[str]:
    """What goes in unasked."""
    return [one.key for one in pack_items.offered(case, kind, audience) if one.is_chosen]


def text_of(pdf: bytes) -> str:
    return "\n".join(read_aloud(pdf))


def test_a_pack_holds_the_chosen_papers_in_the_chosen_order_with_bookmarks_and_is_kept(case, organiser):
    first, brief = issued(case, organiser), issued(case, organiser, "surgery-brief")
    unasked = keys(case, PackKind.PACK, Audience.LAWYER)
    assert unasked == [f"letter_{brief.id}", f"letter_{first.id}", "papers", "contacts"]
    row = packs.make(case, PackKind.PACK, Audience.LAWYER, "For the surgery", unasked[::-1], organiser)
    pdf = packs.pack_pdf(row)
    assert faults(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        titles = [mark.title for mark in outline.root]
    assert titles[:3] == ["For the surgery", "Whom to ring", "List of papers"]
    assert titles[3].startswith("Urgent letter to the home MP, ")
    assert titles[4].startswith("Brief for a surgery visit")
    assert hashlib.sha256(pdf).hexdigest() == row.sha256
    assert len(row.sha256) == 64
    said = text_of(pdf)
    assert "07700 900789" in said
    assert "Ruth Ellery, 07700 900123" in said
    assert db.session.query(AuditEvent).filter_by(action="pack made").one().facts["things"] == 4
    assert packs.list_packs(case) == [row]


def test_evidence_carries_what_happened_each_letter_as_issued_and_the_originals_whole(case, organiser):
    letter, scan = issued(case, organiser), scanned(case, organiser, "They say no.")
    row = packs.make(
        case,
        PackKind.EVIDENCE,
        Audience.LAWYER,
        "Evidence",
        keys(case, PackKind.EVIDENCE, Audience.LAWYER),
        organiser,
    )
    pdf = packs.pack_pdf(row)
    assert faults(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as opened:
        files = {name: one.get_file().read_bytes() for name, one in opened.attachments.items()}
        assert opened.open_metadata()["pdfaid:part"] == "3"
    assert set(files.values()) == {letters.issued_pdf(letter), scan}
    said = text_of(pdf)
    for piece in ("What has happened", "They say no.", letter.sha256, hashlib.sha256(scan).hexdigest()):
        assert piece in said.replace("\n", "")


@pytest.mark.parametrize("audience", [Audience.LAWYER, Audience.OFFICE])
def test_entries_on_what_they_keep_private_are_left_out_and_the_list_says_so(case, organiser, audience):
    scanned(case, organiser, SECRET)
    add_note(case, "Our own note", organiser)
    row = packs.make(case, PackKind.EVIDENCE, audience, "Evidence", [HAPPENED[audience], "papers"], organiser)
    said = text_of(packs.pack_pdf(row))
    assert SECRET not in said
    assert "Some entries are left out." in said
    assert row.left_out == [Kind.HEALTH]
    new = NewAuthority(signed_on=clock.today(), scope=("ask",))
    consent.withdraw_authority(case, consent.list_authorities(case)[0].id, clock.today(), None, organiser)
    consent.record_authority(case, new, organiser)
    row = packs.make(case, PackKind.EVIDENCE, audience, "Evidence", [HAPPENED[audience], "papers"], organiser)
    said = text_of(packs.pack_pdf(row))
    assert SECRET in said
    assert row.left_out == []
    assert "Our own note" not in said


def test_an_office_reads_how_we_sum_up_what_came_only_where_somebody_chose_that(case, organiser):
    scanned(case, organiser, "No ties, said the judge.")
    unasked = keys(case, PackKind.EVIDENCE, Audience.OFFICE)
    assert "chronology" in unasked
    assert "summaries" not in unasked
    row = packs.make(case, PackKind.EVIDENCE, Audience.OFFICE, "Evidence", unasked, organiser)
    assert "No ties" not in text_of(packs.pack_pdf(row))
    row = packs.make(case, PackKind.EVIDENCE, Audience.OFFICE, "Evidence", ["summaries"], organiser)
    assert "No ties" in text_of(packs.pack_pdf(row))


def test_the_persons_own_forms_go_to_no_supporter_and_elsewhere_only_where_chosen(case, organiser):
    agree(case, organiser, Level.SUPPORTERS, (Kind.NAME, Kind.COUNTRY, Kind.PLACE_OF_DETENTION))
    form = issued(case, organiser, "form-of-authority")
    key = f"letter_{form.id}"
    for audience in (Audience.LAWYER, Audience.OFFICE):
        item = next(one for one in pack_items.offered(case, PackKind.PACK, audience) if one.key == key)
        assert "not signed" in item.title
        assert not item.is_chosen
    with pytest.raises(CaseworkError, match="for no supporter"):
        packs.make(case, PackKind.PACK, Audience.SUPPORTERS, "Papers", [key], organiser)


def test_what_a_form_tells_is_counted_also_where_letters_have_no_capitals(case, organiser):
    case.name_used, case.official_name, case.other_names = "", "", "سمیرا احمدی"
    case.date_of_birth = date(1990, 2, 28)
    form = issued(case, organiser, "form-of-authority")
    assert {Kind.NAME, Kind.IDENTITY, Kind.ADDRESS} <= set(form.facts["told"])


def test_a_recalled_letter_goes_into_no_pack_but_the_lawyers_and_stops_those_it_is_in(case, organiser):
    agree(case, organiser, Level.SUPPORTERS, (Kind.NAME,))
    letter = issued(case, organiser, "supporter-to-own-mp")
    key = f"letter_{letter.id}"
    row = packs.make(case, PackKind.EVIDENCE, Audience.OFFICE, "Evidence", [key], organiser)
    assert packs.pack_pdf(row)
    agree(case, organiser, Level.OFFICES, ())
    assert key not in keys(case, PackKind.EVIDENCE, Audience.LAWYER)
    for kind, audience in ((PackKind.PACK, Audience.OFFICE), (PackKind.EVIDENCE, Audience.OFFICE)):
        with pytest.raises(CaseworkError, match="no copy is handed out"):
            packs.make(case, kind, audience, "Papers", [key], organiser)
    with pytest.raises(CaseworkError, match="agreed to less"):
        packs.pack_pdf(row)
    assert packs.make(case, PackKind.EVIDENCE, Audience.LAWYER, "What went out", [key], organiser)


def test_a_letter_that_tells_supporters_too_much_cannot_be_put_into_their_pack(case, organiser):
    letter = issued(case, organiser)
    agree(case, organiser, Level.SUPPORTERS, (Kind.NAME,))
    item = next(
        one
        for one in pack_items.offered(case, PackKind.PACK, Audience.SUPPORTERS)
        if one.key == f"letter_{letter.id}"
    )
    assert "address" in item.stops
    assert not item.is_chosen
    with pytest.raises(CaseworkError, match="no consent to tell them") as refused:
        packs.make(case, PackKind.PACK, Audience.SUPPORTERS, "Papers", [item.key], organiser)
    assert refused.value.field == item.key
    row = packs.make(case, PackKind.PACK, Audience.SUPPORTERS, "Papers", ["contacts"], organiser)
    assert "Okafor" not in text_of(packs.pack_pdf(row))
    assert "Ellery" not in text_of(packs.pack_pdf(row))


def agree(case: Case, actor: User, level: Level, items: tuple[Kind, ...]) -> None:
    """Record what she agreed to in a campaign."""
    campaign_consent.record(
        case,
        NewCampaignConsent(
            given_on=clock.today(), level=level, explained_by="Ruth", how_given="signature", items=items,
            changed_name="Mina", risks=tuple(campaign_consent.rules.RISKS), anonymity_order="none",
            lawyer_asked_on=clock.today(),
        ),
        actor,
    )  # fmt: skip


def test_no_pack_is_made_for_people_whom_the_person_did_not_agree_to(case, organiser):
    with pytest.raises(CaseworkError, match="needs their yes to level 2"):
        packs.make(case, PackKind.PACK, Audience.SUPPORTERS, "Papers", ["contacts"], organiser)
    with pytest.raises(CaseworkError, match="not for them"):
        packs.make(case, PackKind.EVIDENCE, Audience.PUBLIC, "Papers", ["papers"], organiser)


def test_a_title_says_no_more_than_may_be_said(case, organiser):
    with pytest.raises(CaseworkError, match="no consent to say this: health") as refused:
        packs.make(case, PackKind.PACK, Audience.OFFICE, SECRET, ["contacts"], organiser)
    assert refused.value.field == "title"


def test_originals_for_an_office_go_in_only_after_somebody_looked_through_them(case, organiser):
    scanned(case, organiser)
    original = next(
        one for one in pack_items.offered(case, PackKind.EVIDENCE, Audience.OFFICE) if one.is_original
    )
    assert not original.is_chosen
    with pytest.raises(CaseworkError, match="Look through each original") as refused:
        packs.make(case, PackKind.EVIDENCE, Audience.OFFICE, "Evidence", [original.key], organiser)
    assert refused.value.field == "looked"
    packs.make(case, PackKind.EVIDENCE, Audience.OFFICE, "Evidence", [original.key], organiser, looked=True)


def test_the_title_of_an_original_tells_an_office_nothing_that_is_kept_private(case, organiser):
    scanned(case, organiser, sender="The epilepsy clinic, Leeds")
    original = next(
        one for one in pack_items.offered(case, PackKind.EVIDENCE, Audience.OFFICE) if one.is_original
    )
    row = packs.make(
        case, PackKind.EVIDENCE, Audience.OFFICE, "Evidence", [original.key], organiser, looked=True
    )
    pdf = packs.pack_pdf(row)
    assert "clinic" not in text_of(pdf)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert "clinic" not in "".join(str(one.description) for one in opened.attachments.values())


def test_a_pack_with_originals_is_handed_out_no_more_once_anything_more_is_kept_private(case, organiser):
    scanned(case, organiser)
    original = next(
        one for one in pack_items.offered(case, PackKind.EVIDENCE, Audience.OFFICE) if one.is_original
    )
    row = packs.make(
        case, PackKind.EVIDENCE, Audience.OFFICE, "Evidence", [original.key], organiser, looked=True
    )
    assert packs.pack_pdf(row)
    more = NewAuthority(signed_on=clock.today(), scope=("ask",), withheld=("hiv",))
    consent.record_authority(case, more, organiser)
    with pytest.raises(CaseworkError, match="agreed to less"):
        packs.pack_pdf(row)


def test_what_shows_the_person_everything_goes_into_no_pack(case, organiser):
    agree(case, organiser, Level.SUPPORTERS, (Kind.NAME,))
    own = letters.issue_letter(letters.draft_letter(case, "own-view", organiser), organiser)
    for audience in packs.AUDIENCES[PackKind.PACK]:
        with pytest.raises(CaseworkError, match="theirs alone"):
            packs.make(case, PackKind.PACK, audience, "Papers", [f"letter_{own.id}"], organiser)


def test_drafts_and_void_letters_stay_out_and_nothing_at_all_is_no_pack(case, organiser):
    draft = letters.draft_letter(case, "surgery-brief", organiser, gss_code=case.places[0].gss_code)
    letter = issued(case, organiser)
    letter.voided_at = clock.now()
    db.session.commit()
    assert keys(case, PackKind.PACK, Audience.LAWYER) == ["papers", "contacts"]
    assert letters.list_drafts(case) == [draft]
    for nothing in ([], [f"letter_{letter.id}"], [f"letter_{draft.id}"], ["letter_999", "moon"]):
        with pytest.raises(CaseworkError, match="at least one paper"):
            packs.make(case, PackKind.PACK, Audience.LAWYER, "Papers", nothing, organiser)


def test_a_pack_is_handed_out_no_more_once_the_person_agrees_to_less(case, organiser):
    issued(case, organiser)
    row = packs.make(
        case, PackKind.PACK, Audience.OFFICE, "Papers", keys(case, PackKind.PACK, Audience.OFFICE), organiser
    )
    assert packs.told_beyond(row) == frozenset()
    authority = consent.list_authorities(case)[0]
    consent.withdraw_authority(case, authority.id, clock.today(), None, organiser)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    assert Kind.NAME in packs.told_beyond(row)
    with pytest.raises(CaseworkError, match="agreed to less"):
        packs.pack_pdf(row)


def test_a_pack_of_another_case_is_not_there(case, organiser):
    row = packs.make(case, PackKind.PACK, Audience.LAWYER, "Papers", ["contacts"], organiser)
    with pytest.raises(NotFound):
        packs.get_pack(make_case(organiser, name="Idris"), row.id)


@pytest.mark.parametrize("size", [16, 20])
def test_an_issued_letter_comes_in_large_print_with_its_own_words_marked_as_a_copy(case, organiser, size):
    letter = issued(case, organiser)
    sealed = letter.sha256
    pdf = letter_pages.large_print(letter, size)
    said = read_aloud(pdf)
    assert said[0].startswith("Large print copy of the letter issued on ")
    assert squeezed(said[1:]) == squeezed(read_aloud(letters.issued_pdf(letter)))
    assert faults(pdf) == []
    assert letter.sha256 == sealed
    with pytest.raises(CaseworkError, match="16 and 20"):
        letter_pages.large_print(letter, 99)


def squeezed(said: list[str]) -> str:
    """What is read aloud without the spaces, which the end of a line swallows."""
    return "".join("".join(said).split())


def test_a_draft_has_no_large_print_copy(case, organiser):
    draft = letters.draft_letter(case, "surgery-brief", organiser, gss_code=case.places[0].gss_code)
    with pytest.raises(NotFound):
        letter_pages.large_print(draft, 16)


def test_what_was_kept_of_a_letter_is_the_values_that_it_was_printed_with(case, organiser):
    from casework.pdf.letter_index import values_from

    for key in ("home-mp-urgent", "surgery-brief", "form-of-authority"):
        kept = issued(case, organiser, key).facts["printed"]
        assert letter_pages.as_plain(values_from(kept)) == kept
        assert isinstance(values_from(kept).today, date)


def contacts_of(case: Case, actor: User, audience: Audience = Audience.LAWYER) -> str:
    """What the list of whom to ring says in a pack for these people."""
    row = packs.make(case, PackKind.PACK, audience, "Papers", ["contacts"], actor)
    return " ".join(text_of(packs.pack_pdf(row)).split())


def test_whom_to_ring_has_the_number_of_the_office_and_who_may_be_spoken_to(case, organiser):
    case.safe_contact = "Her sister, 07700 900456, not at night"
    db.session.commit()
    said = contacts_of(case, organiser)
    assert "Who may be spoken to Her sister, 07700 900456, not at night" in said
    assert "Telephone of the office: ___" in said, "there is room for the number"
    seat = case.places[0].gss_code
    offices.add_entry(seat, OfficeFacts(OfficeKind.TELEPHONE, "0113 496 0123", told_by="them"), organiser)
    said = contacts_of(case, organiser)
    assert "Telephone: 0113 496 0123." in said
    assert "Telephone of the office: ___" not in said


def test_where_it_may_not_be_printed_whom_to_ring_says_where_it_stands(case, organiser):
    case.safe_contact = "Her sister, 07700 900456"
    db.session.commit()
    said = contacts_of(case, organiser, Audience.OFFICE)
    assert "900456" not in said
    assert "on the page of the case, under “Reach them”" in said
    case.safe_contact = "The epilepsy clinic, 07700 900456"
    db.session.commit()
    said = contacts_of(case, organiser)
    assert "900456" not in said
    assert "on the page of the case, under “Reach them”" in said


def test_a_letter_and_a_brief_take_a_number_alone_for_no_lawyer(case, organiser):
    case.representative_name = None
    db.session.commit()
    seat = case.places[0].gss_code
    for key in ("home-mp-urgent", "surgery-brief", "home-mp-first-contact"):
        draft = letters.draft_letter(case, key, organiser, gss_code=seat)
        told = " ".join(draft.blocks.values())
        assert "represented by" not in told
        assert "07700 900789" not in told
    assert "Lawyer not known yet; typed for one: 07700 900789" in contacts_of(case, organiser)
