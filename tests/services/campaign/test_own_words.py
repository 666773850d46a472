from dataclasses import replace
from datetime import timedelta

import pytest

from casework import clock
from casework.domain.consent.publicity import Audience, Kind, Level
from casework.domain.errors import CaseworkError, OutOfDate
from casework.services.campaign import alike, own_words, supporters
from casework.services.consent import campaign_consent
from casework.services.consent.campaign_consent import NewCampaignConsent
from casework.services.letters import letters
from casework.services.letters.written_lately import all_written_lately, written_lately
from casework.storage.database import db
from casework.storage.models import Batch, BatchLetter, SignUp
from tests.factories import home, make_case, make_case_that_keeps_health_private
from tests.supporters import signed_up

SOUP = "When my father came home from hospital she brought soup every evening without being asked."
CHOIR = "On Tuesdays we sing in one choir and she always brings a chair for old Mr Bell."
OWN_MP = "supporter-to-own-mp"
YES = NewCampaignConsent(clock.today(), Level.SUPPORTERS, "Ruth", "signature", items=(Kind.NAME,))


@pytest.fixture
def case(organiser):
    return make_case_that_keeps_health_private(organiser)


def sign_up(case, actor, name="Łukasz Hughes", **words):
    friend = supporters.add_supporter(
        case, actor, name=name, address="2 Row\nSheffield", postcode="S1 2HH", **words
    )
    return supporters.get_sign_up(case, friend.id)


def draft(row, actor):
    friend = row.supporter
    return letters.draft_letter(row.case, OWN_MP, actor, gss_code=friend.gss_code, supporter_id=friend.id)


def test_a_letter_without_a_sentence_of_its_own_is_not_issued_and_says_so_kindly(case, organiser):
    campaign_consent.record(case, YES, organiser)
    letter = draft(sign_up(case, organiser, how_known="She is my neighbour"), organiser)
    assert "[" not in "".join(letter.blocks.values())
    with pytest.raises(CaseworkError, match="One sentence of their own is enough") as refused:
        letters.issue_letter(letter, organiser)
    assert refused.value.field == "worth"


def test_their_words_fill_the_letter_each_in_its_place_and_it_can_be_issued(case, organiser):
    campaign_consent.record(case, YES, organiser)
    ask = "Could you come to our choir on a Tuesday"
    letter = draft(
        sign_up(case, organiser, how_known="She is my neighbour", own_words=CHOIR, ask=ask), organiser
    )
    assert letter.blocks["opening"].startswith("She is my neighbour.")
    assert CHOIR in letter.blocks["worth"]
    assert letter.blocks["ask"].endswith(f"{ask}.")
    assert letters.issue_letter(letter, organiser).issued_at


def test_words_that_come_later_fill_a_draft_where_nobody_changed_it(case, organiser):
    row = sign_up(case, organiser)
    letter = draft(row, organiser)
    changed = {**letter.blocks, "opening": "We met at the swings, with our girls. [since when]"}
    letters.save_draft(letter, changed, letter.facts, letter.version, organiser)
    assert own_words.save_words(row, {"own_words": CHOIR}, row.version, organiser) == 1
    assert CHOIR in letter.blocks["worth"]
    assert letter.blocks["opening"] == changed["opening"]
    assert own_words.is_ready(row)


def test_two_who_type_at_once_lose_nothing_and_a_text_that_is_too_long_is_refused(case, organiser):
    row = sign_up(case, organiser)
    seen = row.version
    own_words.save_words(row, {"own_words": SOUP}, seen, organiser)
    with pytest.raises(OutOfDate, match="Yours are still here"):
        own_words.save_words(row, {"own_words": CHOIR}, seen, organiser)
    assert row.own_words == SOUP
    with pytest.raises(CaseworkError, match="too long for a letter") as refused:
        own_words.save_words(row, {"ask": "x" * 401}, row.version, organiser)
    assert refused.value.field == "ask"


def test_what_their_words_say_of_the_person_is_looked_through_as_in_every_letter(case, organiser):
    campaign_consent.record(case, YES, organiser)
    texts = ["Samira sings with us. She has been ill in hospital since May.", "She lives in Leeds."]
    kept = own_words.kept_back(case, Audience.SUPPORTERS, texts)
    assert [(one.sentence, one.kinds) for one in kept] == [
        ("She has been ill in hospital since May.", (Kind.HEALTH,))
    ]


