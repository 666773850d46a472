"""The errors that a person can act on. Each message is a sentence; nothing else reaches a page."""


class CaseworkError(Exception):
    """A sentence for the person at the screen, and the field that caused it where there is one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(CaseworkError):
    """There is no such thing, or this person may not know whether there is."""


class NotAllowed(CaseworkError):
    """This person's role does not carry this action."""


class OutOfDate(CaseworkError):
    """Somebody else saved the same thing after this page was opened."""


class UnknownHolidays(CaseworkError):
    """The answer depends on bank holidays that are not published yet."""


class NoDate(CaseworkError):
    """The rule makes no date: none is set at all, or it stands in the notice itself. The message says which."""


class SettingsError(CaseworkError):
    """A setting is wrong, or a part that the program needs is missing. The message carries the mend."""
