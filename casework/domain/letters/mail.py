"""Mail addresses: what can be one."""

import re

LONGEST = 254
# Plain ASCII, one @, a dot after it: what every mail server takes, and nothing that could begin another header.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent to this."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
