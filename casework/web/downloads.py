"""Files that a page hands out."""

from flask import Response


def send_file_as(name: str, content: bytes, media_type: str) -> Response:
    """The content as a file to keep. Its name says nothing about anybody: it stays behind in a folder of downloads."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
