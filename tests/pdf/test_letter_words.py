"""What may stand in words that a group writes, and what is said of everything else; nobody gets out of them."""

from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_values import LetterValues
from casework.domain.letters.letters import Wording
from casework.pdf.letter_blocks import split_blocks
from casework.pdf.letter_shapes import FILTERS, placeholders
from casework.pdf.letters import Letters
from casework.pdf.wordings import check_wording, kinds_printed, read_folder
from tests.examples import examples

OWN = Letters(Path(__file__).parents[2] / "letters")
WITH_WORDS = [key for key, one in OWN.templates.items() if one.blocks]
SUPPORTER = "supporter-to-own-mp"


def wording(words: str, key: str = SUPPORTER, **changes) -> Wording:
    template = replace(OWN.template(key), **changes)
    return Wording(template, {"ask": words}, key)


def said_of(words: str, **changes) -> list[str]:
    """What is said of these words: "line 2: there is no value …"."""
    return [f"line {one.line}: {one.what}" for one in check_wording(wording(words, **changes), OWN)]


def filled(words: str, values: LetterValues | None = None, key: str = SUPPORTER) -> str:
    group = OWN.with_wordings([wording(words, key)])
    return group.prefill(key, values or OWN.sample(key))["ask"]


@pytest.mark.parametrize("key", WITH_WORDS)
def test_casework_s_own_words_can_be_taken_over_as_they_are_and_fill_the_same_letter(key):
    template, words = OWN.template(key), OWN.words(key)
    told = replace(template, tells=tuple({*template.tells, *kinds_printed(words, OWN)}))
    taken = Wording(told, words, key)
    assert check_wording(taken, OWN) == []
    group = OWN.with_wordings([taken])
    for values in (OWN.sample(key), LetterValues(today=OWN.sample(key).today)):
        assert group.prefill(key, values) == OWN.prefill(key, values)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            "Dear friend\n{{ person.nmae }}",
            "line 2: there is no value called person.nmae. Did you mean person.name?",
        ),
        ("{{ nmae() }}", "line 1: there is no sentence called nmae(). Did you mean name()?"),
        ("{{ name(} }}", "line 1: a bracket is opened here and not closed"),
        ("{{ persn.name }}", "line 1: there is no value called persn. Did you mean person?"),
        ("\n\n{{ name }}", "line 3: name is a sentence: write name() with brackets"),
        ("{{ person.name|uper }}", "line 1: there is no filter called uper"),
        ("{{ today|dat }}", "line 1: there is no filter called dat. Did you mean date?"),
        ("{{ today }}", "line 1: today is a day: write {{ today|date }} or {{ today|day }}"),
        ("{{ home }}", "line 1: home has several parts: name one of them, such as home.lines"),
        ("{% if removal.known %}\nsoon", "line 1: something is opened and not closed"),
        ("a\n{% endif %}", "line 2: “endif” stands here, and nothing is open that it could belong to"),
        ("{{ person.name", "line 1: two braces are opened here, and not closed"),
        ("{{ lived_here(person) }}", "line 1: lived_here() cannot be made of this value"),
        ("{{ name(1) }}", "line 1: write this sentence as name()"),
        ("{# a note", "line 1: a note that begins with {# has no #} at its end"),
        ("x" * 7_000, "line 1: these words are too long: 6,000 characters at most"),
    ],
)
def test_what_is_wrong_is_said_by_its_line_in_plain_words(words, complaint):
    assert [one[: len(complaint)] for one in said_of(words)] == [complaint]


