"""Roles, and what each may do. Silence means no. `docs/roles.md` says it in words."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the group."""

    ORGANISER = "organiser"
    CASEWORKER = "caseworker"
    VOLUNTEER = "volunteer"
    READER = "reader"


class Action(StrEnum):
    """A thing that a route lets somebody do. On a case it also needs a place on that case's team."""

    USE_DIRECTORY = "look up MPs"
    USE_RULES = "work out one date"
    CHECK_MEMBER = "say that an MP was checked"
    KEEP_MEMBERS = "keep what the group knows of MPs and their offices"
    OPEN_CASE = "open a case"
    VIEW_CASE = "see who a case is for, its letters and its supporters"
    READ_STORY = "read a person’s story"
    EDIT_CASE = "change a case"
    RECORD_VISIT = "record a surgery visit"
    RECORD_LETTER = "record a letter"
    RECORD_EVENT = "record what happened"
    RECORD_CONSENT = "record a form of authority"
    DRAFT_LETTER = "draft a letter"
    ISSUE_LETTER = "issue a letter"
    HAND_OVER_LETTERS = "hand letters over to an MP"
    KEEP_SUPPORTERS = "keep the list of supporters"
    EXPORT_SUPPORTERS = "take the list of supporters out"
    CHANGE_DEADLINE = "settle a deadline"
    CLOSE_CASE = "close a case"
    OPEN_CAMPAIGN_PAGE = "open a campaign page"
    MANAGE_TEAM = "say who works on a case"
    VIEW_TRAIL = "see who did and looked at what"
    MANAGE_PEOPLE = "manage accounts"
    MOVE_CASES = "hand cases over to another group"
    KEEP_BACKUPS = "make and keep backups"
    HAND_CASES_OVER = "take a case out, or bring one in"
    GIVE_COPY = "give the person a copy of everything"
    CHANGE_RULES = "change rules and bank holidays"
    CHANGE_LETTERS = "change the words of letters"
    CHANGE_LANGUAGES = "change translations"
    ERASE_CASE = "erase a case for good"
    SET_RETENTION = "say how long things are kept"
    KEEP_DIRECTORY = "keep the directory of MPs"
    OWN_ACCOUNT = "change your own account"
    LOCK_EVERYTHING = "lock everything at once"


_LOOKS = frozenset({Action.USE_DIRECTORY, Action.USE_RULES, Action.VIEW_CASE, Action.OWN_ACCOUNT})
_VOLUNTEER = _LOOKS | {
    Action.CHECK_MEMBER,
    Action.KEEP_MEMBERS,
    Action.OPEN_CASE,
    Action.RECORD_VISIT,
    Action.DRAFT_LETTER,
    Action.ISSUE_LETTER,
    Action.HAND_OVER_LETTERS,
    Action.KEEP_SUPPORTERS,
}
_CASEWORKER = _VOLUNTEER | {
    Action.READ_STORY,
    Action.EDIT_CASE,
    Action.RECORD_LETTER,
    Action.RECORD_EVENT,
    Action.RECORD_CONSENT,
    Action.EXPORT_SUPPORTERS,
    Action.CHANGE_DEADLINE,
    Action.CLOSE_CASE,
    Action.OPEN_CAMPAIGN_PAGE,
    Action.MANAGE_TEAM,
    Action.VIEW_TRAIL,
    Action.LOCK_EVERYTHING,
    Action.GIVE_COPY,
}

ACTIONS: dict[Role, frozenset[Action]] = {
    Role.READER: _LOOKS | {Action.READ_STORY},
    Role.VOLUNTEER: _VOLUNTEER,
    Role.CASEWORKER: _CASEWORKER,
    Role.ORGANISER: _CASEWORKER
    | {
        Action.MANAGE_PEOPLE,
        Action.MOVE_CASES,
        Action.CHANGE_RULES,
        Action.CHANGE_LETTERS,
        Action.CHANGE_LANGUAGES,
        Action.ERASE_CASE,
        Action.SET_RETENTION,
        Action.KEEP_DIRECTORY,
        Action.KEEP_BACKUPS,
        Action.HAND_CASES_OVER,
    },
}

# What changes for everybody on the machine: only people of the group that runs it may do it.
FOR_ALL_GROUPS = frozenset(
    {
        Action.CHANGE_RULES,
        Action.CHANGE_LANGUAGES,
        Action.KEEP_BACKUPS,
        Action.SET_RETENTION,
        Action.KEEP_DIRECTORY,
    }
)

ROLE_WORDS = {
    Role.ORGANISER: "Organiser: runs the group, adds people and puts them on cases.",
    Role.CASEWORKER: "Caseworker: everything on the cases they are on, with dates and who works on them.",
    Role.VOLUNTEER: "Volunteer: letters, supporters and visits of the cases they are on, but not the person’s story.",
    Role.READER: "Reader: reads the cases they are on, and changes nothing.",
}


def may(role: Role, action: Action) -> bool:
    """Whether this role carries this action."""
    return action in ACTIONS[role]
