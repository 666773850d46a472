"""What can happen in a case and start or end dates: the words for it, the day that is meant, what it means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEFT_UK, CAME_BACK = "departure", "came_back"
DETAINED, TRANSFERRED, RELEASED = "detention_started", "transfer", "release"


class Group(StrEnum):
    """Under which heading a page lists what happened."""

    DECISION = "Decisions and applications"
    DETENTION = "Detention and bail"
    REMOVAL = "Removal, and leaving the UK"
    TRIBUNAL = "Appeals: the First-tier Tribunal"
    COURTS = "Appeals: the Upper Tribunal and the courts above it"
    JUDICIAL_REVIEW = "Judicial review"
    REQUESTS = "MPs, requests and complaints"
    TRAFFICKING = "Trafficking"
    SUPPORT = "Asylum support"


class KeptAs(StrEnum):
    """Where it is recorded: most on a page of their own, the others with the thing that tells of them."""

    EVENT = "event"
    LETTER = "letter"
    VISIT = "visit"
    PLACE = "place"


@dataclass(frozen=True)
class Happening:
    """Something that can happen. `words` say it as a sentence, `day` asks for its day.

    `notice`: it comes as a notice, so that the days on which it was sent and received are asked for instead.
    `frees`: whoever was held is held no longer.
    """

    name: str
    group: Group
    words: str
    day: str = "On which day?"
    hint: str = ""
    notice: bool = False
    frees: bool = False
    kept_as: KeptAs = KeptAs.EVENT


def _of(group: Group, *happenings: tuple[str, str, dict[str, object]]) -> list[Happening]:
    return [Happening(name, group, words, **more) for name, words, more in happenings]  # type: ignore[arg-type]


_NOTICE: dict[str, object] = {"notice": True}
_LETTER: dict[str, object] = {"kept_as": KeptAs.LETTER}
_RECEIVED: dict[str, object] = {"day": "On which day did they get it?"}
_MADE: dict[str, object] = {"day": "The date of the decision"}

_ALL = (
    *_of(
        Group.DECISION,
        ("decision_sent", "The Home Office sent a decision that can be appealed", _LETTER),
        ("decision_received", "A decision that can be reviewed arrived", _LETTER),
        ("decision_received_in_detention", "A decision that can be reviewed arrived in detention", _LETTER),
        ("decision_received_abroad", "A decision arrived abroad", _LETTER),
        ("decision_made", "The Home Office took a decision that leaves no appeal and no review", _LETTER),
        ("review_asked", "An administrative review was asked for", {}),
        (
            "review_decided",
            "The answer to an administrative review came",
            _NOTICE | {"hint": "In a case under the EU Settlement Scheme it starts time for an appeal."},
        ),
        ("deportation_notice", "A notice of a decision to deport came (stage 1)", _NOTICE),
        ("deportation_answered", "The answer to that notice was sent", {}),
        ("s120_given", "A one-stop notice (section 120) came", {}),
        ("s120_answered", "The statement that it asks for was sent", {}),
        (
            "questionnaire_sent",
            "An asylum questionnaire came",
            {"day": "The date on the letter"},
        ),
        ("questionnaire_returned", "The asylum questionnaire was sent back", {}),
        ("asylum_interview", "The asylum interview took place, or its record came", {}),
        ("interview_commented", "Comments on the interview record were sent", {}),
        (
            "further_submissions_made",
            "Further submissions were made",
            {"day": "The day on which the Home Office recorded them"},
        ),
        ("further_submissions_decided", "The further submissions were decided", {}),
        (
            "leave_granted",
            "Leave to remain, or asylum, was granted",
            _NOTICE,
        ),
    ),
    *_of(
        Group.DETENTION,
        (DETAINED, "Detention began", {"kept_as": KeptAs.PLACE}),
        (TRANSFERRED, "Moved to another place of detention", {"kept_as": KeptAs.PLACE}),
        (
            "bail_refused",
            "A tribunal refused bail",
            _MADE | {"hint": "A refusal by the Home Office itself is another thing: record that as a letter."},
        ),
        ("bail_granted", "Bail was granted", _MADE),
        (
            RELEASED,
            "The person was released, or is no longer held",
            {"frees": True, "hint": "The stay in the place of detention ends on this day."},
        ),
        (
            "rule_35_report",
            "A doctor’s report (rule 35) reached the Home Office",
            {"day": "The day on which the Home Office got it"},
        ),
        ("rule_35_answered", "The Home Office answered a doctor’s report (rule 35)", {}),
    ),
    *_of(
        Group.REMOVAL,
        ("removal_notice_given", "A notice of intention to remove came", _LETTER),
        (
            "removal_directions_set",
            "Departure details or removal directions came",
            {"day": "The day on which they were given"},
        ),
        ("removal_cancelled", "The removal was cancelled, or its notice withdrawn", {}),
        (
            "removal_failed",
            "A removal was tried and failed",
            {
                "day": "The day of departure that the notice gave",
                "hint": "Not the day of a later attempt: the 21 days are counted from the day in the first notice.",
            },
        ),
        ("entry_refused", "Leave to enter was refused on arrival", {"day": "The day of the refusal"}),
        (
            LEFT_UK,
            "The person left the UK, or was removed",
            {"frees": True, "day": "The day they left"},
        ),
        (CAME_BACK, "The person came back to the UK", {"day": "The day they came back"}),
    ),
    *_of(
        Group.TRIBUNAL,
        (
            "appeal_lodged",
            "An appeal to the First-tier Tribunal was lodged",
            {"day": "The day on which the tribunal got it"},
        ),
        ("caseworker_decided", "A caseworker of the tribunal, not a judge, decided something", _NOTICE),
        ("judge_asked", "A judge was asked to look at that again", {}),
        ("fee_strike_out", "The appeal was struck out for the fee", _NOTICE),
        ("reinstatement_asked", "The tribunal was asked to take the appeal up again", {}),
        ("appeal_continued", "The tribunal was told that the appeal goes on after leave was granted", {}),
        ("appeal_allowed", "The First-tier Tribunal allowed the appeal", _MADE),
        (
            "decided_without_reasons",
            "The First-tier Tribunal dismissed the appeal without written reasons",
            _NOTICE,
        ),
        ("reasons_asked", "Written reasons were asked for", {}),
        (
            "reasons_sent",
            "The First-tier Tribunal dismissed the appeal, with written reasons",
            _NOTICE,
        ),
        ("setting_aside_asked", "The First-tier Tribunal was asked to set its decision aside", {}),
        (
            "permission_asked",
            "Permission to appeal was asked of the First-tier Tribunal",
            {"day": "The day on which the tribunal got it"},
        ),
        ("permission_refused", "The First-tier Tribunal refused permission to appeal", _NOTICE),
    ),
    *_of(
        Group.COURTS,
        (
            "upper_permission_asked",
            "Permission to appeal was asked of the Upper Tribunal",
            {"day": "The day on which the tribunal got it"},
        ),
        ("upper_appeal_dismissed", "The Upper Tribunal dismissed the appeal", _NOTICE),
        ("upper_setting_aside_asked", "The Upper Tribunal was asked to set its decision aside", {}),
        (
            "court_permission_asked",
            "The Upper Tribunal was asked for permission to appeal to a court",
            {"day": "The day on which the tribunal got it"},
        ),
        ("court_permission_refused", "The Upper Tribunal refused permission to appeal to a court", _NOTICE),
        ("court_appeal_lodged", "An appeal was lodged with the Court of Appeal or the Court of Session", {}),
    ),
    *_of(
        Group.JUDICIAL_REVIEW,
        ("claim_letter_sent", "A letter before claim was sent", {}),
        ("claim_letter_answered", "The letter before claim was answered", {}),
        ("judicial_review_lodged", "A judicial review was lodged", {"day": "The day on which the court got it"}),
        (
            "judicial_review_served",
            "The Home Office was given the judicial review",
            {"day": "The day on which the Home Office got it"},
        ),
        ("judicial_review_acknowledged", "The Home Office acknowledged the judicial review", {}),
        (
            "paper_refusal",
            "Permission for judicial review was refused on paper",
            _NOTICE | {"hint": "And the refusal is not marked “totally without merit”."},
        ),
        ("judicial_review_renewed", "A hearing was asked for after a refusal on paper", {}),
        (
            "judicial_review_refused",
            "Permission for judicial review was refused at a hearing, or as totally without merit",
            _MADE,
        ),
        ("judicial_review_dismissed", "A judicial review was dismissed", _MADE),
    ),
    *_of(
        Group.REQUESTS,
        ("letter_to_member", "We wrote to an MP", _LETTER),
        ("member_letter_received", "An MP wrote to the Home Office", _LETTER),
        ("surgery_visit", "We saw an MP or their office", {"kept_as": KeptAs.VISIT}),
        ("request_for_file_received", "The person’s own file was asked for", _LETTER),
        ("file_received", "The person’s own file came", {}),
        ("information_request_received", "A freedom of information request was made", _RECEIVED),
        ("information_request_answered", "The freedom of information request was answered", {}),
        ("complaint_received", "A complaint was made to the Home Office", _RECEIVED),
        ("complaint_answered", "The Home Office answered the complaint", {}),
        ("ombudsman_asked", "The complaint reached an MP, for the Ombudsman", {}),
        (
            "complaint_about_us",
            "Somebody complained about how this group keeps their data",
            {"day": "The day on which we got it"},
        ),
        ("complaint_about_us_acknowledged", "We acknowledged that complaint", {}),
    ),
    *_of(
        Group.TRAFFICKING,
        ("nrm_referral", "A referral as a possible victim of trafficking was made (NRM)", _RECEIVED),
        ("nrm_positive_grounds", "The first decision is positive (reasonable grounds)", _MADE),
        ("nrm_negative_grounds", "The first decision is negative (reasonable grounds)", _MADE),
        ("nrm_negative_conclusion", "The conclusive decision is negative", _MADE),
        ("nrm_reconsideration_asked", "It was asked to look at a negative decision again", {}),
        ("nrm_information_notice", "A slavery or trafficking information notice came", {}),
        ("nrm_information_given", "The information that the notice asks for was given", {}),
    ),
    *_of(
        Group.SUPPORT,
        ("support_refused", "Asylum support was refused, or will be stopped", _NOTICE),
        ("support_appealed", "An appeal about asylum support was lodged", {}),
        (
            "accommodation_notice",
            "A letter says when asylum accommodation ends after a grant",
            {"day": "The date of the letter"},
        ),
        ("accommodation_left", "The person moved out of asylum accommodation", {}),
    ),
)  # fmt: skip

HAPPENINGS = {happening.name: happening for happening in _ALL}


def left_on(moves: Iterable[tuple[str, date]], day: date) -> date | None:
    """The day on which the person left, when they are abroad on this day, from the moves as they were recorded.

    They are abroad from the day they left, and in the UK again from the day they came back.
    """
    until_now = [(on, number, name) for number, (name, on) in enumerate(moves) if on <= day]
    on, _, name = max(until_now, default=(None, 0, ""))
    return on if name == LEFT_UK else None
