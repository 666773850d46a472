"""Paper: HTML in, PDF bytes out, and pictures of the pages. Nothing here is fetched from anywhere."""

import threading
from functools import cache
from typing import Any

from casework.domain.errors import CaseworkError, SettingsError

_PANGO_IS_MISSING = (
    "Letters cannot be made yet: this machine lacks Pango, which draws the text. Put it in with: "
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core"
)
_one_at_a_time = threading.Lock()  # Pango and fontconfig may not be entered by two threads at once


def make_pdf(html: str) -> bytes:
    """The PDF of a whole HTML page: tagged (PDF/UA-1), with the page's own title and language.

    The same HTML gives the same bytes, so a stored SHA-256 means something.
    Raises SettingsError when Pango is missing, and CaseworkError when the page asks for anything but `data:`.
    """
    weasyprint = _weasyprint()
    with _one_at_a_time:
        try:
            page = weasyprint.HTML(string=html, url_fetcher=_sealed_fetcher(), media_type="print")
            written = page.write_pdf(font_config=_fonts(), pdf_variant="pdf/ua-1", pdf_tags=True)
        except weasyprint.urls.FatalURLFetchingError as error:
            raise CaseworkError(f"This page was not printed: {error}") from error
    return bytes(written)


@cache
def _weasyprint() -> Any:
    """WeasyPrint, imported when the first letter is made: it costs half a second and 60 MB."""
    try:
        import weasyprint
    except OSError as error:
        raise SettingsError(_PANGO_IS_MISSING) from error
    return weasyprint


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
