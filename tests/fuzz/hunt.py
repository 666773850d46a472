"""Knocks at one door with what atheris thinks up: `script/fuzz NAME SECONDS` starts it. Not a test of the suite.

What broke a door is written under the name that the options give. atheris sees which lines of Python a knock came
through; PDFium, Pillow and calamine are compiled, and are only knocked at.
"""

import sys
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from types import FunctionType

import atheris

from casework.app import create_app
from casework.settings import load_settings
from tests.fuzz.doors import DOORS, seeds

# What stands behind each door. To watch the whole program would take a minute to load, and lead astray.
BEHIND = {
    "postcode": ["casework.domain.case.postcodes", "casework.reference.directory"],
    "sheet": [
        *(f"casework.services.campaign.{name}" for name in ("sheet_files", "sheet_text", "sheet_books")),
        *(f"casework.domain.campaign.{name}" for name in ("sheet_columns", "sheet_cells", "supporter_sheets")),
        *("casework.services.safe_csv", "casework.services.case.contact_details", "zipfile"),
    ],
    "scan": ["casework.services.letters.scans", "PIL.PngImagePlugin", "PIL.JpegImagePlugin", "PIL.WebPImagePlugin"],
    "wording": ["casework.pdf.letter_words", "casework.pdf.letter_shapes", "casework.pdf.wordings", "jinja2"],
    "letter_folder": ["casework.pdf.wordings", "casework.pdf.letter_index", "casework.pdf.letter_words", "tomllib"],
    "settings_file": ["casework.settings", "tomllib"],
    "environment": ["casework.settings"],
    "rule_changes": ["casework.reference.rule_changes", "casework.reference.rule_reader", "tomllib"],
    "language_file": ["casework.pdf.catalogues", "casework.services.language.languages", "polib", "csv"],
    "language_folder": ["casework.pdf.catalogues", "polib"],
    "deadline": ["casework.commands.deadline", "casework.services.timing.one_date", "casework.domain", "click"],
    "lookup": ["casework.commands.directory", "casework.domain.case.postcodes"],
    "parliament": ["casework.reference.parliament.reading", "casework.reference.parliament.holidays"],
    "directory_update": ["casework.reference.directory.updates"],
    "contacts": ["casework.domain.timing.vcards"],
    "cookie": ["casework.web.cookies", "casework.web.kept_words", "cryptography.fernet", "itsdangerous"],
    "calendar": ["casework.services.timing.calendar_files", "casework.domain.timing.feeds", "icalendar"],
}  # fmt: skip


def watch(names: list[str]) -> None:
    """Let atheris see every function of these modules, and of what lies under them."""
    for name in names:
        import_module(name)
    for told, module in list(sys.modules.items()):
        if not any(told == name or told.startswith(f"{name}.") for name in names):
            continue
        for thing in list(vars(module).values()):
            for one in vars(thing).values() if isinstance(thing, type) else (thing,):
                if isinstance(one, FunctionType) and one.__module__ == told:
                    atheris.instrument_func(one)


def main(name: str, *options: str) -> None:
    """Hunt at one door until libFuzzer's options say that it is enough."""
    app = create_app(load_settings({}, instance=Path(mkdtemp(prefix="casework-fuzz-"))))
    corpus = Path(mkdtemp(prefix=f"casework-fuzz-{name}-"))
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    watch(["tests.fuzz.doors", *BEHIND[name]])
    with app.app_context():
        atheris.Setup([sys.argv[0], *options, str(corpus)], DOORS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
