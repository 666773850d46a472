"""A case with something in every table, each text of it marked: a page that shows too much gives itself away."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pikepdf
from sqlalchemy import func, select

from casework import clock
from casework.domain.case.places import PlaceKind
from casework.domain.letters.correspondence import Kind
from casework.domain.safety.bins import BinKind
from casework.domain.timing.triggers import Told
from casework.services.case import case_places, cases
from casework.services.case.case_places import NewPlace
from casework.services.letters import papers
from casework.services.safety import bins
from casework.services.timing import deadlines, events
from casework.services.timing.events import NewEvent
from casework.storage.case_rows import rows_of, tables_of_a_case
from casework.storage.database import db
from casework.storage.models import (
    AnswerMap,
    AnswerQuestion,
    Authority,
    Batch,
    BatchLetter,
    BatchShape,
    Binned,
    Bundle,
    Call,
    CallRound,
    CampaignConsent,
    CampaignPage,
    Case,
    CaseNeed,
    CaseNote,
    Correspondence,
    DeadlineMove,
    FollowUp,
    GoBag,
    ImportRow,
    Intake,
    IntakeAnswer,
    Letter,
    LetterReading,
    Meeting,
    MeetingPlan,
    MemberNote,
    Message,
    NeedAnswer,
    NextContact,
    NoteMention,
    OfficeEntry,
    OwnViewLink,
    Pack,
    PageTally,
    PlanDate,
    PlanDay,
    PlanPart,
    PlanTask,
    RecentItem,
    Removal,
    RemovalStep,
    ReportingDay,
    SeenUpTo,
    SigningContact,
    SigningPlan,
    SignUp,
    Supporter,
    SupporterAct,
    SupporterImport,
    SurgeryVisit,
    TaskOwner,
    Telling,
    ToFindOut,
    User,
    VisitLogTaken,
)

LEEDS_SOUTH = "E14001323"


def _a_pdf() -> bytes:
    pdf, file = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(file)
    return file.getvalue()


PDF = _a_pdf()


@dataclass(frozen=True)
class FullCase:
    """A case, with the ids of its rows by what addresses call them: of some that all see, and of hidden ones."""

    case: Case
    ids: dict[str, int]
    hidden_ids: dict[str, int]
    story_letter: int


def full_case(actor: User, mark: str) -> FullCase:
    """A case of this person, with one row at least in each table.

    `<mark>NAME` is what everybody on the team may see, `<mark>STORY` what only those may who read the story, and
    `<mark>HIDDEN` what is hidden as an address, a matter of health or an offence.
    """
    now, today = clock.now(), clock.today()
    story, hidden = f"{mark}STORY", f"{mark}HIDDEN"
    person = {
        "name_used": f"{mark}NAME", "official_name": f"{story} official", "other_names": story,
        "urgency": f"{story} urgency", "safe_contact": story, "representative_name": story, "nationality": story,
    }  # fmt: skip
    home = NewPlace(PlaceKind.HOME, address=f"{story} Street", postcode="LS11 0ES", since=date(2021, 5, 1))
    case = cases.open_case(person, [home], actor, references={"home_office": f"{story}-REF"})
    home_row = case.places[0]
    case_places.add_place(
        case, NewPlace(PlaceKind.HOME, address=f"{hidden} Street", postcode="S1 2HH", until=today), actor
    )
    happened = events.record_event(case, NewEvent("bail_refused", Told(on=today), f"{story} event"), actor)
    limit = deadlines.record_deadline(case, "ftt_appeal_in_uk", today, None, actor)
    hidden_home = case.places[1]
    hidden_home.hidden = "address"
    by = {"recorded_by_id": actor.id, "recorded_at": now}
    scan = {
        "scan_sha256": papers.keep(case, PDF + mark.encode()),
        "scan_type": "application/pdf",
    }
    limit.owner, limit.working = actor, limit.working | {"name": f"{story} date"}
    limit.proof_sha256, limit.proof_type = scan["scan_sha256"], scan["scan_type"]
    note = CaseNote(case=case, text=f"{story} note", at=now, author_id=actor.id)
    secret = CaseNote(case=case, text=f"{hidden} note", at=now, author_id=actor.id, hidden="health")
    paper = Correspondence(
        case=case, kind=Kind.MEMBER_TO_US, gss_code=LEEDS_SOUTH, sender=f"{story} sender", received_on=today,
        summary=f"{story} summary", **scan, **by,
    )  # fmt: skip
    kept = Correspondence(
        case=case, kind=Kind.MEMBER_TO_US, gss_code=LEEDS_SOUTH, sender=f"{hidden} sender", received_on=today,
        summary=f"{hidden} summary", hidden="offence", **scan, **by,
    )  # fmt: skip
    visit = SurgeryVisit(
        case=case, gss_code=LEEDS_SOUTH, member_name="Hilary Example", held_on=today, asked=f"{story} asked",
        private_notes=f"{story} private", owner=actor, planned_at=now,
    )  # fmt: skip
    unseen = SurgeryVisit(
        case=case, gss_code=LEEDS_SOUTH, member_name=f"{hidden} member", held_on=today, planned_at=now,
        hidden="health",
    )  # fmt: skip
    promise = FollowUp(case=case, visit=visit, what="To write", due_on=today, owner=actor)
    unseen_promise = FollowUp(
        case=case, visit=unseen, what=f"{hidden} promise", due_on=today, hidden="health"
    )
    removal = Removal(
        case=case, notice_given_on=today, destination=f"{story} destination", made_at=now, made_by_id=actor.id
    )
    db.session.add_all([note, secret, paper, kept, visit, unseen, promise, unseen_promise, removal])
    db.session.flush()
    step = RemovalStep(removal=removal, position=1, what=f"{story} step", hours=24)
    move = DeadlineMove(
        deadline=limit, at=now, because=f"{story} move", was={"last_on": "2026-01-01"}, now={}
    )
    signed: dict[str, Any] = {"case": case, "how_given": "paper", "witness": f"{story} witness", **scan, **by}
    authority = Authority(
        signed_on=today - timedelta(1), scope=["ask"], withheld=[f"{story} withheld"], **signed
    )
    consent = CampaignConsent(
        level=2, items=["name"], given_on=today - timedelta(1), explained_by=f"{story} by", **signed
    )
    supporter = Supporter(
        name=f"{mark}NAME supporter", postcode="LS11 0ES", gss_code=LEEDS_SOUTH, gss_basis="postcode",
        added_on=today, heard_on=today, group_id=case.group_id,
    )  # fmt: skip
    sign_up = SignUp(case=case, supporter=supporter, joined_on=today, joined_how="hand")
    drafted = {
        "case": case,
        "gss_code": LEEDS_SOUTH,
        "drafted_at": now,
        "drafted_by_id": actor.id,
        "saved_at": now,
    }
    letter = Letter(template="home-mp-urgent", blocks={}, facts={}, **drafted)
    brief = Letter(template="surgery-brief", blocks={"ask": f"{story} brief"}, facts={}, **drafted)
    sheet = SupporterImport(case=case, state="waiting", made_at=now, made_by_id=actor.id)
    db.session.add_all([step, move, authority, consent, sign_up, letter, brief, sheet])
    db.session.flush()
    question = _read_closely(paper, promise, f"{story}", None, actor)
    unseen_question = _read_closely(kept, None, f"{hidden}", "offence", actor)
    batch = Batch(
        case=case, template="supporter-to-own-mp", template_sha256="0" * 64, state="done", order_by="constituency",
        dated=today, made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    made = BatchLetter(
        batch=batch,
        position=1,
        sign_up=sign_up,
        signer=f"{mark}NAME signer",
        gss_code=LEEDS_SOUTH,
        state="failed",
    )
    pack = Pack(
        case=case, kind="pack", audience="lawyer", title=f"{hidden} pack", sha256=scan["scan_sha256"], pages=1,
        contents=[{"key": f"scan_{kept.id}", "title": f"{hidden} scan"}], made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    own_pack = Pack(
        case=case, kind="pack", audience="lawyer", title=f"{story} pack", sha256=scan["scan_sha256"], pages=1,
        contents=[{"key": f"scan_{paper.id}", "title": f"{story} scan"}], made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    bag = GoBag(
        case=case, token=f"{case.id:010x}", audience="office", taken_by=f"{story} taker", contents=[f"{story} paper"],
        told=["case"], expires_on=today, made_at=now, made_by=actor,
    )  # fmt: skip
    log = VisitLogTaken(bag=bag, entry="0123456789abcdef", visit=visit, taken_at=now, taken_by=actor)
    page = CampaignPage(
        case=case, token_hash=f"{mark}page", template="supporter-to-own-mp", heading="x", words="x", opened_at=now,
        opened_by_id=actor.id, expires_at=now,
    )  # fmt: skip
    message = Message(
        case=case, kind="update", means="email", audience="supporters", to_whom="all", subject="News",
        words=f"{mark}NAME words", told=["case"], made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    said = Message(
        case=case, kind="ask", means="call", audience="supporters", to_whom="all", words=f"{mark}NAME said",
        told=["case"], made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    evening = CallRound(case=case, message=said, made_at=now, made_by_id=actor.id)
    db.session.add_all([message, said, evening])
    db.session.flush()
    db.session.add_all(
        [
            batch, made, pack, own_pack, bag, log, page,
            BatchShape(batch=batch, key="x", exemplar=b"x"), Bundle(batch=batch, gss_code=LEEDS_SOUTH),
            LetterReading(
                letter=letter, who="person", name=f"{mark}NAME", read_on=today, words_sha256="x", **by
            ),
            OwnViewLink(case=case, token_hash=f"{mark}own", made_at=now, made_by=actor, expires_at=now),
            ToFindOut(case=case, what="language"), TaskOwner(case=case, task="adviser", owner_id=actor.id),
            PlanDate(case=case, on=today, what="Debate"),
            ImportRow(sheet=sheet, number=1, state="ready", cells={"name": f"{mark}NAME row", "postcode": "LS11 0ES"}),
            NextContact(case=case, due_on=today, why=f"{mark}NAME why", owner_id=actor.id),
            Telling(message=message, sign_up_id=sign_up.id),
            Call(round=evening, position=1, sign_up=sign_up, words=f"{mark}NAME call", rung_at=now, outcome="spoke"),
            PageTally(page=page, gss_code=LEEDS_SOUTH, on=today),
        ]
    )  # fmt: skip
    act = SupporterAct(sign_up=sign_up, what="card", done_on=today, recorded_at=now, recorded_by_id=actor.id)
    need = CaseNeed(case=case, what="drive", words=f"{mark}NAME need", made_at=now, made_by_id=actor.id)
    task = PlanTask(case=case, what=f"{mark}NAME task", owner=actor)
    plan_day = PlanDay(case=case, kind="day", on=today, what=f"{story} day", source=story)
    part = PlanPart(case=case, part="objective", text=f"{story} part", saved_at=now, saved_by_id=actor.id)
    signing = SigningPlan(case=case, place=f"{story} place", friend=story, on_card=[], saved_at=now)
    contact = SigningContact(plan=signing, position=1, name=f"{story} contact")
    reporting_day = ReportingDay(plan=signing, on=today)
    asked = NeedAnswer(need=need, sign_up=sign_up, said="yes", said_on=today)
    db.session.add_all([act, need, task, plan_day, part, signing, contact, reporting_day, asked])
    db.session.add_all([NoteMention(case_id=case.id, note=one, user_id=actor.id) for one in (note, secret)])
    db.session.add(SeenUpTo(case_id=case.id, user_id=actor.id, line=1, at=now))
    opened = RecentItem(kind="case", key=str(case.id), case_id=case.id, user_id=actor.id, opened_at=now)
    db.session.add(opened)
    thrown = [CaseNote(case=case, text=f"{story} thrown", at=now, author_id=actor.id)]
    thrown.append(CaseNote(case=case, text=f"{hidden} thrown", at=now, author_id=actor.id, hidden="health"))
    db.session.add_all(thrown)
    for one in thrown:
        bins.put(BinKind.NOTE, one, actor)
        db.session.delete(one)
    db.session.commit()
    in_bin, unseen_in_bin = db.session.scalars(
        select(Binned).where(Binned.case_id == case.id).order_by(Binned.id)
    )
    rows = SimpleNamespace(
        place=home_row, note=note, paper=paper, visit=visit, follow_up=promise, event=happened, removal=removal,
        step=step, deadline=limit, authority=authority, consent=consent, supporter=supporter, sign_up=sign_up,
        letter=letter, batch=batch, pack=own_pack, bag=bag, sheet=sheet, case=case, act=act, need=need, task=task,
        plan_day=plan_day, contact=contact, reporting_day=reporting_day, message=message, round=evening,
        question=question,
    )  # fmt: skip
    ids = {f"{name}_id": row.id for name, row in vars(rows).items()}
    ids["binned_id"] = in_bin.id
    unseen_rows = {"place": hidden_home, "note": secret, "paper": kept, "visit": unseen, "pack": pack}
    unseen_rows |= {"follow_up": unseen_promise, "question": unseen_question}
    hidden_ids = {f"{name}_id": row.id for name, row in unseen_rows.items()}
    hidden_ids["binned_id"] = unseen_in_bin.id
    return FullCase(case, ids, hidden_ids, brief.id)


def _read_closely(
    paper: Correspondence, promise: FollowUp | None, mark: str, hidden: str | None, actor: User
) -> AnswerQuestion:
    """A question that this letter was read for."""
    kept: dict[str, Any] = {"case_id": paper.case_id, "hidden": hidden}
    row = AnswerMap(
        paper=paper,
        words=f"{mark} words",
        signer=f"{mark} signer",
        begun_at=clock.now(),
        begun_by=actor,
        **kept,
    )
    question = AnswerQuestion(
        map=row, asked=f"{mark} question", found="promised", quote=f"{mark} quote", promise=f"{mark} promise",
        follow_up=promise, **kept,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return question


def full_member(actor: User, mark: str) -> dict[str, int]:
    """What this person's group knows of one MP and the office, and one meeting; the ids by what addresses call them."""
    told, day = f"{mark}NAME", clock.today()
    about: dict[str, Any] = {
        "gss_code": LEEDS_SOUTH,
        "member_name": "Hilary Benn",
        "group_id": actor.group_id,
    }
    note = MemberNote(
        kind="interest",
        text=f"{told} interest",
        source=told,
        written_at=clock.now(),
        written_by=actor,
        **about,
    )
    thrown = MemberNote(
        kind="interest", text=f"{told} thrown", written_at=clock.now(), written_by=actor, binned_at=clock.now(), **about
    )  # fmt: skip
    entry = OfficeEntry(
        kind="caseworker", name=f"{told} caseworker", text=told, told_by=told, learned_on=day, learned_by=actor,
        **about,
    )  # fmt: skip
    plan = MeetingPlan(
        name=f"{told} plan",
        month=day.replace(day=1),
        made_at=clock.now(),
        made_by=actor,
        group_id=actor.group_id,
    )
    meeting = Meeting(plan=plan, state="fixed", held_on=day, who_goes=told, what_for=told, **about)
    intake = Intake(
        door="held", begun_at=clock.now(), begun_by=actor, changed_at=clock.now(), group_id=actor.group_id
    )
    said = IntakeAnswer(
        intake=intake,
        question="who",
        state="said",
        told={"name_used": f"{told} answer"},
        at=clock.now(),
        by=actor,
    )
    db.session.add_all([note, thrown, entry, plan, meeting, intake, said])
    db.session.commit()
    return {
        "member_note_id": note.id, "entry_id": entry.id, "plan_id": plan.id, "meeting_id": meeting.id,
        "resting_id": thrown.id, "intake_id": intake.id,
    }  # fmt: skip


def empty_tables(case: Case) -> list[str]:
    """The tables of a case in which this one has no row: a new table wants its row in `full_case`."""
    return [
        table.name
        for table in tables_of_a_case()
        if not db.session.scalar(select(func.count()).select_from(rows_of(table, case.id).subquery()))
    ]
