"""Pages for anybody, signed in or not: how a view says that it is one, and which they are."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "anybody"


def public(view: View) -> View:
    """Let in anybody, signed in or not."""
    view.allows = PUBLIC  # type: ignore[attr-defined]
    return view


def is_public(endpoint: str) -> bool:
    """Whether the page of this name is for anybody; one that is not there is for nobody."""
    return getattr(current_app.view_functions.get(endpoint), "allows", None) == PUBLIC
