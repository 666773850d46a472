"""The crawl of `script/fuzz forms`: as in the tests, but often, with other words at each turn, until time is up."""

import os
import sys
from time import monotonic

from flask import Flask

from tests.fuzz.house import House
from tests.fuzz.test_forms import SLOW, crawl_of, full  # noqa: F401 full is the fixture


def test_hours_of_hostile_words_break_no_page(full: tuple[Flask, House]) -> None:  # noqa: F811
    app, house = full
    until, turn, sent, faults = monotonic() + float(os.environ.get("FUZZ_SECONDS", "60")), 0, 0, []
    while monotonic() < until and not faults:
        turn += 1
        for user_id, begin in ((None, house.public), (house.organiser, house.inside)):
            crawl = crawl_of(app, user_id, turn)
            crawl.times_a_page = 5
            crawl.walk(*begin)
            crawl.ask_queries(4)
            crawl.ask_paths(3)
            crawl.invent_forms()
            crawl.submit_all(8, dict.fromkeys(SLOW, 2), until)
            crawl.look_again()
            sent, faults = sent + crawl.number, [*faults, *crawl.faults]
            sys.stdout.write(f"turn {turn}: {sent} requests, {dict(crawl.answers)}\n")
            sys.stdout.flush()
    assert not faults, "\n".join(faults)
