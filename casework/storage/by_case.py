"""The rows of several cases, asked for at once."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select

from casework.storage.database import db

NOTHING_SPECIAL: Mapping[str, Any] = {}


def by_case(query: Select[Any], options: Mapping[str, Any] = NOTHING_SPECIAL) -> dict[int, list[Any]]:
    """What this query finds, by the number of its case and in the query's order; an empty list for every other case."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.scalars(query, execution_options=options):
        found[row.case_id].append(row)
    return found
