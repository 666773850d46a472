"""The room of the languages: everybody reads, organisers change, each text beside its English."""

from io import BytesIO

import pikepdf
import pytest

from casework.domain.language.languages import State
from casework.domain.safety.accounts import Role
from casework.services.language.languages import get_catalogue, key_of
from tests.factories import make_case, make_user

ABOUT_ME = "About me"


def path(code: str = "ar", english: str = ABOUT_ME) -> str:
    return f"/languages/{code}/texts/{key_of(get_catalogue(code).text(english))}"


def test_the_list_names_each_language_in_its_own_letters_and_says_that_nobody_has_checked_it(browser):
    page = browser.get("/languages")
    assert "العربية" in page
    assert "by nobody yet" in page


def test_a_speaker_corrects_one_text_beside_its_english_and_goes_on_to_the_next(browser):
    page = browser.get(path())
    assert ABOUT_ME in page
    assert 'dir="rtl"' in page
    seen = get_catalogue("ar").text(ABOUT_ME).said
    browser.post(path(), 303, said="نبذة عني", checked_by="Huda Example", before=seen, then="next")
    assert "/texts/" in browser.location
    assert get_catalogue("ar").text(ABOUT_ME).checked_by == "Huda Example"


def test_what_was_typed_is_kept_when_it_cannot_be_saved(browser):
    seen = get_catalogue("ar").text(ABOUT_ME).said
    page = browser.post(path(), 200, said="", checked_by="Huda Example", before=seen)
    assert "nothing here that could have been checked" in page
    assert "Huda Example" in page


def test_a_language_is_added_and_a_wrong_code_is_explained_at_its_field(browser):
    typed = {"name": "Hausa", "own_name": "Hausa", "script": "Latn"}
    assert "two or three small letters" in browser.post("/languages/new", 200, code="hausa!", **typed)
    browser.post("/languages/new", 303, code="ha", **typed)
    assert "Hausa" in browser.get("/languages/ha")


def test_a_file_goes_out_and_comes_back_and_a_paper_is_marked_as_checked(browser):
    sent = browser.client.get("/languages/fr/download/po").data
    browser.post("/languages/fr/file", 303, file=(BytesIO(sent), "fr.po"), checked_by="Awa Example")
    assert get_catalogue("fr").count(State.DRAFT) == 0
    assert b"checked by Awa Example on" in browser.client.get("/languages/fr/download/po").data
    assert "Choose the file first" in browser.post("/languages/fr/file", 200)
    browser.post("/languages/so/checked", 200, checked_by="")
    browser.post("/languages/so/checked?paper=explanation", 303, checked_by="Hodan Example")
    assert get_catalogue("so").count(State.DRAFT, "explanation") == 0


@pytest.mark.parametrize("fill", ["0", "1"])
def test_an_empty_paper_is_downloaded_to_print_or_to_fill_in(browser, fill):
    answer = browser.client.get(f"/languages/ti/papers/form-of-authority.pdf?fill={fill}")
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert ("/AcroForm" in pdf.Root) is (fill == "1")
    assert browser.client.get("/languages/ti/papers/home-mp-urgent.pdf").status_code == 404


def test_a_volunteer_reads_the_languages_and_changes_nothing(app, sign_in):
    browser = sign_in(make_user(Role.VOLUNTEER, "Vera Example"))
    assert "Change" not in browser.get("/languages/ar").partition("Text by text")[2]
    for closed in (path(), "/languages/new", "/languages/ar/file", "/languages/ar/checked"):
        assert browser.client.get(closed).status_code == 403


def test_a_form_takes_the_language_that_the_person_speaks_and_another_when_it_is_chosen(browser, organiser):
    case = make_case(organiser, name="Samira", languages="Tigrinya and English")
    new = f"/cases/{case.reference}/letters/new"
    browser.post(new, 303, template="form-of-authority", gss_code="")
    draft = browser.location
    assert '<option selected value="ti">' in browser.get(draft)
    form = browser.client.get(f"{draft}/form.pdf")
    assert form.data.startswith(b"%PDF")
    browser.post(draft, 303, language="ur", version="1", then="preview")
    assert '<option selected value="ur">' in browser.get(draft)
