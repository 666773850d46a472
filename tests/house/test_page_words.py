"""The list of what is to be translated, how it is found, and a style that turns round by itself."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from babel import Locale

import casework
from casework.domain.language.shapes import LONGEST_MADE, Shapes, shape_of
from casework.domain.said import How, in_month, on_day
from casework.domain.words import NUMBER, parts_of, say, why_unlike
from casework.pdf.catalogues import texts_of
from casework.settings import resource_dir
from casework.web.language.known_words import day, joined
from casework.web.language.words_found import as_pot, read_template

STATIC = Path(casework.__file__).parent / "static"
POT = resource_dir("letters") / "languages" / "pages" / "texts.pot"
NEW_YEAR = date(2027, 1, 1)
MEND = "Run: casework words > letters/languages/pages/texts.pot"


def test_the_list_for_translators_has_every_text_of_the_pages_and_no_other():
    assert as_pot() == POT.read_text("utf-8"), MEND


def test_no_language_that_comes_with_casework_says_what_no_page_says_any_more():
    listed = {text.english for text in texts_of(POT)}
    for file in sorted(POT.parent.glob("*.po")):
        assert {text.english for text in texts_of(file)} <= listed, file.stem


@pytest.mark.parametrize(
    ("template", "messages"),
    [
        ("<p>Come <a href='/x'>here</a>, {{ user.name }}.</p>", ["Come <a>here</a>, {name}."]),
        ("<p>One.{% if x %} Two.{% endif %}</p>", ["One.", "Two."]),
        ("<p>Go{% if x %} there{% endif %} now.</p>", ["Go there now.", "Go now."]),
        ("<p>{{ 'Open' if x else 'Shut' }} it.</p>", ["Open it.", "Shut it."]),
        ("<p>{{ n | count('row') }} {{ 'is' if n == 1 else 'are' }} left.</p>", ["{number} row is left."]),
        ('<a href="/x" title="To {{ place }}">{{ place }}</a>', ["To {place}"]),
        ("<p><a href='/a'>One</a> · <a href='/b'>Two</a></p>", ["One", "Two"]),
        ("{{ button('/x', 'Undo', name='offer', label='Undo: ' ~ what) }}", ["Undo", "Undo: {what}"]),
        ("<p>{{ when | day('not known yet') }}</p>", ["not known yet"]),
        ('<script data-say-lost="Lost at {time}." src="/x">say("Not this")</script>', ["Lost at {time}."]),
        ('<p lang="en-GB">Rules of law</p><p>{{ name }}</p><script>let a = "Text here";</script>', []),
        ("<p class=\"{{ 'Big one' if x }}\">{% if kind == 'Big one' %}{{ x }}{% endif %}</p>", []),
    ],
)
def test_a_template_is_read_as_whole_sentences(template, messages):
    source = template.replace("| day", "| default").replace("count", "count")
    assert [one.english for one in read_template(source)[0]] == messages


def test_a_translation_has_the_signs_of_its_english_and_no_others():
    english = ["Give {name} <a>the list</a>."]
    assert why_unlike(english, "<a>La liste</a> pour {name}.") == ""
    for wrong in (
        "La liste pour {name}.", "<a>La liste</a>", "<a>La liste pour {name}.", "</a>La<a> liste {name}",
        "<a>La</a> <b>{name}</b>", "<a>{name}</a> {password}",
    ):  # fmt: skip
        assert why_unlike(english, wrong)
    assert why_unlike(["{number} day", "{number} days"], "يومان") == ""


def test_every_language_that_comes_with_casework_writes_lists_and_days():
    for file in sorted(POT.parent.glob("*.po")):
        locale = Locale.parse(file.stem)
        for how in get_args(How):
            written = joined(["one", "two", "three"], how, locale)
            assert re.fullmatch(r".*one.+two.+three.*", written), (file.stem, how)
        for made in (on_day(NEW_YEAR, weekday=True), on_day(NEW_YEAR, year=False), in_month(NEW_YEAR)):
            assert day(made, locale), (file.stem, made)


def test_what_the_code_said_is_known_again_by_its_shape_and_by_nothing_less():
    shapes = Shapes(
        [
            "{name} now works on this case.", "{value} found", "{number} cases", "{name} is {words}.", "{at}th",
            "{name} lives here: {label}{since}.", "If {name} moved, ask {name}.",
        ]
    )  # fmt: skip
    assert shapes.find("Ruth now works on this case.") == ("{name} now works on this case.", {"name": "Ruth"})
    assert shapes.find("1,200 cases") == ("{number} cases", {"number": "1,200"})
    assert shapes.find("3 found") == ("{value} found", {"value": "3"})
    assert shapes.find("Ada lives here: Row 4, since May.")[1] == {
        "name": "Ada", "label": "Row 4, since May", "since": ""
    }  # fmt: skip
    assert shapes.find("If Ada moved, ask Ada.")[1] == {"name": "Ada"}
    for text in ("looked at the cases", "Ruth is well.", "If Ada moved, ask Ruth.", "5th", " found"):
        assert shapes.find(text) is None
    assert shapes.is_by_chance("No phone found")
    assert not shapes.is_by_chance("Ruth now works on this case.")
    assert say("{name} came.", name="Ruth") == "Ruth came."


def test_every_message_with_values_is_known_again_when_a_page_shows_it():
    listed = {one for text in texts_of(POT) for one in (text.english, text.several) if one}
    shapes = Shapes(listed)
    known = [shape for one in listed if (shape := shape_of(one)) and shape.is_known]
    assert len(known) > 500
    for shape in known:
        made = "".join(_filled(kind, text) for kind, text in parts_of(shape.message))
        found = shapes.find(made)
        assert found, made
        assert _fixed(found[0]) == _fixed(shape.message), made


def _filled(kind: str, text: str) -> str:
    return ("3" if text == NUMBER else "Xyz") if kind == "value" else text


def _fixed(message: str) -> list[str]:
    return [text for kind, text in parts_of(message) if kind == "text"]


def test_the_style_names_no_side_so_that_a_page_can_run_from_right_to_left():
    style = (STATIC / "app.css").read_text("utf-8")
    plain = re.sub(r"@bottom-(left|right)|/\*.*?\*/", "", style, flags=re.S)  # a sheet of paper has its sides
    assert re.findall(r"[^\n]*\b(?:left|right)\b[^\n]*", plain) == []


# Names of keys and headers, and the page that stands in place of one that was left.
NO_WORDS = {"use strict", "Escape", "ArrowDown", "ArrowUp", "Content-Type", "Weather"}
STRINGS = re.compile(r"""//[^\n]*|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`""")
READS_AS_WORDS = re.compile(r"^\s*[A-Z][a-z]|[A-Za-z]{2},? [a-z]{2}|^ [a-z]+ $")


def test_a_script_has_its_words_from_the_page_so_that_they_are_translated():
    said = {
        text
        for file in STATIC.glob("*.js")
        for found in STRINGS.finditer(file.read_text("utf-8"))
        if (text := found[1] or found[2]) and READS_AS_WORDS.search(text) and "[" not in text
    }
    assert said == NO_WORDS


def test_a_message_that_nobody_translated_yet_is_not_taken_for_another_with_a_value_in_it():
    whole = "For the people on this case only."
    shapes = Shapes(["For {name}", whole])
    assert shapes.find("For Samira") == ("For {name}", {"name": "Samira"})
    assert shapes.find(whole) is None


def test_what_is_too_long_to_be_a_message_is_not_looked_through():
    shapes, ending = Shapes(["{name} came to the hall."]), " came to the hall."
    assert shapes.find(f"Ruth{ending}") == ("{name} came to the hall.", {"name": "Ruth"})
    assert shapes.find("R" * LONGEST_MADE + ending) is None
