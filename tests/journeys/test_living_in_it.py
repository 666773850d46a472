"""Two people and one case: a note with a name in it, the morning of whoever it names, what changed, and an undo."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casework.domain.safety.accounts import Role
from casework.services.case import cases
from tests.factories import home, make_case
from tests.journeys.conftest import Camera
from tests.journeys.test_nine_in_the_evening import an_account

pytestmark = pytest.mark.browser


def test_a_note_reaches_a_colleague_in_the_morning(
    app: object, visit: Callable[..., Page], camera: Camera
) -> None:
    ruth, mina = an_account("Ruth Ellery", Role.ORGANISER), an_account("Mina Castellan", Role.CASEWORKER)
    case = make_case(ruth, home(), name="Samira")
    cases.add_to_team(case, mina.id, ruth)
    theirs = visit(360, of=mina, at="/today")
    hers = visit(script=True, of=ruth, at=f"/cases/{case.reference}/notes/new")
    hers.get_by_label("Note", exact=True).fill("@Minna can you ring the hall?")
    hers.get_by_role("button", name="Save the note").click()
    expect(hers.get_by_role("alert")).to_contain_text("Nobody who may read this is called “Minna”")
    hers.get_by_label("Note", exact=True).fill("@Mina can you ring the hall?")
    hers.get_by_role("button", name="Save the note").click()
    # The page begins at the note, so a script says aloud what stands above it.
    expect(hers.locator("body > [role=status]")).to_have_text("The note is saved.")

    theirs.goto("/today")
    expect(theirs.locator("main")).to_contain_text("can you ring the hall?")
    expect(theirs.locator("main")).to_contain_text("Ruth Ellery added a note.")
    camera.look(theirs, "morning")
    theirs.get_by_role("link", name="a note from Ruth Ellery").click()
    theirs.get_by_role("link", name="Answer this note").click()
    expect(theirs.get_by_label("Ruth Ellery, or type @Ruth")).to_be_checked()
    theirs.get_by_label("Note", exact=True).fill("Done: Friday at six.")
    theirs.get_by_role("button", name="Save the note").click()
    theirs.goto("/today")
    expect(theirs.get_by_role("heading", name="For you")).to_have_count(0)

    hers.goto(f"/cases/{case.reference}")
    expect(hers.get_by_role("region", name="Since you were last here")).to_contain_text(
        "Mina Castellan added a note."
    )
    camera.look(hers, "since-last-here")
    hers.get_by_role("button", name="Mark what changed in this case as read").click()
    expect(hers.get_by_role("region", name="Since you were last here")).to_have_count(0)
    hers.goto(f"/cases/{case.reference}/notes")
    hers.get_by_role("button", name="Delete the note of Mina Castellan").click()
    expect(hers.get_by_text("Done: Friday at six.")).to_have_count(0)
    hers.get_by_role("button", name="Undo").click()
    expect(hers.get_by_text("Done: Friday at six.")).to_be_visible()
    camera.look(hers, "notes")
