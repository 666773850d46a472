"""A value of a row as JSON has it, and back: what the bin and the file of a case are written in."""

from base64 import b64decode, b64encode
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Date, LargeBinary

from casework.storage.database import Instant


def written(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return b64encode(value).decode()
    return value


def read(column: Column[Any], value: Any) -> Any:
    """The value of this column that we wrote. Of what others wrote `case_exports.read_value` looks at every part."""
    if value is None:
        return None
    match column.type:
        case Instant():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case LargeBinary():
            return b64decode(value)
    return value
