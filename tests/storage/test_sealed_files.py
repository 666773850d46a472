"""An encrypted file that leaves the instance opens with what it was locked with, whole and in order, or not at all."""

import io
import json
import os
import struct
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.safety.passphrases import is_long_enough, tidy_passphrase
from casework.services.safety.passphrases import new_passphrase
from casework.storage.sealed_files import (
    CUT_SHORT,
    DAMAGED,
    MAGIC,
    NEWER,
    NOT_OURS,
    PIECE_BYTES,
    DoesNotOpen,
    Opener,
    SealedFileError,
    SealedReader,
    SealedWriter,
)
from tests import cost

KEY = os.urandom(32)
BY_KEY = Opener(KEY)
STORED = PIECE_BYTES + 16
ENTRIES = {"empty": b"", "one": b"x", "piece": bytes(PIECE_BYTES), "long": os.urandom(2 * PIECE_BYTES + 7)}


def sealed(entries=ENTRIES, opener=BY_KEY, kind="backup") -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, kind, opener)
    for name, content in entries.items():
        writer.put(name, len(content), [content[:100], content[100:]])
    writer.close()
    return file.getvalue()


def opened(content: bytes, opener=BY_KEY, kind="backup") -> dict[str, bytes]:
    reader = SealedReader(io.BytesIO(content), kind, opener)
    return {name: b"".join(parts) for name, _, parts in reader.entries()}


WHOLE = sealed()
SMALL = sealed({"a": b"Samira", "b": b"Ahmadi"})
HEAD = len(MAGIC) + 4 + struct.unpack(">I", WHOLE[len(MAGIC) : len(MAGIC) + 4])[0]


def test_what_comes_out_is_what_went_in_and_nothing_of_it_is_in_clear():
    assert opened(WHOLE) == ENTRIES
    assert b"Samira" not in SMALL
    assert KEY not in SMALL


def test_an_entry_that_is_passed_over_does_not_disturb_the_next():
    reader = SealedReader(io.BytesIO(WHOLE), "backup", Opener(KEY))
    assert [name for name, _, _ in reader.entries()] == list(ENTRIES)


@given(st.integers(0, len(SMALL) - 1), st.integers(1, 255))
@settings(max_examples=300)
def test_no_byte_can_be_altered_unnoticed(at, by):
    altered = bytearray(SMALL)
    altered[at] ^= by
    with pytest.raises(SealedFileError):
        opened(bytes(altered))


@given(st.integers(0, len(SMALL) - 1))
def test_no_end_can_be_missing_unnoticed(length):
    with pytest.raises(SealedFileError):
        opened(SMALL[:length])


@pytest.mark.parametrize("pieces", [0, 1, 2, 3])
def test_a_file_that_ends_between_two_pieces_is_called_cut_short(pieces):
    with pytest.raises(SealedFileError, match="cut short: its end is missing") as error:
        opened(WHOLE[: HEAD + pieces * STORED])
    assert error.value.message == CUT_SHORT


def test_pieces_in_another_order_twice_or_from_another_file_are_noticed():
    first, second = WHOLE[HEAD : HEAD + STORED], WHOLE[HEAD + STORED : HEAD + 2 * STORED]
    rest, other = WHOLE[HEAD + 2 * STORED :], sealed()
    for forged in (
        WHOLE[:HEAD] + second + first + rest,
        WHOLE[:HEAD] + first + first + second + rest,
        WHOLE[:HEAD] + second + rest,
        WHOLE + rest,
        WHOLE[:HEAD] + other[HEAD:],
        other[:HEAD] + WHOLE[HEAD:],
    ):
        with pytest.raises(SealedFileError):
            opened(forged)


def test_another_key_does_not_open_it_and_a_passphrase_opens_it_without_any():
    passphrase = new_passphrase()
    locked = sealed({"a": b"words"}, Opener(KEY, passphrase))
    assert (
        opened(locked)
        == opened(locked, Opener(passphrase=passphrase.upper().replace("-", " ")))
        == {"a": b"words"}
    )
    for wrong in (Opener(os.urandom(32)), Opener(passphrase=new_passphrase()), Opener()):
        with pytest.raises(DoesNotOpen):
            opened(locked, wrong)
    with pytest.raises(DoesNotOpen, match="made under another key"):
        opened(SMALL, Opener(os.urandom(32)))


def with_header(content: bytes, **changes: object) -> bytes:
    size = struct.unpack(">I", content[len(MAGIC) : len(MAGIC) + 4])[0]
    facts = json.loads(content[len(MAGIC) + 4 : len(MAGIC) + 4 + size])
    written = json.dumps({**facts, **changes}).encode()
    return MAGIC + struct.pack(">I", len(written)) + written + content[len(MAGIC) + 4 + size :]


def test_what_is_newer_another_kind_or_no_file_of_ours_is_said_in_words():
    for content, words in (
        (with_header(SMALL, version=2), NEWER),
        (with_header(SMALL, kind="something new"), NEWER),
        (sealed(kind="case"), "a case to hand over"),
        (b"PK\x03\x04" + bytes(100), NOT_OURS),
        (b"", NOT_OURS),
        (with_header(SMALL, version="1"), DAMAGED),
        (MAGIC + b"\xff\xff\xff\xff", DAMAGED),
        (MAGIC + struct.pack(">I", 20_000) + b"[" * 20_000, DAMAGED),
    ):
        with pytest.raises(SealedFileError) as error:
            opened(content)
        assert words in error.value.message


def locks_of(content: bytes) -> list[dict]:
    """What stands in clear at the head of a file: what it is locked with."""
    size = struct.unpack(">I", content[len(MAGIC) : len(MAGIC) + 4])[0]
    return json.loads(content[len(MAGIC) + 4 : len(MAGIC) + 4 + size])["locks"]


def test_a_try_of_a_passphrase_costs_what_the_house_says(monkeypatch):
    cost.take_that_of_the_house(monkeypatch)
    (lock,) = locks_of(sealed({"a": b"x"}, Opener(passphrase="x" * 20)))
    assert (lock["passes"], lock["memory_kib"], lock["lanes"]) == (3, 64 * 1024, 4)


@pytest.mark.parametrize(
    "lock",
    [
        {"memory_kib": 2**40},
        {"passes": 10**9},
        {"lanes": 10**6},
        {"passes": True},
        {"memory_kib": 8, "lanes": 4},
        {"salt": "no hex"},
        {"salt": ""},
        {"sealed": None},
    ],
)
def test_a_lock_that_asks_for_more_than_any_machine_has_is_not_tried(lock):
    locked = sealed({"a": b"x"}, Opener(passphrase="x" * 20))
    with pytest.raises(DoesNotOpen):
        opened(with_header(locked, locks=[{**locks_of(locked)[0], **lock}]), Opener(passphrase="x" * 20))


def test_passphrases_are_long_each_another_and_read_as_they_are_said():
    made = {new_passphrase() for _ in range(100)}
    assert len(made) == 100
    assert all(is_long_enough(one) and len(tidy_passphrase(one)) == 24 for one in made)
    assert tidy_passphrase("ABCD - efgh\u00a0") == "abcdefgh"
    assert sha256(tidy_passphrase("Straße").encode()) != sha256(b"")
