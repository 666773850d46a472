"""Scans on their way: taken in, shown as pictures made here, and handed out as a download, never inside a page."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, render_template, url_for
from wtforms import HiddenField
from wtforms.validators import ValidationError

from casework.domain.errors import NotFound
from casework.domain.safety.accounts import Action
from casework.domain.said import AND, in_a_row
from casework.domain.words import say
from casework.services.letters import papers, scan_checks
from casework.services.letters.scans import ENDINGS, keep_scan, pages_of, picture_of, read_scan
from casework.storage.models import Case
from casework.web import offers
from casework.web.downloads import send_file_as
from casework.web.guards import allow, case_looked_at, case_or_404
from casework.web.once import let_others_save

Kept = tuple[str | None, str | None]
NONE_KEPT = "No scan was kept with this."
GONE = "The scan that you sent before is not kept any more. Choose it again."


def take_in(case: Case, upload: Any, field: str, *, without_traces: bool) -> tuple[str, str]:
    """The name in the archive and the media type of what was sent; what it carries besides its pages is told.

    Raises CaseworkError for what cannot be kept.
    """
    content = upload.read()
    with let_others_save():
        if without_traces:
            content = scan_checks.without_traces(content, field)
        name, media_type = keep_scan(case, content, field)
    if found := scan_checks.carried(content, media_type):
        flash(
            say(
                "This PDF carries {things}. Look at it here, where its pages are pictures. Do not open it with another "
                "program unless you know who made it.",
                things=in_a_row(found, AND),
            )
        )
    return name, media_type


def send_scan(case: Case, sha256: str | None, media_type: str | None, name: str) -> Response:
    """The scan of this case as an attachment called `name`, such as "letter-12". Raises NotFound without one."""
    content, kind = _content(case, (sha256, media_type))
    return send_file_as(f"{name}.{ENDINGS[kind]}", content, kind)


def open_viewer(bp: Blueprint, path: str, door: str, find: Callable[..., Kept]) -> None:
    """Beside the download at `path`, whose view is called `door`: a page that shows the scan, and its pictures.

    `find` gets the case and what else stands in the address, and says what is kept; it raises NotFound.
    """

    @bp.get(f"{path}/look", endpoint=f"{door}_look")
    @allow(Action.READ_STORY)
    def look(reference: str, **where: Any) -> str:
        case = case_or_404(reference)
        content, kind = _content(case, find(case, **where))
        here = {"reference": case.reference, **where}
        return render_template(
            "scans/show.html",
            case=case,
            carried=scan_checks.carried(content, kind),
            pictures=[
                url_for(f"{bp.name}.{door}_page", number=number, **here)
                for number in range(1, pages_of(content, kind) + 1)
            ],
            download=url_for(f"{bp.name}.{door}", **here),
        )

    @bp.get(f"{path}/pages/<int:number>.png", endpoint=f"{door}_page")
    @allow(Action.READ_STORY)
    def page(reference: str, number: int, **where: Any) -> Response:
        # A line for each picture would only hide others.
        case: Case = case_looked_at(reference)
        content, kind = _content(case, find(case, **where))
        try:
            return Response(picture_of(content, kind, number), mimetype="image/png")
        except IndexError:
            raise NotFound("This scan has no such page.") from None


def _content(case: Case, kept: Kept) -> tuple[bytes, str]:
    """The bytes and the media type of what is kept. Raises NotFound where there is nothing."""
    sha256, media_type = kept
    if not sha256 or media_type not in ENDINGS:
        raise NotFound(NONE_KEPT)
    return read_scan(case, sha256), media_type


def seal(case: Case, scan: tuple[str, str]) -> str:
    """A scan in the archive as a hidden field carries it: only whoever sent it can hand it in again, in this case."""
    return offers.offer("scan", case.id, scan)


def unseal(case: Case, sent: object) -> tuple[str, str] | None:
    """The scan that a hidden field carries; None where it carries none that this person sent to this case."""
    scan = offers.accepted("scan", case.id, sent)
    return (scan[0], scan[1]) if scan and papers.is_kept(case, scan[0]) else None


def refuse_gone(case: Case, sent: HiddenField) -> None:
    """Raises ValidationError, once, where the form was open for so long that its scan was tidied away."""
    if offers.accepted("scan", case.id, sent.data) and unseal(case, sent.data) is None:
        sent.data = ""
        raise ValidationError(GONE)