ATTACKS = [
    "{{ ''.__class__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ person.__class__ }}",
    "{{ person.__init__.__globals__ }}", "{{ name.__globals__ }}", "{{ self }}", "{{ self.__init__ }}",
    "{{ config }}", "{{ request.application }}", "{{ g }}", "{{ current_user }}", "{{ db }}", "{{ url_for('x') }}",
    "{{ values }}", "{{ template }}", "{{ caller() }}", "{{ varargs }}",
    "{{ cycler }}", "{{ cycler.__init__.__globals__.os }}", "{{ joiner('x') }}", "{{ namespace(a=1) }}",
    "{{ lipsum(n=5) }}", "{{ lipsum.__globals__ }}", "{{ dict(a=1) }}", "{{ range(10**9) }}",
    "{% for x in range(10**9) %}x{% endfor %}", "{{ 'x' * 10**9 }}", "{{ 10**10**10 }}", "{{ 9 ** 9 ** 9 }}",
    "{% include '/etc/passwd' %}", "{% include '_notice.html' %}", "{% include '../pyproject.toml' %}",
    "{% import '_shared.txt' as s %}", "{% extends 'base.html' %}", "{% from 'home-mp-urgent.txt' import x %}",
    "{% from '_shared.txt' import __class__ with context %}", "{% from '/etc/passwd' import x %}",
    "{% from '_shared.txt' import name as range with context %}",
    "{% set x = 1 %}", "{% set x %}a{% endset %}", "{% with x = 1 %}{% endwith %}", "{% macro m() %}{% endmacro %}",
    "{% filter upper %}x{% endfilter %}", "{% call name() %}{% endcall %}", "{% block ask %}{% endblock %}",
    "{% endblock %}{% block worth %}{{ config }}", "{% autoescape true %}x{% endautoescape %}", "{% do x %}",
    "{{ person|attr('name') }}", "{{ person|attr('__class__') }}", "{{ '%s'|format(person) }}",
    "{{ '{0.__class__}'.format(person) }}", "{{ '{0}'.format_map(person) }}", "{{ person.name.format(1) }}",
    "{{ person.name.replace('a', 'b') }}", "{{ person.name.__len__() }}", "{{ person.name[0] }}",
    "{{ person['name'] }}", "{{ references[0].value }}", "{{ person.name|map('upper')|list }}",
    "{{ references|map(attribute='value')|join }}", "{{ references|selectattr('value')|list }}",
    "{{ person.name|join('-') }}", "{% for c in person.name %}{{ c }}-{% endfor %}", "{{ person.name|first }}",
    "{{ person.name|replace('a', '') }}", "{{ person.name|reverse }}", "{{ person.name|list }}",
    "{{ person.name|center(10**9) }}", "{{ person.name|indent(10**9) }}", "{{ person.name|tojson }}",
    "{{ person.name|xmlattr }}", "{{ person.name|safe }}", "{{ person.name|pprint }}", "{{ person|string }}",
    "{{ enclosures|join(own_words) }}", "{{ enclosures|join(enclosures|join(enclosures|join)) }}",
    "{% for a in enclosures %}{% for b in enclosures %}x{% endfor %}{% endfor %}",
    "{% for a in enclosures recursive %}{{ loop(enclosures) }}{% endfor %}", "{{ they.verb.__globals__ }}",
    "{{ they.verb(person, 1) }}", "{{ today.strftime('%d%m%Y') }}", "{{ removal.at.strftime('%d') }}",
    "{{ today.__reduce__() }}", "{{ (today, person) }}", "{{ [person] }}", "{{ {1: 2} }}", "{{ 1 + 1 }}", "{{ 5 }}",
    "{{ person is defined }}", "{{ person.name is callable }}", "{{ name(**{}) }}", "{{ name(*enclosures) }}",
    "{{ " + "(" * 2_000 + "1" + ")" * 2_000 + " }}", "{{ " + "not " * 1_200 + "1 }}", "{{ 9" + "9" * 5_000 + " }}",
    "{{ person.name" + ".x" * 2_000 + " }}", "{% if 1 %}" * 400 + "{% endif %}" * 400, "{{" * 2_900, "{%" * 2_900,
    "{{ _shared }}", "{{ loop }}", "{{ _() }}", "{{ gettext('x') }}", "{{ debug }}",
    "{% debug %}", "{% trans %}x{% endtrans %}", "{{ salutation.__class__ }}", "{{ '\\x41'.__doc__ }}",
]  # fmt: skip


@pytest.mark.parametrize("words", ATTACKS, ids=lambda words: words[:40])
def test_no_words_reach_a_setting_a_file_a_method_or_work_without_end(words):
    assert said_of(words)


@pytest.mark.parametrize("words", ATTACKS, ids=lambda words: words[:40])
def test_even_words_that_nobody_checked_find_nothing_where_they_are_filled_in(words):
    """The second wall: words that came past the check are filled in with no globals, few filters and no files."""
    if any(huge in words for huge in ("**", "* 10")):
        return
    try:
        text = filled(words)
    except CaseworkError:
        return
    assert not [
        one for one in ("root:", "<class", "<function", "<module", "secret", "project]") if one in text
    ]


@given(st.text(alphabet="{}%#()[]|.,'\"~_ \naefinorst01", max_size=60))
@examples(80)
def test_whatever_is_typed_is_either_filled_in_or_complained_about(words):
    if not said_of(words):
        assert isinstance(filled(words), str)


