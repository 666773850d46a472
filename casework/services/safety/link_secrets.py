"""The secrets in addresses that let somebody in without a password: only a hash of each is kept."""

from hashlib import sha256


def hash_of(token: str) -> str:
    """What is kept of a secret, and found again by: it is long and drawn by lot, so one round is enough."""
    return sha256(token.encode()).hexdigest()
