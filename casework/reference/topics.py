"""The words by which a text is noticed to speak of something that may have to stay private."""

import tomllib
from functools import cache
from pathlib import Path

from casework.domain.consent.publicity import Kind
from casework.domain.errors import SettingsError
from casework.domain.letters.disclosure import Topic
from casework.reference.fields import Fields

FILE = Path(__file__).parent / "topics.toml"


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic. Raises SettingsError that names the one that cannot be read."""
    found = []
    for key, table in tomllib.loads(FILE.read_text("utf-8")).items():
        fields = Fields(f"topics.toml, topic {key}", table, ("words",))
        if key not in tuple(Kind):
            raise SettingsError(f"topics.toml: {key!r} is no kind of fact.")
        found.append(Topic(Kind(key), fields.words("words")))
    return tuple(found)
