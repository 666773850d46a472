"""Uploads stay in memory, and a number that no row can have is no page."""

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


def test_a_number_too_large_for_the_database_is_no_page(browser):
    browser.get("/people/99999999999999999999", 404)
