"""Roles, and what each may do. Silence means no."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the group."""

    ORGANISER = "organiser"
    CASEWORKER = "caseworker"
    VOLUNTEER = "volunteer"


class Action(StrEnum):
    """A thing that a route lets somebody do. On a case it also needs a place on that case's team."""

    USE_DIRECTORY = "look up MPs"
    USE_RULES = "work out one date"
    OPEN_CASE = "open a case"
    VIEW_CASE = "see a case"
    EDIT_CASE = "change a case"
    RECORD_VISIT = "record a surgery visit"
    RECORD_LETTER = "record a letter"
    RECORD_EVENT = "record what happened"
    RECORD_CONSENT = "record a form of authority"
    DRAFT_LETTER = "draft a letter"
    ISSUE_LETTER = "issue a letter"
    KEEP_SUPPORTERS = "keep the list of supporters"
    EXPORT_SUPPORTERS = "take the list of supporters out"
    CHANGE_DEADLINE = "settle a deadline"
    CLOSE_CASE = "close a case"
    OPEN_CAMPAIGN_PAGE = "open a campaign page"
    MANAGE_TEAM = "say who works on a case"
    VIEW_TRAIL = "see who did and looked at what"
    MANAGE_PEOPLE = "manage accounts"
    KEEP_BACKUPS = "make and keep backups"
    HAND_CASES_OVER = "take a case out, or bring one in"
    GIVE_COPY = "give the person a copy of everything"
    CHANGE_RULES = "change rules and bank holidays"
    CHANGE_LETTERS = "change the words of letters"
    CHANGE_LANGUAGES = "change translations"
    OWN_ACCOUNT = "change your own account"


_EVERYBODY = frozenset(
    {
        Action.USE_DIRECTORY,
        Action.USE_RULES,
        Action.OPEN_CASE,
        Action.VIEW_CASE,
        Action.EDIT_CASE,
        Action.RECORD_VISIT,
        Action.RECORD_LETTER,
        Action.RECORD_EVENT,
        Action.RECORD_CONSENT,
        Action.DRAFT_LETTER,
        Action.ISSUE_LETTER,
        Action.KEEP_SUPPORTERS,
        Action.OWN_ACCOUNT,
    }
)
_CASEWORKER = _EVERYBODY | {
    Action.EXPORT_SUPPORTERS,
    Action.CHANGE_DEADLINE,
    Action.CLOSE_CASE,
    Action.OPEN_CAMPAIGN_PAGE,
    Action.MANAGE_TEAM,
    Action.VIEW_TRAIL,
    Action.GIVE_COPY,
}

ACTIONS: dict[Role, frozenset[Action]] = {
    Role.VOLUNTEER: _EVERYBODY,
    Role.CASEWORKER: _CASEWORKER,
    Role.ORGANISER: _CASEWORKER
    | {
        Action.MANAGE_PEOPLE,
        Action.CHANGE_RULES,
        Action.CHANGE_LETTERS,
        Action.CHANGE_LANGUAGES,
        Action.KEEP_BACKUPS,
        Action.HAND_CASES_OVER,
    },
}

ROLE_WORDS = {
    Role.ORGANISER: "Organiser: runs the group, adds people and puts them on cases.",
    Role.CASEWORKER: "Caseworker: everything on the cases they are on, with dates and who works on them.",
    Role.VOLUNTEER: "Volunteer: opens cases, visits and writes letters on the cases they are on.",
}


def may(role: Role, action: Action) -> bool:
    """Whether this role carries this action."""
    return action in ACTIONS[role]
