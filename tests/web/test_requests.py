"""Uploads stay in memory, and a number that no row can have is no page."""

import re
from io import BytesIO

from flask import request

CONTENT = b"x" * 2_000_000
BODY = (
    b'--b\r\nContent-Disposition: form-data; name="scan"; filename="scan.pdf"\r\n\r\n'
    + CONTENT
    + b"\r\n--b--\r\n"
)


def test_a_large_upload_never_touches_the_disk(app):
    kind = "multipart/form-data; boundary=b"
    with app.test_request_context("/", method="POST", data=BODY, content_type=kind):
        assert isinstance(request.files["scan"].stream, BytesIO)
        assert request.files["scan"].read() == CONTENT


def test_json_is_no_form(browser):
    form = browser.get("/cases/new")
    token = {"X-CSRFToken": re.search(r'name="csrf_token"[^>]*value="([^"]*)"', form)[1]}
    for body in ({"name_used": 5}, {"name_used": "Samira"}, [1], 5):
        answer = browser.client.post("/cases/new", json=body, headers=token)
        assert answer.status_code == 200
        assert "Type a name" in answer.text


def test_a_file_in_the_place_of_words_is_no_word_and_a_body_that_is_no_form_is_an_empty_form(browser):
    form = browser.get("/changes/holidays/remove")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', form)[1]
    for name in ("date-day", "why", "divisions"):
        sent = {name: (BytesIO(b"Samira"), "words.txt"), "csrf_token": token}
        answer = browser.client.post("/changes/holidays/remove", data=sent)
        assert (answer.status_code, "Type the day" in answer.text) == (200, True)
    answer = browser.client.post("/changes/holidays/remove", json=[], headers={"X-CSRFToken": token})
    assert (answer.status_code, "Tick at least one part" in answer.text) == (200, True)


def test_a_number_too_large_for_the_database_is_no_page(browser):
    browser.get("/people/99999999999999999999", 404)
