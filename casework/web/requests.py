"""How a request is read: forms alone, uploads in memory, numbers in addresses no larger than the database takes."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from werkzeug.routing import IntegerConverter

LARGEST_NUMBER = 2**63 - 1


class HouseRequest(Request):
    """A request whose files never touch the disk: a temporary file would lie there in clear."""

    # Forms come from pages alone. Read as a form, JSON would bring values that are no text.
    is_json = False

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        return BytesIO()


class RowNumber(IntegerConverter):
    """A number in an address that can be a row of the database; a larger one is no page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_NUMBER)
        super().__init__(*args, **kwargs)


def read_requests(app: Flask) -> None:
    """Read every request in this way. Call it before any address is added."""
    app.request_class = HouseRequest
    app.url_map.converters["int"] = RowNumber
