"""Papers in English and the person's language side by side: whole, in order, in the right font, honest about drafts."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.language.languages import Catalogue, Language, State
from casework.domain.letters.letter_values import Held
from casework.pdf.catalogues import SOURCE, known_languages, open_catalogue, texts_of
from casework.pdf.fonts import FONTS, LATIN, font_for
from casework.pdf.gate import faults
from casework.pdf.glyphs import unprintable
from tests.aloud import read_aloud
from tests.pdf.printed import FOLDER, LETTERS, sample_pdf
from tests.pdf.test_papers import nothing_is_cut_off, read, squeezed, written

LANGUAGES = {one.code: one for one in known_languages([FOLDER / "languages"])}
PAPERS = [key for key, one in LETTERS.templates.items() if one.two_languages]
FORM = "form-of-authority"


def catalogue(code: str) -> Catalogue:
    return open_catalogue(code, [FOLDER / "languages"])


def checked(code: str) -> Catalogue:
    """The language as if a speaker had checked all of it."""
    texts = catalogue(code).texts
    return replace(
        catalogue(code),
        texts=tuple(replace(one, said=one.said or "x", checked_by="A", checked_on=date.min) for one in texts),
    )


def test_the_languages_of_the_house_are_all_there():
    assert sorted(LANGUAGES) == [
        "am",
        "ar",
        "bn",
        "ckb",
        "es",
        "fa",
        "fr",
        "ps",
        "so",
        "sq",
        "ta",
        "ti",
        "tr",
        "uk",
        "ur",
        "vi",
    ]


# Every language on one paper; every paper in an Arabic script, and in one that is wide, tall or plain.
PRINTED = {
    "form-of-authority": ["fa", "am", "ta", "fr"],
    "explanation": ["ur", "ar", "ckb", "ps", "bn", "ti", "vi", "so", "es", "sq", "tr"],
    "campaign-consent": ["fa", "am", "ta", "fr"],
    "own-view": ["ur", "am", "bn", "uk"],
}


def test_every_language_is_printed_and_every_paper():
    assert sorted(PRINTED) == sorted(PAPERS)
    assert {code for codes in PRINTED.values() for code in codes} == set(LANGUAGES)


@pytest.mark.parametrize(("key", "code"), [(key, code) for key, codes in PRINTED.items() for code in codes])
def test_papers_in_two_languages_pass_the_gate_read_as_written_and_keep_to_their_fonts(key, code):
    letters, pdf = LETTERS.printed_with(catalogue(code)), sample_pdf(key, code)
    assert faults(pdf) == []
    assert read(pdf) == written(letters.render_html(key, {}, LETTERS.sample(key)))
    nothing_is_cut_off(pdf)
    font = font_for(LANGUAGES[code].script, code)
    # The sample's person writes her other name in Arabic letters.
    allowed = {LATIN, font.family, "Noto Naskh Arabic"}
    assert fonts_of(pdf) <= {name.replace(" ", "-") for name in allowed}


def fonts_of(pdf: bytes) -> set[str]:
    """The families of the PDF, without the weights."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        named = {
            str(one.get("/BaseFont", "")) for one in opened.objects if isinstance(one, pikepdf.Dictionary)
        }
    plain = {re.sub(r"^/[A-Z]{6}\+", "", name) for name in named if name}
    return {re.sub(r"-(Bold|Semi-Bold|Medium|Italic|Regular).*$", "", name) for name in plain}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sign_of_each_language_has_a_glyph_in_its_font(code):
    assert unprintable("\n".join(text.said for text in catalogue(code).texts), code) == []


def test_a_sign_that_the_font_of_its_script_lacks_is_named_even_where_another_font_has_it():
    assert unprintable("ܐ") == []  # Syriac has no font of its own on the papers, so any will do
    assert unprintable("ےۓ", "ur") == []
    assert unprintable("ݐ", "ur") == ["ݐ"]
    assert unprintable("ݐ", "Arabic") == []


@pytest.mark.parametrize(("key", "code", "size"), [(FORM, "ur", 20), ("own-view", "ta", 16)])
def test_large_print_in_two_languages_passes_the_gate_and_loses_nothing(key, code, size):
    letters, pdf = LETTERS.printed_with(catalogue(code)), sample_pdf(key, code, size=size)
    assert faults(pdf) == []
    assert read(pdf) == written(letters.render_html(key, {}, LETTERS.sample(key), size=size))
    nothing_is_cut_off(pdf)


