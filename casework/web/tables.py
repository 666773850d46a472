"""Every list as a spreadsheet: the table of a page, read off that page, so that rows, columns and rights are the same.

A template writes `{{ as_spreadsheet() }}` before its table. That prints the link, and lets the same address hand the
table out as CSV. What is only pressed, what stands only on paper or only on the screen, and a column whose heading is
of the class `no-sheet`, is left out.
"""

from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, request
from flask_login import current_user
from markupsafe import Markup

from casework import clock
from casework.domain.safety.accounts import Action
from casework.services.case import cases
from casework.services.safe_csv import to_csv
from casework.services.safety import audit
from casework.storage.database import db
from casework.web.downloads import send_file_as
from casework.web.reading import known

ASKED, MARK = "sheet", "data-sheet"
WORDS = "As a spreadsheet (CSV)"
_LINK = Markup('<p class="no-print sheet-link"><a href="{}" {}="{}" download>{}</a></p>')
# What is pressed or folded is no part of a list; a line end within a cell becomes a semicolon.
_LEFT_OUT_TAGS = frozenset(
    {"form", "button", "select", "option", "label", "summary", "script", "svg", "caption"}
)
_LEFT_OUT_CLASSES = frozenset({"no-print", "on-paper"})
_WITHOUT_END = frozenset({"br", "input", "img", "hr", "wbr", "col", "meta", "link"})


def as_spreadsheet(needs: str = "") -> Markup:
    """The link by which the table that follows is handed out; nothing for whose role does not carry `needs`."""
    if not current_user.is_authenticated or (needs and not current_user.may(Action[needs])):
        return Markup()
    g.sheets = number = getattr(g, "sheets", 0) + 1
    # Put together by hand: some names in an address would mean something to `url_for`.
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != ASKED]
    asked = urlencode([*kept, (ASKED, str(number))])
    return _LINK.format(f"{quote(request.path)}?{asked}", MARK, number, known(WORDS))


def _hand_out(response: Response) -> Response:
    """The table that was asked for in place of its page, where the page offers it; it stands in the trail."""
    asked = request.args.get(ASKED, "")
    offered = {str(number + 1) for number in range(getattr(g, "sheets", 0))}
    if request.method != "GET" or asked not in offered or response.status_code != 200:
        return response
    table = _Table(asked)
    table.feed(response.get_data(as_text=True))
    headings, rows = table.content()
    if not headings:
        return response
    reference = (request.view_args or {}).get("reference")
    case = cases.get_case(reference, current_user) if reference else None
    audit.record("table taken out", current_user, case, page=request.endpoint, rows=len(rows))
    db.session.commit()
    return send_file_as(f"{request.blueprint}.csv", to_csv(headings, rows), "text/csv; charset=utf-8")


class _Table(HTMLParser):
    """Reads the first table after a link, cell by cell as it is seen."""

    def __init__(self, number: str) -> None:
        super().__init__(convert_charrefs=True)
        self._number = number
        self._state = "before"
        self._rows: list[tuple[bool, list[str]]] = []
        self._open: list[bool] = []  # whether each open element of a cell is left out
        self._skips_row = False
        self._span = 1
        self._to_press: set[int] = set()  # columns in which there is only something to press

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._state == "before":
            self._state = "found" if given.get(MARK) == self._number else "before"
        elif self._state == "found" and tag == "table":
            self._state = "inside"
        elif self._state == "inside":
            self._begin(tag, given)

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        hides = bool(_LEFT_OUT_CLASSES & set(given.get("class", "").split()))
        if tag in ("thead", "tbody"):
            return
        if tag == "tr":
            self._rows.append((True, []))
            self._skips_row, self._open = hides, []
        elif tag in ("td", "th"):
            is_head, cells = self._rows[-1]
            self._rows[-1] = (is_head and given.get("scope") in ("col", "colgroup"), cells)
            span = int(given["colspan"]) if given.get("colspan", "").isdecimal() else 1
            # A line over the whole width heads a part of the list, and is no row of it.
            self._skips_row = self._skips_row or span > 2
            if tag == "th" and "no-sheet" in given.get("class", "").split():
                self._to_press.add(len(cells))
            cells.append("")
            self._open, self._span = [hides], span
        elif tag == "br":
            self._add("; ")
        elif tag not in _WITHOUT_END:
            self._open.append(hides or tag in _LEFT_OUT_TAGS)
            if tag == "time" and given.get("datetime"):
                self._add(_as_day(given["datetime"]))
                self._open[-1] = True

    def handle_endtag(self, tag: str) -> None:
        if self._state != "inside" or tag in _WITHOUT_END:
            return
        if tag == "table":
            self._state = "after"
        elif tag == "tr" and self._skips_row:
            self._rows.pop()
        elif tag in ("td", "th"):
            self._rows[-1][1].extend([""] * (self._span - 1))
            self._open = []
        elif self._open and tag not in ("tr", "thead", "tbody"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._state == "inside":
            self._add(data)

    def _add(self, text: str) -> None:
        if self._open and not any(self._open) and self._rows[-1][1]:
            self._rows[-1][1][-1] += text

    def content(self) -> tuple[list[str], list[list[str]]]:
        """The headings and the rows, without columns in which nothing is said at all."""
        heads = [[_tidy(cell) for cell in cells] for is_head, cells in self._rows if is_head]
        rows = [[_tidy(cell) for cell in cells] for is_head, cells in self._rows if not is_head]
        headings = heads[-1] if heads else []
        kept = [
            at for at, words in enumerate(headings) if words or any(row[at : at + 1] != [""] for row in rows)
        ]
        return [headings[at] for at in kept], [
            [row[at] if at < len(row) else "" for at in kept] for row in rows
        ]


def _tidy(cell: str) -> str:
    return " ".join(cell.split()).replace(" ;", ";").strip("; ")


def _as_day(machine: str) -> str:
    """A day as spreadsheets know it, and an instant as London's clocks showed it."""
    if "T" not in machine:
        return machine
    return f"{datetime.fromisoformat(machine).astimezone(clock.LONDON):%Y-%m-%d %H:%M}"


def offer_tables(app: Flask) -> None:
    """Let pages offer their tables. What is handed out gets the closing headers of a file afterwards."""
    offered: dict[str, Any] = {"as_spreadsheet": as_spreadsheet}
    app.jinja_env.globals.update(offered)
    app.after_request(_hand_out)
