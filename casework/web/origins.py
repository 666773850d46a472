"""Forms are taken from pages of this house alone: what another site has a browser send is refused before it is read.

The browser says by itself where a request comes from, and no script can say otherwise. Where an old browser is silent
the token in each form has to do.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from casework.storage.instance import current_instance

READ_ONLY = ("GET", "HEAD", "OPTIONS")


def comes_from_elsewhere() -> bool:
    """Whether a page of another site made the browser send this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    # Our own pages send no referrer, and browsers then call the origin of their forms "null".
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return False
    ours = {request.host, urlsplit(current_instance().settings.base_url).netloc}
    return urlsplit(origin).netloc not in ours


def refuse_other_sites(app: Flask) -> None:
    """Look at every request that may change something. Call it before the tokens of forms are looked at."""

    @app.before_request
    def look() -> None:
        if request.method not in READ_ONLY and comes_from_elsewhere():
            abort(403)