@given(
    st.lists(
        st.sampled_from(
            ["{{ ", " }}", "{% if ", "{% for one in ", " %}", "{% endif %}", "{% endfor %}", "{% else %}",
             "person.name",
             "enclosures", "references", "one", "one.value", "removal.at", "|date", "|day", "|first", "|join(', ')",
             "|needed('x')", " or ", " and ", "not ", " == ", " ~ ", "name()", "urgency()", "home", "lived_here(", ")",
             "(", "[", "]", "loop.index", " > ", "they.they", "they.verb('a', 'b')", "\n", "text", "today"]
        ),
        max_size=14,
    ).map("".join)
)  # fmt: skip
@examples(120)
def test_pieces_of_the_language_put_together_at_random_are_filled_in_or_complained_about(words):
    if not said_of(words, tells=(*tuple(Kind)[:5], Kind.CASE, Kind.HOME)):
        for values in (OWN.sample(SUPPORTER), LetterValues(today=OWN.sample(SUPPORTER).today)):
            assert isinstance(filled(words, values), str)


def test_what_stands_in_a_value_is_never_read_as_words():
    person = replace(OWN.sample(SUPPORTER).person, name="{{ today }} {% include 'x' %}")
    values = replace(OWN.sample(SUPPORTER), person=person)
    assert (
        filled("I ask for {{ person.name }} and {{ name() }}.", values).count("{{ today }} {% include 'x' %}")
        == 2
    )


def test_a_value_beyond_what_the_letter_says_it_tells_is_named_by_its_line():
    beyond = said_of("One\n{{ person.nationality }}")
    assert beyond == [
        "line 2: this prints person.nationality, which tells this: country they come from. So tick “country they come "
        "from” under what it tells, or take it out"
    ]
    assert said_of("One\n{{ person.nationality }}", tells=(Kind.NAME, Kind.COUNTRY)) == []


def test_a_value_that_is_only_told_where_it_is_known_stops_no_letter_that_can_do_without_it():
    assert said_of("{% if person.nationality %}From {{ person.nationality }}{% endif %}") == []
    assert said_of("{% if not person.nationality %}From {{ person.nationality }}{% endif %}")
    assert said_of("{% if home.known %}From {{ person.nationality }}{% endif %}")


def test_a_shared_sentence_tells_what_it_prints():
    assert said_of("{{ name() }}", tells=(Kind.HOME,)) == [
        "line 1: this prints person.name, which tells this: name. So tick “name” under what it tells, or take it out"
    ]


def test_what_no_agreement_lets_supporters_hear_cannot_be_ticked():
    assert "can never tell this: address" in said_of("Words", tells=(Kind.NAME, Kind.ADDRESS))[0]
    assert "can never tell that" in said_of("{{ representative.name }}")[0]


def test_a_letter_cannot_be_made_to_ask_for_less_consent_than_the_one_it_is_like():
    assert "asks for more consent" in said_of("Words", audience=Audience.OFFICE)[0]
    assert "asks for more consent" in said_of("Words", audience=Audience.PERSON)[0]
    assert said_of("Words", audience=Audience.PUBLIC, tells=(Kind.CASE,)) == []


def test_the_page_who_signs_and_to_whom_cannot_be_changed():
    for change in (
        {"layout": "form-of-authority.html"},
        {"to": "person"},
        {"signed_by": "person"},
        {"sheet": True},
    ):
        assert "have to be those of" in said_of("Words", **change)[0]


def test_every_value_that_is_offered_can_be_written():
    for name in placeholders():
        path, _, inner = name.partition(": ")
        if inner:
            assert not [one for one in said_of(f"{{% for one in {path} %}}{{{{ one.{inner} }}}}{{% endfor %}}")
                        if "no value called" in one]  # fmt: skip
        else:
            assert not [one for one in said_of(f"{{{{ {path} }}}}") if "no value called" in one]


def test_every_filter_that_is_allowed_is_there():
    used = {"join": "{{ enclosures|join(', ') }}", "select": "{{ enclosures|select|join }}", "date": "{{ today|date }}",
            "day": "{{ today|day }}", "first": "{{ enclosures|first|default('x', true) }}",
            "needed": "{{ reason|needed('why') }}", "default": "{{ reason|default('why') }}",
            "length": "{% if enclosures|length > 1 %}Many{% endif %}"}  # fmt: skip
    for name in FILTERS:
        assert said_of(used.get(name, f"{{{{ reason|{name} }}}}")) == [], name


def test_the_blocks_of_a_file_are_told_apart_with_their_lines():
    text = "{# note\n#}\n{% block ask %}\nOne\n{% endblock %}\n\n{%- block can -%}Two{% endblock can %}\n"
    assert split_blocks(text) == {"ask": ("\nOne\n", 3), "can": ("Two", 7)}
    with pytest.raises(ValueError, match="line 2: this stands outside the blocks: stray"):
        split_blocks("{% block ask %}One{% endblock %}\nstray")
    with pytest.raises(ValueError, match="stands twice"):
        split_blocks("{% block ask %}{% endblock %}{% block ask %}{% endblock %}")


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / name.replace("__", ".").replace("_", "-")).write_text(text, "utf-8")
    return tmp_path


