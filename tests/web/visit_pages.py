"""A program that visits pages and says what they made Python load: `python visit_pages.py FOLDER`."""

import sys
from pathlib import Path

from casework.app import create_app
from casework.services.letters.letters import draft_letter
from tests.conftest import settings_for
from tests.factories import detained_at, home, make_case, make_user, signed_in

HEAVY = ("weasyprint", "pikepdf", "pypdfium2")


def main(folder: str) -> None:
    """Visit the pages that make no PDF, then one that does; print for each whether it came, and what is loaded."""
    app = create_app(settings_for(Path(folder)))
    with app.app_context():
        organiser = make_user()
        case = make_case(organiser, home(), detained_at())
        letter = draft_letter(case, "form-of-authority", organiser)
        place = f"/cases/{case.reference}"
        pages = ["", "/who-can-act", "/letters", "/letters/new", f"/letters/{letter.id}"]
        browser, token = app.test_client(), signed_in(organiser)
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        for path in ("/cases", "/dates", "/trail", *(place + page for page in pages)):
            status = browser.get(path).status_code
            loaded = [name for name in HEAVY if name in sys.modules]
            sys.stdout.write(f"{status} {path.replace(place, '/case')} {' '.join(loaded)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
