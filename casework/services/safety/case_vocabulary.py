"""The words that columns of a case may hold: what a file from elsewhere says has to be among them."""

from collections.abc import Collection, Mapping
from typing import Any

from casework.domain.campaign.batches import BatchState, LetterState, Order
from casework.domain.campaign.calls import Outcome as CallOutcome
from casework.domain.campaign.ladder import RUNGS, Said
from casework.domain.campaign.messages import Kind as MessageKind
from casework.domain.campaign.messages import Means, ToWhom
from casework.domain.campaign.plans import PARTS, DayKind
from casework.domain.campaign.signing import ON_CARD
from casework.domain.campaign.supporter_imports import ImportState, RowState
from casework.domain.campaign.supporters import JOINED, OFFERS
from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.case.intake import FINDINGS
from casework.domain.case.places import PlaceKind
from casework.domain.consent.campaign_consent import HOW_GIVEN as CAMPAIGN_HOW
from casework.domain.consent.campaign_consent import ORDERS, RISKS
from casework.domain.consent.consent import HOW_GIVEN, SCOPE, WITHHELD
from casework.domain.consent.need_to_know import Hidden
from casework.domain.consent.publicity import Audience, Level
from casework.domain.consent.publicity import Kind as Fact
from casework.domain.letters.correspondence import RECEIVED_HOW, Remedy, ResponseKind
from casework.domain.letters.correspondence import Kind as PaperKind
from casework.domain.letters.go_bags import FOR_WHOM, Ended
from casework.domain.letters.letter_life import READ_BY, SENT_HOW
from casework.domain.letters.packs import PackKind
from casework.domain.parliament.answers import Finality, Found, Signer, Will
from casework.domain.parliament.surgeries import Outcome
from casework.domain.timing.deadline_rules import Kind as DateKind
from casework.domain.timing.deadline_rules import OwedBy, WaitingFor
from casework.domain.timing.events import HAPPENINGS
from casework.domain.timing.removals import STEP_KINDS, Carriage, Ending
from casework.domain.timing.settling import SettledAs, StatedFrom
from casework.services.letters.scans import ENDINGS

MAY_BE_HIDDEN = (
    *("case_places", "case_notes", "correspondence", "surgery_visits", "follow_ups"),
    *("answer_maps", "answer_questions", "signing_plans"),
)
FACTS, SCANS = frozenset(Fact), frozenset(ENDINGS)
ONE_OF: dict[str, Collection[Any]] = {
    "answer_maps.finality": frozenset(Finality),
    "answer_maps.signed_by": frozenset(Signer),
    "answer_maps.will": frozenset(Will),
    "answer_questions.found": frozenset(Found),
    "authorities.how_given": HOW_GIVEN,
    "authorities.scan_type": SCANS,
    "batch_letters.state": frozenset(LetterState),
    "batches.order_by": frozenset(Order),
    "batches.state": frozenset(BatchState),
    "calls.outcome": frozenset(CallOutcome),
    "campaign_consents.anonymity_order": ORDERS,
    "campaign_consents.how_given": CAMPAIGN_HOW,
    "campaign_consents.level": frozenset(Level),
    "campaign_consents.scan_type": SCANS,
    "campaign_pages.told": FACTS,
    "case_events.name": HAPPENINGS,
    "case_needs.what": OFFERS,
    "case_places.kind": frozenset(PlaceKind),
    "case_references.kind": REFERENCE_KINDS,
    "correspondence.kind": frozenset(PaperKind),
    "correspondence.received_how": RECEIVED_HOW,
    "correspondence.response_kind": frozenset(ResponseKind) | frozenset(Remedy),
    "correspondence.scan_type": SCANS,
    **{f"{table}.hidden": frozenset(Hidden) for table in MAY_BE_HIDDEN},
    "deadlines.kind": frozenset(DateKind),
    "deadlines.owed_by": frozenset(OwedBy),
    "deadlines.proof_type": SCANS,
    "deadlines.settled_as": frozenset(SettledAs),
    "deadlines.stated_from": frozenset(StatedFrom),
    "deadlines.waiting_for": frozenset(WaitingFor),
    "go_bags.audience": frozenset(FOR_WHOM),
    "go_bags.ended_as": frozenset(Ended),
    "import_rows.state": frozenset(RowState),
    "letter_readings.who": READ_BY,
    "letters.sent_how": SENT_HOW,
    "need_answers.said": frozenset(Said),
    "messages.audience": frozenset(Audience),
    "messages.kind": frozenset(MessageKind),
    "messages.level": frozenset(Level),
    "messages.means": frozenset(Means),
    "messages.to_whom": frozenset(ToWhom),
    "packs.audience": frozenset(Audience),
    "packs.kind": frozenset(PackKind),
    "plan_days.kind": frozenset(DayKind),
    "plan_parts.part": PARTS,
    "removal_steps.key": STEP_KINDS,
    "removals.carriage": frozenset(Carriage),
    "removals.ended_as": frozenset(Ending),
    "sign_ups.joined_how": JOINED,
    "supporter_acts.what": RUNGS,
    "to_find_out.what": FINDINGS,
    "supporter_imports.state": frozenset(ImportState),
    "surgery_visits.outcome": frozenset(Outcome),
}
SOME_OF: dict[str, Collection[Any]] = {
    "authorities.scope": SCOPE,
    "authorities.withheld": WITHHELD,
    "batches.told": FACTS,
    "campaign_consents.items": FACTS,
    "campaign_consents.risks": RISKS,
    "go_bags.told": FACTS,
    "messages.told": FACTS,
    "packs.left_out": FACTS,
    "packs.told": FACTS,
    "sign_ups.offers": OFFERS,
    "signing_plans.on_card": ON_CARD,
    "sign_ups.reached_by": frozenset(Means),
}


def strange_words(rows: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """The columns in which these rows hold a word that the program does not know."""
    found = []
    for column, known in (ONE_OF | SOME_OF).items():
        table, _, name = column.partition(".")
        for row in rows.get(table, ()):
            value = row.get(name)
            words = value if column in SOME_OF else [value]
            if value is not None and not _all_known(words, known):
                found.append(column)
                break
    return found


def _all_known(words: Any, known: Collection[Any]) -> bool:
    return isinstance(words, list) and all(isinstance(one, str | int) and one in known for one in words)
