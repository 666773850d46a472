"""Paper: HTML in, PDF bytes out, and pictures of the pages. Nothing here is fetched from anywhere."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from casework.domain.errors import CaseworkError, SettingsError
from casework.pdf.forms import finish_forms
from casework.pdf.metadata import deflate, fit_for_archive
from casework.pdf.tagging import finish_tags, improve_tags

_PANGO_IS_MISSING = (
    "Letters cannot be made yet: this machine lacks Pango, which draws the text. Put it in with: "
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core"
)
_one_at_a_time = threading.Lock()  # Pango and fontconfig may not be entered by two threads at once

# The archive's form and the screen reader's in one. A form that is filled in on a screen cannot be PDF/A, which wants
# the look of every field drawn beforehand. PDF/A-3 is PDF/A-2 that may carry other files.
PAPER: dict[str, Any] = {"pdf_variant": "pdf/a-2a", "output_intent": "ours"}
_WITH_FILES: dict[str, Any] = {**PAPER, "pdf_variant": "pdf/a-3a"}
_FILLABLE: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_forms": True}


@dataclass(frozen=True)
class Attached:
    """A file that a PDF carries along, whole and unchanged."""

    name: str  # with its ending, from which readers know what it is
    data: bytes
    about: str  # what it is, in words
    dated: date
    relation: str = "Source"  # as PDF/A-3 says it: Source, Data, Alternative, Supplement or Unspecified


class LaidOut:
    """A paper that is laid out on its pages and not written yet."""

    def __init__(self, document: Any, options: dict[str, Any]) -> None:
        self.document = document  # WeasyPrint's own
        self._options = options
        self.pages: int = len(document.pages)

    def written(self, also: Callable[[Any], object] | None = None) -> bytes:
        """The PDF. The same pages give the same bytes, so a stored SHA-256 means something.

        `also` is called with WeasyPrint's PDF when it is finished, to look at it.
        """

        def finish(document: Any, pdf: Any) -> None:
            finish_pdf(document, pdf, archive=self._options is not _FILLABLE)
            if also:
                also(pdf)

        with _one_at_a_time:
            return bytes(self.document.write_pdf(finisher=finish, **self._options))


def make_pdf(html: str, css: str = "", *, fillable: bool = False) -> bytes:
    """The PDF of a whole HTML page, with the page's own title and language: tagged (PDF/UA-1), fit for the archive.

    See `lay_out` for what the arguments mean and what is refused.
    """
    return lay_out(html, css, fillable=fillable).written()


def lay_out(
    html: str, css: str = "", *, fillable: bool = False, attached: Sequence[Attached] = ()
) -> LaidOut:
    """A whole HTML page laid out, in its own styles and those of a stylesheet that is read once and kept.

    With `fillable`, form fields can be filled in on a screen, and the paper is tagged but no PDF/A.
    Raises SettingsError when Pango is missing, and CaseworkError when the page asks for anything but `data:`.
    """
    weasyprint = load_weasyprint()
    options = _options(weasyprint, fillable, attached)
    with _one_at_a_time:
        try:
            page = weasyprint.HTML(string=html, url_fetcher=_sealed_fetcher(), media_type="print")
            sheets = [_stylesheet(css)] if css else []
            document = page.render(font_config=_fonts(), stylesheets=sheets, **options)
        except weasyprint.urls.FatalURLFetchingError as error:
            raise CaseworkError(f"This page was not printed: {error}") from error
    return LaidOut(document, options)


@cache
def load_weasyprint() -> Any:
    """WeasyPrint, imported when the first letter is made: it costs half a second and 60 MB."""
    try:
        import weasyprint
    except OSError as error:
        raise SettingsError(_PANGO_IS_MISSING) from error
    improve_tags()
    return weasyprint


def finish_pdf(document: Any, pdf: Any, *, archive: bool = True) -> None:
    """What WeasyPrint leaves undone, done before the file is written."""
    finish_tags(document, pdf)
    if archive:
        fit_for_archive(pdf)
    else:
        finish_forms(pdf)
    deflate(pdf)


def _options(weasyprint: Any, fillable: bool, attached: Sequence[Attached]) -> dict[str, Any]:
    if fillable:
        return _FILLABLE
    if not attached:
        return PAPER
    return {**_WITH_FILES, "attachments": [_attachment(weasyprint, one) for one in attached]}


def _attachment(weasyprint: Any, one: Attached) -> Any:
    at = datetime.combine(one.dated, time())
    return weasyprint.Attachment(
        file_obj=BytesIO(one.data), name=one.name, description=one.about, relationship=one.relation,
        created=at, modified=at,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _stylesheet(css: str) -> Any:
    """A parsed stylesheet: parsing takes a sixth of each letter."""
    return load_weasyprint().CSS(string=css, font_config=_fonts(), url_fetcher=_sealed_fetcher())


@cache
def _fonts() -> Any:
    """One font configuration for the whole process: a fresh one costs a third of each letter."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _sealed_fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Sealed(URLFetcher):
        """Opens what the page itself carries (`data:`) and nothing else, neither disk nor network."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.lower().startswith("data:"):
                raise FatalURLFetchingError(f"a letter may not fetch {url}")
            return super().fetch(url, headers)

    return Sealed()