def test_a_file_in_the_folder_takes_the_place_of_the_program_s_words(tmp_path):
    text = "{% block subject %}Ours{% endblock %}{% block ask %}Please help {{ name() }}{% endblock %}"
    found, problems = read_folder(folder(tmp_path, supporter_to_own_mp__txt=text), OWN)
    assert problems == []
    group = OWN.with_wordings(found)
    blocks = group.prefill(SUPPORTER, OWN.sample(SUPPORTER))
    assert (blocks["subject"], blocks["ask"], blocks["can"]) == ("Ours", "Please help Samira", "")
    assert group.wording_hash(SUPPORTER) != OWN.wording_hash(SUPPORTER)
    assert group.pdf(SUPPORTER, blocks, OWN.sample(SUPPORTER)).startswith(b"%PDF")


def test_a_new_letter_in_the_folder_takes_page_and_sample_of_the_one_it_is_like(tmp_path):
    index = """[letters.to-the-choir]
like = "supporter-to-own-mp"
title = "To the MP, from the choir"
purpose = "The choir asks."
[letters.to-the-choir.sample]
own_words = "She sings"
"""
    text = "{% block ask %}{{ own_words|with_stop }}{% endblock %}"
    found, problems = read_folder(folder(tmp_path, index__toml=index, to_the_choir__txt=text), OWN)
    assert problems == []
    group = OWN.with_wordings(found)
    assert group.template("to-the-choir").title == "To the MP, from the choir"
    assert group.prefill("to-the-choir", group.sample("to-the-choir"))["ask"] == "She sings."


def test_a_broken_file_says_what_is_wrong_and_where_and_breaks_no_other(tmp_path):
    good = "{% block ask %}Please{% endblock %}"
    bad = "{% block ask %}\nPlease\n{{ persn.name }}\n{% endblock %}"
    found, problems = read_folder(
        folder(tmp_path, supporter_to_own_mp__txt=good, home_mp_urgent__txt=bad, no_such_letter__txt=good),
        OWN,
    )
    assert [one.template.key for one in found] == [SUPPORTER]
    assert [(one.where, one.what) for one in problems] == [
        ("letters/home-mp-urgent.txt, line 3", "there is no value called persn. Did you mean person?"),
        (
            "letters/index.toml, no-such-letter",
            "name a letter of the program’s in “like”, whose page it takes.",
        ),
    ]


@pytest.mark.parametrize(
    "index",
    ["letters = 1", "[letters", "[letters.supporter-to-own-mp]\naudience = 'everybody'", "\0", "letters.x = 3",
     "[letters.supporter-to-own-mp]\ntitle = 4", "[letters.supporter-to-own-mp]\nneeds = ['the moon']",
     "[letters.supporter-to-own-mp]\nlayout = '../../etc/passwd'", "[letters.supporter-to-own-mp]\nfoo = 4",
     "[letters.supporter-to-own-mp]\nblocks = ['ask', 'moon']",
     "[letters.supporter-to-own-mp.sample]\nmoon = 4", "[letters.'../x']\nlike = 'home-mp-urgent'"],
)  # fmt: skip
def test_an_index_that_cannot_be_right_is_named_and_nothing_of_it_is_used(tmp_path, index):
    found, problems = read_folder(folder(tmp_path, index__toml=index), OWN)
    assert found == []
    assert problems


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "supporter-to-own-mp.txt").symlink_to("/etc/passwd")
    found, problems = read_folder(tmp_path, OWN)
    assert found == []
    assert "no plain file" in problems[0].what


@pytest.mark.parametrize(
    "index",
    [
        "deep = " + "[" * 20_000,
        "[letters.x]\nlike = [1]",
        '[letters.x]\nlike = "press-line"\nsample = { person = "x" }',
        '[letters.x]\nlike = "press-line"\nsample = { references = [1] }',
    ],
    ids=["nested", "like", "person", "references"],
)
def test_whatever_stands_in_the_index_it_is_said_and_stops_nothing(tmp_path, index):
    found, problems = read_folder(folder(tmp_path, index__toml=index), OWN)
    assert found == []
    assert problems


@pytest.mark.parametrize("opening", ["{#", "{% block ask %}"])
def test_what_is_opened_ten_thousand_times_and_never_closed_is_read_at_once(tmp_path, opening):
    started = perf_counter()
    _, problems = read_folder(folder(tmp_path, press_line__txt=opening * 10_000), OWN)
    assert "outside the blocks" in problems[0].what
    assert perf_counter() - started < 2