def test_one_answer_pasted_down_a_column_is_caught_with_everybody_who_has_it(case, organiser):
    for number, known in enumerate(
        ("We share a garden wall.", "I drive the bus she takes.", "I teach her son.")
    ):
        sign_up(case, organiser, name=f"Friend {number}", how_known=known * 6, own_words=SOUP)
    sign_up(case, organiser, name="Grace", own_words=CHOIR)
    sign_up(case, organiser, name="Nobody yet")
    found = alike.too_alike(case)
    assert (found.count, found.of) == (3, 4)
    (group,) = found.groups
    assert [one.name for one in group.letters] == ["Friend 0", "Friend 1", "Friend 2"]
    chosen = [row for row in signed_up(case) if row.supporter.name in ("Friend 0", "Grace")]
    assert not alike.too_alike(case, chosen)


def test_the_meter_looks_at_single_letters_too_and_never_at_what_the_signer_says_elsewhere(case, organiser):
    row = sign_up(case, organiser, own_words=CHOIR)
    draft(row, organiser)
    assert alike.meter(case, [CHOIR], row).count == 0
    stranger = letters.draft_letter(case, OWN_MP, organiser, gss_code=row.supporter.gss_code)
    blocks = {**stranger.blocks, "worth": SOUP}
    letters.save_draft(stranger, blocks, {"sender_name": "Idris"}, stranger.version, organiser)
    assert alike.meter(case, [CHOIR.replace("chair", "stool")]).count == 1
    assert alike.meter(case, [SOUP]).count == 1
    assert alike.meter(case, ["He mends the bicycles of half the street."]).count == 0


def test_a_second_letter_to_the_same_mp_is_asked_about_for_thirty_days(case, organiser):
    campaign_consent.record(case, YES, organiser)
    row = sign_up(case, organiser, own_words=CHOIR)
    seat, today = row.supporter.gss_code, clock.today()
    letter = draft(row, organiser)
    assert written_lately(row, seat, today) is None
    letters.issue_letter(letter, organiser)
    assert written_lately(row, seat, today).letter_id == letter.id
    assert written_lately(row, seat, today + timedelta(29))
    assert written_lately(row, seat, today + timedelta(30)) is None
    assert written_lately(row, "E14001063", today) is None


def test_a_letter_of_a_batch_counts_among_those_that_were_written_lately(case, organiser):
    row = sign_up(case, organiser, own_words=SOUP)
    batch = Batch(
        case=case, template=OWN_MP, template_sha256="0" * 64, state="done", order_by="surname", dated=clock.today(),
        made_at=clock.now(), made_by=organiser,
    )  # fmt: skip
    made = {"signer": "Łukasz Hughes", "gss_code": row.supporter.gss_code, "sign_up": row}
    batch.letters = [BatchLetter(position=1, state="waiting", **made)]
    db.session.add(batch)
    db.session.commit()
    assert written_lately(row, row.supporter.gss_code, clock.today()) is None
    batch.letters[0].made_at = clock.now()
    db.session.commit()
    assert written_lately(row, row.supporter.gss_code, clock.today()).batch_id == batch.id
    assert all_written_lately([row], clock.today())[row.id].batch_id == batch.id


def test_a_letter_in_another_case_is_nobody_s_business_in_this_one(case, organiser):
    campaign_consent.record(case, YES, organiser)
    row = sign_up(case, organiser, own_words=CHOIR)
    letters.issue_letter(draft(row, organiser), organiser)
    other = make_case(organiser, home(), name="Idris")
    too = SignUp(case=other, supporter=row.supporter, joined_on=clock.today(), joined_how="other")
    db.session.add(too)
    db.session.commit()
    assert all_written_lately([row], clock.today())
    assert not all_written_lately([too], clock.today())
    assert written_lately(too, row.supporter.gss_code, clock.today()) is None


def test_a_letter_to_an_mp_who_is_a_minister_says_so(organiser):
    case = make_case(organiser, home(), name="Samira")
    friend = supporters.add_supporter(case, organiser, name="Ada", postcode="B1 1BB", own_words=SOUP)
    letter = draft(supporters.get_sign_up(case, friend.id), organiser)
    assert "As far as I know you also serve as Secretary of State" in letter.blocks["obstacle"]
    friend = replace_home(friend, organiser)
    assert "also serve" not in draft(supporters.get_sign_up(case, friend.id), organiser).blocks["obstacle"]


def replace_home(friend, actor):
    """Somebody like this one who lives where the MP is no minister."""
    return supporters.add_supporter(friend.sign_ups[0].case, actor, name="Idris", postcode="S1 2HH")


def test_the_consent_of_a_case_is_asked_for_each_kind(case, organiser):
    wider = replace(YES, items=(Kind.NAME, Kind.CHILDREN))
    campaign_consent.record(case, wider, organiser)
    assert own_words.kept_back(case, Audience.SUPPORTERS, ["Her children go to school with mine."]) == []
