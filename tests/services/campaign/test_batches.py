"""Batches: whose letters they hold, what each letter says, and that it never says anything of another signer."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import clock
from casework.domain.campaign.batches import LetterState, Order
from casework.domain.consent.publicity import Audience, Kind, Level
from casework.domain.errors import CaseworkError, NotFound
from casework.services.campaign import batch_cards, batch_outputs, batches, own_words, stopping, work
from casework.services.campaign.batch_choice import Choice, Who, choose
from casework.services.campaign.batch_letters import BatchLetters
from casework.services.campaign.batch_outputs import Labels
from casework.services.campaign.batch_printing import BatchPress, one_pdf
from casework.services.consent import own_view, recall
from casework.services.letters import bundles, letter_pages
from casework.services.letters.bundles import Step
from casework.storage.database import db
from casework.storage.models import Case
from tests.pdf.reading import text_of
from tests.supporters import POSTCODES, TO_OWN_MP, agree_to, campaign_of, make_supporters

# Words that no letter says by itself, each sign of them in every font.
WORD = st.text("bcdfghjklmnpqrstvwxz", min_size=9, max_size=14)


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, who agreed to letters of supporters."""
    return campaign_of(organiser)


@pytest.fixture
def press(app) -> BatchPress:
    """One press for all."""
    return BatchPress(letter_pages.letters().css)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORD, WORD, WORD, WORD), min_size=2, max_size=8, unique_by=lambda one: one[0]))
def test_no_letter_holds_anything_of_another_signer(case, press, people):
    words = [word for one in people for word in one]
    rows = []
    for number, (name, street, met, why) in enumerate(people):
        rows += make_supporters(
            case, 1, name=f"Ann {name}", address=f"1 {street} Row", postcode=POSTCODES[number % 4],
            how_known=f"We met at {met} in the rain", own_words=f"What she did for {why} nobody else could",
        )  # fmt: skip
    letters = BatchLetters(case, TO_OWN_MP)
    for number, row in enumerate(rows):
        made = press.print(letters.page(letters.write(row, row.supporter.gss_code)), lambda: "")
        text = text_of(one_pdf(made.piece, made.shape.exemplar if made.shape else None))
        own = set(people[number])
        assert all(word in text for word in own)
        assert not [word for word in words if word not in own and word in text]


def test_signers_are_chosen_by_mp_by_table_or_by_name_and_what_each_lacks_is_said(case):
    rows = make_supporters(case, 24)
    rows[0].supporter.gss_code = None
    rows[4].supporter.gss_basis = "approximate"
    rows[8].supporter.address = None
    rows[12].writes = False
    db.session.commit()
    leeds = frozenset({rows[16].supporter.gss_code})
    chosen = choose(case, Choice(TO_OWN_MP, Who.PLACES, gss_codes=leeds))
    assert [one.supporter.name for one in chosen.ready] == ["Signer16 OfLanterns", "Signer20 OfAllotments"]
    assert [one.lacks for one in chosen.lacking] == [
        "Their postcode lies in more than one constituency. Say which is theirs.",
        "No address, and an MP’s office asks for it.",
    ]
    assert len(choose(case, Choice(TO_OWN_MP, Who.TABLES, tables=frozenset({"3"}))).ready) == 4
    assert len(choose(case, Choice(TO_OWN_MP, Who.TICKED, ticked=frozenset({rows[1].id}))).ready) == 1
    with pytest.raises(CaseworkError, match="letters to a supporter’s own MP"):
        choose(case, Choice("press-line"))


def test_the_pile_lies_by_table_with_a_sheet_before_each_heap_and_rooms_to_write(case, organiser):
    for one in make_supporters(case, 12, how_known=None, own_words=None):
        one.table_name = one.table_name.removeprefix("Table ")  # as a spreadsheet’s tables are kept
    choice = Choice(TO_OWN_MP, order=Order.TABLE, room_to_write=True)
    batch = batches.start_batch(case, choice, organiser)
    work.work(batch_id=batch.id)
    text = text_of(batch_outputs.print_file(batch, organiser))
    assert text.index("Table 1 letters to sign") < text.index("Table 2 letters to sign")
    assert "10 letters" in text
    assert text.count("How I know Samira, in my own words:") == 12
    assert "[" not in text