def test_a_draft_says_so_in_both_languages_and_a_checked_paper_does_not():
    draft = catalogue("ar")
    words = [
        text for text in draft.texts if text.english.startswith("Draft translation") and FORM in text.papers
    ]
    assert len(words) == 1
    page = LETTERS.printed_with(draft).render_html(FORM, {}, LETTERS.sample(FORM))
    assert words[0].english in page
    assert words[0].said in page
    page = LETTERS.printed_with(checked("ar")).render_html(FORM, {}, LETTERS.sample(FORM))
    assert words[0].english not in page


def test_where_a_text_is_not_translated_the_english_stands_there_and_the_paper_says_so():
    english = "ask for my file"
    texts = tuple(replace(one, said="") if one.english == english else one for one in checked("fr").texts)
    page = LETTERS.printed_with(replace(checked("fr"), texts=texts)).render_html(
        FORM, {}, LETTERS.sample(FORM)
    )
    assert page.count(english) == 2
    assert "it stands in English" in page


class Asked(Catalogue):
    """A language in which every text is asked for, and noted."""

    def text(self, english):
        ASKED.add(english)
        return super().text(english)


ASKED: set[str] = set()


def test_every_text_of_the_papers_is_in_the_list_and_every_one_of_the_list_is_on_a_paper():
    listed = {text.english for text in texts_of(FOLDER / "languages" / SOURCE)}
    ASKED.clear()
    language = Asked(Language("fr", "French", "Français", "Latn"), ())
    for key in PAPERS:
        sample = LETTERS.sample(key)
        for values in (
            sample,
            replace(sample, references=(), supporters=(), detained_at=Held(), own_held=(), own_agreed=()),
            replace(sample, own_went=(), own_looked=()),
            replace(sample, supporters=sample.supporters * 2),
        ):
            spied = replace(language, texts=texts_of(FOLDER / "languages" / SOURCE))
            LETTERS.printed_with(spied).render_html(key, {}, values)
    # What the person's own view says of a day or a date is a value, and only looks like a label.
    values = {"Bail hearing", "Tuesday 3 March 2026", "Thursday 5 March 2026"}
    assert (ASKED - values) | {one.label for one in REFERENCE_KINDS.values()} == listed


def test_every_catalogue_translates_nothing_that_is_not_on_the_papers_and_says_what_it_is():
    for code, language in LANGUAGES.items():
        assert language.own_name
        assert font_for(language.script, code)
        assert catalogue(code).count(State.MISSING) < len(catalogue(code).texts) / 10


def test_each_language_that_the_papers_name_a_font_for_has_it_in_the_styles():
    styles = (FOLDER / "letter.css").read_text("utf-8")
    for script, font in FONTS.items():
        assert f'"{font.family}"' in styles, script
    for code, language in LANGUAGES.items():
        if language.script not in ("Latn", "Cyrl"):
            assert f"bdi:lang({code})" in styles


def fields_of(pdf: bytes) -> list[dict[str, str]]:
    """What each form field says of itself, in the order in which the tab key goes through them."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        widgets = [one for page in opened.pages for one in page.obj.get("/Annots", [])]
        names = ("/T", "/TU", "/FT", "/V", "/AS")
        return [{name: str(one.get(name, "")) for name in names} for one in widgets]


@pytest.mark.parametrize("code", ["ur", "ti"])
def test_a_form_to_fill_in_has_real_fields_each_with_its_label_in_both_languages(code):
    pdf = sample_pdf(FORM, code, fillable=True)
    assert faults(pdf, archive=False) == []
    aloud = "".join(map(squeezed, read_aloud(pdf)))
    for text in ("Form of authority", "I cancel my form of authority"):
        assert squeezed(text) in aloud
        assert squeezed(catalogue(code).text(text).said) in aloud
    fields = fields_of(pdf)
    labels = [one["/TU"] for one in fields]
    assert len({one["/T"] for one in fields}) == len(fields) > 40
    assert f"Nationality / {catalogue(code).text('Nationality').said}" in labels
    starts = [label.partition(" / ")[0] for label in labels]
    assert starts.index("Nationality") < starts.index("ask the Home Office about me") < starts.index("To")
    assert fields[starts.index("Nationality")]["/V"] == "Afghan"
    assert {one["/AS"] for one in fields if one["/FT"] == "/Btn"} == {"/Off"}
