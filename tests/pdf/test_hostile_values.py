"""Every paper, filled with whatever an enemy or a careless paste could type, prints it as text and obeys nothing."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.letters.letter_values import LetterValues
from casework.domain.letters.letters import Wording
from casework.pdf.gate import faults
from casework.pdf.letter_text import cleaned
from tests.aloud import read_aloud
from tests.examples import examples
from tests.pdf.printed import ALL, LETTERS, one_of_each_layout

HOSTILE = (
    "<script>alert(1)</script><b onclick=x>",
    "</p></body></html>",
    "<img src='file:///etc/passwd'>",
    "<link rel=attachment href=file:///etc/passwd>",
    "{{ config }} {{ ''.__class__ }}",
    "{% include '/etc/passwd' %}{% raw %}",
    "} @page { margin: 0 } </style>",
    "&amp; &lt;b&gt; &#0; ]]> <![CDATA[",
    "a\x00b\x07c\x1bd\x7fe",
    "turn \u202eround\u202c \u2066it\u2069",
    "zero\u200bwidth\u200djoin\ufeffmark",
    "**strong** ** * _under_ `tick`",
    "(brackets) \\ % / <</JS (app.alert(1))>>",
    "line one\nline two\r\nline three",
    *("سمیرا احمدی", "سميرة ٣ مارس", "میرا نام", "שלום עולם", "ስሜ ተስፋይ", "আমার নাম", "என் பெயர்", "ਮੇਰਾ ਨਾਮ"),
    *(
        "मेरा नाम",
        "我的名字",
        "ひらがな",
        "제 이름",
        "ฉันชื่อ",
        "ខ្ញុំ",
        "ကျွန်မ",
        "გამარჯობა",
        "Բարեւ",
        "Олена",
        "Νίκος",
    ),
    "Żółć ọ̀rọ̀ e\u0301\u0323",
)


def squeezed(text: str) -> str:
    """The text as it comes back: without spaces, unseen signs, and the stars that make words strong."""
    seen = re.sub(r"[\s\u00ad\u200b-\u200f\u2060-\u2069\ufeff*\x00-\x1f\x7f]+", "", cleaned(text))
    return unicodedata.normalize("NFC", seen)


def with_text(value: Any, texts: Iterator[str]) -> Any:
    """The value with the next of the texts in place of each text in it, however deep it stands."""
    if isinstance(value, str):
        return next(texts)
    if isinstance(value, tuple):
        return tuple(with_text(one, texts) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: with_text(getattr(value, one.name), texts) for one in fields(value)}
        )
    return value


def endless(texts: Iterable[str]) -> Iterator[str]:
    while True:
        yield from texts


def filled(key: str, texts: list[str]) -> LetterValues:
    """The sample with other texts everywhere but in its language and the pronouns, which are chosen and not typed."""
    sample = LETTERS.sample(key)
    values = with_text(sample, endless(texts))
    return replace(values, lang=sample.lang, person=replace(values.person, pronouns=sample.person.pronouns))


def read(pdf: bytes) -> str:
    return squeezed("".join(read_aloud(pdf)))


@pytest.mark.parametrize("key", one_of_each_layout([key for key in ALL if LETTERS.template(key).blocks]))
def test_each_layout_prints_what_is_typed_into_its_blocks_as_text(key):
    """Every one of the texts stands in one block of the paper or another."""
    names = LETTERS.template(key).blocks
    typed: dict[str, list[str]] = {name: [] for name in names}
    for name, text in zip(endless(names), HOSTILE, strict=False):
        typed[name].append(" ".join(text.split()))
    blocks = {name: "\n\n".join(texts) for name, texts in typed.items()}
    said = read(LETTERS.pdf(key, blocks, LETTERS.sample(key)))
    for text in HOSTILE:
        assert squeezed(text) in said, text
    assert "root:x:0" not in said


@given(st.sampled_from(ALL), st.lists(st.sampled_from(HOSTILE), min_size=3, max_size=9))
@examples(50)
def test_hostile_values_are_printed_as_the_words_have_them_and_the_paper_passes_the_gate(key, texts):
    values = filled(key, texts)
    blocks = LETTERS.prefill(key, values)
    pdf = LETTERS.pdf(key, blocks, values)
    said = read(pdf)
    for text in blocks.values():
        for line in text.splitlines():
            assert squeezed(line) in said, line
    assert faults(pdf) == []


def test_a_name_of_five_thousand_characters_is_printed_to_the_last():
    sample, name = LETTERS.sample("home-mp-urgent"), "long name " * 500
    values = replace(sample, person=replace(sample.person, name=name))
    blocks = {"ask": LETTERS.prefill("home-mp-urgent", values)["ask"]}
    assert squeezed(name) in read(LETTERS.pdf("home-mp-urgent", blocks, values))


def test_the_same_holds_for_words_that_a_group_wrote():
    key = "supporter-to-own-mp"
    words = "I ask for {{ person.name }}. {{ own_words|with_stop }} {% for one in enclosures %}{{ one }}, {% endfor %}"
    wording = Wording(LETTERS.template(key), {**LETTERS.words(key), "ask": words}, key)
    group = LETTERS.with_wordings([wording])
    for text in HOSTILE:
        asked = group.prefill(key, filled(key, [text]))["ask"]
        assert squeezed(asked).count(squeezed(text)) >= 2, text
    values = filled(key, list(HOSTILE[4:6]))
    said = read(group.pdf(key, group.prefill(key, values), values))
    assert squeezed(HOSTILE[4]) in said
    assert squeezed(HOSTILE[5]) in said
