"""A file of a case from elsewhere: taken whole, or refused with a sentence and nothing changed."""

import io
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import clock
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError
from casework.services.letters import go_bags, papers
from casework.services.letters.go_bags import NewBag
from casework.services.safety import case_imports
from casework.services.safety.case_exports import ABOUT, PAPERS, TABLES, TRAIL
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Authority
from casework.storage.sealed_files import Opener
from casework.storage.stores import store_of
from tests.conftest import settings_for
from tests.factories import home, make_case
from tests.services.safety.case_files import (
    PASSPHRASE,
    bring_in,
    contents,
    everything,
    exported,
    ruth,
    sealed,
)


def test_the_groups_own_check_for_viruses_looks_at_the_papers_of_a_case_that_comes_in(rich):
    content, before = exported(rich), everything()
    object.__setattr__(current_instance().settings, "scan_command", "sh -c 'exit 1'")
    with pytest.raises(CaseworkError, match="check for viruses on this machine refused"):
        bring_in(content, ruth())
    assert everything() == before


def test_where_papers_lie_in_the_database_a_case_that_is_refused_in_its_midst_leaves_nothing_either(
    rich, instance, tmp_path
):
    content, settings = exported(rich), settings_for(instance, archive_store="database")
    current_instance().archive = store_of(settings)
    before = everything()
    object.__setattr__(
        current_instance().settings,
        "scan_command",
        f"sh -c 'test ! -e {tmp_path}/one && touch {tmp_path}/one'",
    )
    with pytest.raises(CaseworkError, match="check for viruses on this machine refused"):
        bring_in(content, ruth())
    assert (tmp_path / "one").exists(), "the first paper was taken"
    assert everything() == before


def test_a_wrong_passphrase_or_a_damaged_file_changes_nothing(app, organiser):
    content = exported(make_case(organiser, home()))
    before = everything()
    for file, passphrase, words in (
        (content, "wrong" * 5, "does not open it"),
        (content[:-1], PASSPHRASE, "cut short"),
        (content[:-30] + bytes([content[-30] ^ 1]) + content[-29:], PASSPHRASE, "damaged"),
        (b"%PDF-1.7", PASSPHRASE, "not a file that Casework made"),
    ):
        with pytest.raises(CaseworkError, match=words):
            case_imports.bring_in(io.BytesIO(file), Opener(passphrase=passphrase), organiser)
        assert everything() == before


def test_a_paper_that_is_neither_a_pdf_nor_a_picture_is_refused(app, organiser):
    case = make_case(organiser, home())
    db.session.add(Authority(
        case_id=case.id, signed_on=clock.today(), how_given="paper", scan_type="application/pdf",
        scan_sha256=papers.keep(case, b"<script>alert(1)</script>"), recorded_at=clock.now(),
        recorded_by_id=organiser.id,
    ))  # fmt: skip
    db.session.commit()
    content = exported(case)
    before = everything()
    with pytest.raises(CaseworkError, match="does not know"):
        bring_in(content, organiser)
    assert everything() == before


def changed(entries, name, change):
    value = json.loads(entries[name])
    change(value)
    return {**entries, name: json.dumps(value).encode()}


def in_row(table, column, value):
    def change(entries):
        def put(found):
            found["rows"][0][found["columns"].index(column)] = value

        return changed(entries, f"{TABLES}{table}", put)

    return change