def test_what_went_to_whom_is_shown_to_the_person_and_named_when_less_is_agreed_to(case, organiser):
    make_supporters(case, 3)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    work.work()
    way = bundles.ways_of(batch)[0]
    for step in Step:
        bundles.count(way, step, 1, clock.today(), "Ruth", way.bundle.version, organiser)
        db.session.refresh(way.bundle)
    said = [line.value for line in own_view.own_view(case, {}, set()).went]
    assert any("3 letters made; they tell: what was decided and planned, and name" in line for line in said)
    assert f"1 letter handed over to {way.member}" in said
    assert not recall.beyond(case).elsewhere, "what the bundle told is known"
    agree_to(case, organiser, Level.SUPPORTERS, Kind.HEALTH)
    (out,) = recall.beyond(case).batches
    assert (out.kinds, out.made, out.handed_over, out.mps) == ((Kind.NAME,), 3, 1, 1)
    recall.keep_asked(case, [f"batch-{batch.id}"], clock.today(), organiser)
    assert recall.beyond(case).batches[0].asked_on == clock.today()


def test_postcards_lie_open_so_they_need_a_yes_to_the_public(case, organiser):
    make_supporters(case, 5, postcode=POSTCODES[0])
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    work.work()
    with pytest.raises(CaseworkError, match="level 3"):
        batch_cards.postcards(batch, organiser)
    agree_to(case, organiser, Level.PUBLIC, Kind.NAME)
    assert batch_cards.lacking(batch) == []
    assert text_of(batch_cards.postcards(batch, organiser)).count("My name, address and postcode") == 8


def test_from_the_moment_somebody_stops_no_copy_of_their_letter_is_handed_out(case, organiser):
    one, _ = make_supporters(case, 2)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    work.work()
    ours = next(row.position for row in batch.letters if row.sign_up is one)
    stopping.stop(case, one.supporter_id, organiser)
    assert "Signer0" not in text_of(batch_outputs.print_file(batch, organiser))
    assert "Signer0" not in text_of(batch_outputs.labels(batch, Labels.SIGNERS, organiser))
    assert "Signer0" not in batch_outputs.signers_csv(batch, organiser).decode()
    with zipfile.ZipFile(BytesIO(batch_outputs.zipped(batch, organiser))) as folder:
        assert len(folder.namelist()) == 1
    with pytest.raises(NotFound):
        batch_outputs.one_letter(batch, ours, organiser)
    stopping.take_back(case, one.id, organiser)
    assert "Signer0" in text_of(batch_outputs.print_file(batch, organiser))


def test_a_whole_pile_is_printed_and_signed_by_one_press_and_each_mp_is_handed_theirs(case, organiser):
    make_supporters(case, 6)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    work.work()
    assert bundles.count_all(batch, bundles.Step.PRINTED, "Ruth", organiser) == 6
    assert bundles.count_all(batch, bundles.Step.SIGNED, "Ruth", organiser) == 6
    assert {(one.printed, one.signed) for one in batch.bundles} == {(2, 2), (1, 1)}
    with pytest.raises(CaseworkError, match="Nothing waits"):
        bundles.count_all(batch, bundles.Step.SIGNED, "Ruth", organiser)
    with pytest.raises(CaseworkError, match="each MP"):
        bundles.count_all(batch, bundles.Step.HANDED_OVER, "Ruth", organiser)


def test_words_that_only_seem_to_tell_are_made_once_somebody_says_that_they_do_not(case, organiser):
    words = "My mother nursed half the street through that winter and never asked for thanks."
    (sign_up,) = make_supporters(case, 1, own_words=words)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    assert batches.that_say_too_much(case, TO_OWN_MP, [sign_up]) == [sign_up]
    work.work()
    assert [one.state for one in batch.letters] == [LetterState.FAILED]
    told = {"how_known": sign_up.how_known, "own_words": words, "ask": None}
    ticks = [key for one in own_words.kept_back(case, Audience.SUPPORTERS, [words]) for key in one.keys]
    own_words.save_words(sign_up, told, sign_up.version, organiser, cleared=ticks)
    assert batches.that_say_too_much(case, TO_OWN_MP, [sign_up]) == []
    batches.retry(batch, organiser, None)
    work.work()
    assert [one.state for one in batch.letters] == [LetterState.MADE]
    # What is typed later was not looked at by anybody.
    told["own_words"] = f"{words} My mother is ill now."
    own_words.save_words(sign_up, told, sign_up.version, organiser)
    assert batches.that_say_too_much(case, TO_OWN_MP, [sign_up]) == [sign_up]
