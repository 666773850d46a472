"""Every room of the house, by the noun on its door."""

from flask import Flask, request
from flask_login import current_user

from casework import clock
from casework.domain.safety.accounts import Action
from casework.services.parliament.directory import constituency_name, directory
from casework.services.safety import groups
from casework.services.safety.sessions import seconds_left
from casework.services.timing.digest import mail_is_offered
from casework.storage.instance import current_instance
from casework.web import home, stall
from casework.web.campaign import (
    alike,
    batches,
    call_rounds,
    campaign_letters,
    campaign_pages,
    imports,
    ladder,
    messages,
    needs,
    own_words,
    plans,
    reach,
    signing,
    stop,
    supporters,
)
from casework.web.case import (
    cases,
    finding_out,
    first_hour,
    hands,
    intake,
    notes,
    recent_items,
    search,
    shortcuts,
    since,
    task_owners,
)
from casework.web.consent import campaign_consent, consent, need_to_know, own_view, subject_access
from casework.web.headers import version_of_style
from casework.web.language import glossary, languages, tour
from casework.web.letters import correspondence, go_bags, letter_life, letter_wordings, letters, packs
from casework.web.parliament import (
    answers,
    directory_updates,
    finding_members,
    meeting_plans,
    member_notes,
    members,
    next_contacts,
    offices,
    response_times,
    surgeries,
    visit_logs,
)
from casework.web.safety import (
    accounts,
    audit,
    backups,
    bins,
    case_exports,
    group_papers,
    handing_over,
    locking,
    passkeys,
    retention,
    second_factors,
    sessions,
)
from casework.web.timing import board, changes, deadlines, digest, events, feeds, one_date, removals, rules

ROOMS = (
    home,
    cases,
    notes,
    since,
    intake,
    first_hour,
    finding_out,
    task_owners,
    accounts,
    second_factors,
    passkeys,
    sessions,
    audit,
    board,
    hands,
    deadlines,
    changes,
    correspondence,
    answers,
    response_times,
    surgeries,
    consent,
    letters,
    letter_life,
    members,
    directory_updates,
    member_notes,
    offices,
    finding_members,
    meeting_plans,
    feeds,
    removals,
    one_date,
    rules,
    glossary,
    tour,
    group_papers,
    digest,
    events,
    campaign_consent,
    letter_wordings,
    own_view,
    languages,
    packs,
    go_bags,
    visit_logs,
    supporters,
    batches,
    imports,
    reach,
    stall,
    stop,
    own_words,
    alike,
    campaign_pages,
    campaign_letters,
    need_to_know,
    handing_over,
    locking,
    bins,
    retention,
    backups,
    case_exports,
    subject_access,
    ladder,
    needs,
    plans,
    signing,
    next_contacts,
    messages,
    call_rounds,
    search,
    recent_items,
    shortcuts,
)

NOTICE = (
    "This is general information and a reminder of dates. It is not legal advice. Dates can be wrong or change. "
    "Show them to a solicitor or an adviser registered with the Immigration Advice Authority. "
    "Only they may advise you on your case."
)


# What the top of every page leads to, besides the cases and one's own page.
NAVIGATION = (
    ("digest.index", "Today", ("digest", "since")),
    ("board.index", "Dates", ("board", "deadlines", "hands")),
    ("members.index", "MPs", ("members", "member_notes", "offices", "finding_members", "meeting_plans")),
    ("one_date.index", "One date", ("one_date",)),
)

# What one's own page leads to, for those whose role carries it.
ACCOUNT_LINKS = (
    ("accounts.change_password", "Change your password", Action.OWN_ACCOUNT),
    ("second_factors.index", "Second factor", Action.OWN_ACCOUNT),
    ("sessions.index", "Where you are signed in", Action.OWN_ACCOUNT),
    ("shortcuts.index", "Single keys", Action.OWN_ACCOUNT),
    ("home.language", "Your language", Action.OWN_ACCOUNT),
    ("feeds.own", "Dates in your calendar", Action.OWN_ACCOUNT),
    ("digest.mail", "A mail in the morning", Action.OWN_ACCOUNT),
    ("group_papers.index", "Papers for your group", Action.OWN_ACCOUNT),
    ("accounts.people", "People", Action.MANAGE_PEOPLE),
    ("handing_over.offered", "Cases offered to us", Action.MOVE_CASES),
    ("audit.index", "The trail", Action.VIEW_TRAIL),
    ("bins.index", "The bin", Action.CLOSE_CASE),
    ("retention.index", "How long we keep things", Action.SET_RETENTION),
    ("backups.index", "Backups", Action.KEEP_BACKUPS),
    ("directory_updates.index", "The directory of MPs", Action.KEEP_DIRECTORY),
    ("case_exports.bring_in", "Bring a case in", Action.HAND_CASES_OVER),
    ("changes.index", "Changes of rules and bank holidays", Action.USE_RULES),
    ("letter_wordings.index", "The words of our letters", Action.CHANGE_LETTERS),
    ("languages.index", "Languages of the papers", Action.VIEW_CASE),
)


def open_rooms(app: Flask) -> None:
    """Open every room, and give every page what its frame prints."""
    for room in ROOMS:
        app.register_blueprint(room.bp)

    style_version = version_of_style(app)

    @app.context_processor
    def frame() -> dict[str, object]:
        # A group’s name may be the person’s: strangers see it only as far as that was agreed to.
        is_public = request.blueprint == "campaign_letters"
        return {
            "group_name": "" if is_public else groups.name_now(),
            "notice": NOTICE,
            "keys": shortcuts.as_data() if current_user.is_authenticated and current_user.uses_keys else [],
            "may_lock": current_user.is_authenticated and current_user.may(Action.LOCK_EVERYTHING),
            "seconds_left": seconds_left,
            "quick_exit_url": current_instance().settings.quick_exit_url,
            "today": clock.today(),
            "style_version": style_version,
            "account_links": [
                door for door in ACCOUNT_LINKS if door[0] != "digest.mail" or mail_is_offered()
            ],
            "constituency_name": constituency_name,
            "directory_release": directory().release,
            "rooms_in_nav": [door for door in NAVIGATION if door[0] in app.view_functions],
        }
