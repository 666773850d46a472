"""All that there is to translate on the pages: gathered from the templates and the code themselves.

`casework words` prints it as `letters/languages/pages/texts.pot`, and a test asks whether that is what it should be.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

from casework.domain.language.languages import Language, Text
from casework.pdf import catalogues
from casework.reference import glossary
from casework.reference.rule_book import rule_book
from casework.settings import resource_dir
from casework.web.language import words_of_code
from casework.web.language.marking import Marker
from casework.web.language.sentence_parts import Message

_JINJA = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
PACKAGE = Path(__file__).parents[2]
FLOORS = ("domain", "services", "web")
# Which file is on which of the pages for a translator; the rest are the group's rooms.
AREAS = {
    "page-supporters": (
        "templates/campaign_letters", "templates/stop", "templates/stall/_base", "templates/stall/show",
        "templates/stall/done", "templates/ladder/_next", "templates/macros/campaign_letters",
        "templates/macros/alike", "templates/macros/members", "web/campaign_letters", "web/stop", "domain/own_words",
        "domain/ladder", "domain/alike", "domain/campaign_pages", "services/campaign_letters",
        "services/campaign_members", "services/campaign_pages", "services/finding_members", "web/stall",
    ),
    "page-person": (
        "templates/own_view/read", "templates/own_view/_view", "services/own_view", "services/went_out",
        "domain/own_view", "domain/disclosure",
    ),
    "page-frame": (
        "templates/base", "templates/errors", "templates/macros/forms", "templates/macros/cases",
        "templates/macros/languages", "templates/accounts/sign_in", "web/errors", "web/rooms",
        "web/forms", "web/fields", "web/accounts", "web/account_forms", "web/signed_out", "web/undo",
        "web/filters", "web/reading", "services/tries", "services/one_time_links", "services/passwords",
        "domain/accounts", "domain/errors", "domain/sign_in",
    ),
}  # fmt: skip
# What is in English on purpose, or is no page: letters, papers, files for machines, the trail, and what reads words.
ENGLISH = (
    "services/letter_values", "domain/letter_values", "domain/letter_readers", "services/case_file",
    "services/calendar_files", "services/board_sql", "services/audit", "services/mail", "services/safe_csv",
    "services/case_exports", "services/case_adding", "services/case_imports", "services/group_letters",
    "domain/pronouns", "domain/scripts", "web/headers", "web/docs_as_pages", "web/words_of_code",
    "web/words_found", "web/mark", "web/sentence_", "web/template_reading", "web/names_of_words",
)  # fmt: skip


# The name of its tag is a value, and so is all that stands in it.
NO_WORDS_OF_ITS_OWN = ("templates/macros/languages.html",)
# Words alone, which the code does not tell from keys: said of nothing known, and of the days of a count.
ALSO = ("never", "not known", "town", "nothing", "aim", "last", "by", "ends", "from", "served")


def page_texts() -> list[Text]:
    """Every English text of the pages, with the pages on which it stands: those for anybody first."""
    found: dict[str, Text] = {}
    for area, message in sorted(_messages(), key=lambda one: _rank(one[0])):
        old = found.get(message.english)
        if old is None:
            found[message.english] = Text(message.english, (area,), several=message.several)
        elif area not in old.papers:
            found[message.english] = Text(
                old.english, (*old.papers, area), several=old.several or message.several
            )
    return list(found.values())


def as_pot() -> str:
    """The same as a file for translators."""
    return catalogues.as_po(Language("", "", "", ""), page_texts())


def _rank(area: str) -> int:
    return [*AREAS, "page-rooms"].index(area)


def _messages() -> Iterator[tuple[str, Message]]:
    templates = resource_dir("templates")
    for file in sorted(templates.rglob("*.html")):
        name = f"templates/{file.relative_to(templates).as_posix()}"
        found, unmarked = read_template(file.read_text("utf-8"))
        if unmarked and name not in NO_WORDS_OF_ITS_OWN:
            raise ValueError(f"{name}: {unmarked[0]}. It would stay in English: write it in another way.")
        yield from ((area_of(name), message) for message in found)
    yield from (("page-frame", Message(one)) for one in ALSO)
    for name, file in _code():
        yield from ((area_of(name), message) for message in words_of_code.messages_of(file))
    yield from (("page-rooms", Message(one)) for one in _of_files())


def _code() -> Iterator[tuple[str, Path]]:
    for floor in FLOORS:
        for file in sorted((PACKAGE / floor).rglob("*.py")):
            if not (name := f"{floor}/{file.stem}").startswith(ENGLISH):
                yield name, file


def _of_files() -> Iterator[str]:
    """Our own words in the files of facts: what dates, letters and words of the field are called, and are about."""
    for rule in rule_book().rules.values():
        yield from (rule.name, rule.in_short, rule.trigger, *(one.label for one in rule.variants.values()))
    letters = tomllib.loads((resource_dir("letters") / "index.toml").read_text("utf-8"))["letters"]
    for letter in letters.values():
        yield from (letter["title"], letter["purpose"])
    for term in glossary.terms():
        yield from (term.name, term.says)


def area_of(name: str) -> str:
    """On which of the pages for a translator a file stands."""
    exact = name.removesuffix(".html")
    for area, files in AREAS.items():
        if any(
            exact == one or (one.startswith("templates/") and exact.startswith(f"{one}/")) for one in files
        ):
            return area
    return "page-rooms"


def read_template(source: str) -> tuple[list[Message], list[str]]:
    """The messages of one template, as marking finds them, and why a part of it cannot be marked."""
    marker = Marker()
    marker.mark(_JINJA.parse(source))
    return marker.found, marker.untidy