HOSTILE = {
    "a newer version": lambda e: changed(e, ABOUT, lambda v: v.update(revision="9999")),
    "an unknown table": lambda e: {**e, f"{TABLES}users": b'{"columns": [], "rows": []}'},
    "an unknown column": lambda e: changed(
        e, f"{TABLES}cases", lambda v: (v["columns"].append("x"), v["rows"][0].append(1))
    ),
    "a column that stands twice": lambda e: changed(
        e, f"{TABLES}cases", lambda v: (v["columns"].append("id"), v["rows"][0].append(1))
    ),
    "a table that lacks": lambda e: {n: c for n, c in e.items() if n != f"{TABLES}letters"},
    "two cases": lambda e: changed(e, f"{TABLES}cases", lambda v: v["rows"].append(v["rows"][0])),
    "no case": lambda e: changed(e, f"{TABLES}cases", lambda v: v.update(rows=[])),
    "a reference that is a name": in_row("cases", "reference", "Samira A."),
    "a huge number": in_row("cases", "version", 10**30),
    "a number too large to read": lambda e: {**e, TRAIL: b"[" + b"9" * 10_000 + b"]"},
    "deep nesting": lambda e: {**e, TRAIL: b"[" * 100_000},
    "a text in place of a number": in_row("cases", "id", "1"),
    "a truth in place of a number": in_row("cases", "version", True),
    "a row of another case": in_row("case_places", "case_id", 999),
    "somebody who is not named": in_row("cases", "opened_by_id", 999),
    "a text that is too long": in_row("cases", "name_used", "x" * 201),
    "what nobody can see": in_row("cases", "name_used", "a\u202eb\x00"),
    "half a character": in_row("cases", "name_used", "\ud800"),
    "a kind of place that we do not know": in_row("case_places", "kind", "moon"),
    "a day that is none": in_row("case_places", "since", "2026-02-30"),
    "an instant in no year of ours": in_row("cases", "opened_at", "0001-01-01T00:00:00+00:00"),
    "no JSON": lambda e: {**e, TRAIL: b"\xff"},
    "a trail of numbers": lambda e: {**e, TRAIL: b"[1, 2]"},
    "a paper that no row speaks of": lambda e: {**e, f"{PAPERS}{sha256(b'x').hexdigest()}": b"x"},
    "a paper by another name": lambda e: {**e, f"{PAPERS}../../evil": b"x"},
}


@pytest.fixture
def small(app, organiser) -> dict[str, bytes]:
    """The entries of a small case, exported."""
    return contents(exported(make_case(organiser, home(), name="Samira")))


def test_a_hostile_file_gets_a_sentence_and_changes_nothing(small, organiser):
    before = everything()
    for what, make in HOSTILE.items():
        with pytest.raises(CaseworkError) as error:
            bring_in(sealed(make(small)), organiser)
        assert error.value.message.endswith("."), what
        assert everything() == before, what


def test_what_no_page_of_go_bags_could_show_is_refused(app, organiser):
    case = make_case(organiser, home())
    go_bags.make(
        case, NewBag(Audience.PERSON, "Idris Vane", clock.today() + timedelta(3)), PASSPHRASE, organiser
    )
    entries = contents(exported(case))
    before = everything()
    for titles in (5, [5], [None]):
        with pytest.raises(CaseworkError, match="does not know"):
            bring_in(sealed(in_row("go_bags", "contents", titles)(entries)), organiser)
        assert everything() == before


def test_a_paper_that_lacks_or_is_another_takes_the_rest_back(rich):
    entries = contents(exported(rich))
    names = [name for name in entries if name.startswith(PAPERS)]
    db.session.commit()
    before = everything()
    for file in ({n: c for n, c in entries.items() if n != names[-1]}, {**entries, names[-1]: b"another"}):
        with pytest.raises(CaseworkError):
            bring_in(sealed(file), ruth())
        assert everything() == before
    for name in names:
        assert papers.read(rich, name.removeprefix(PAPERS)) == entries[name]


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=30),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.sampled_from(["2026-01-01", "1", "running", "\x00"]),
)  # fmt: skip


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_it_is_taken_whole_or_refused_with_a_sentence(small, organiser, data):
    name = data.draw(st.sampled_from([one for one in small if not one.startswith(PAPERS)]))
    value = json.loads(small[name])
    rows = value.get("rows") if isinstance(value, dict) else None
    if rows and data.draw(st.booleans()):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(VALUES)
        content = json.dumps(value).encode()
    else:
        at = data.draw(st.integers(0, len(small[name]) - 1))
        content = (
            small[name][:at]
            + data.draw(st.binary(max_size=6))
            + small[name][at + data.draw(st.integers(0, 6)) :]
        )
    before = everything()
    try:
        bring_in(sealed({**small, name: content}), organiser)
    except CaseworkError:
        assert everything() == before
