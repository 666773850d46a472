"""Which tables a query touches: a condition on a table that was overlooked would let its rows be seen."""

import re

import pytest
from sqlalchemy import exists, func, literal, select, text, union_all
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only, selectinload, with_loader_criteria

from casework.storage.database import Base
from casework.storage.models import Case, CaseNote, CasePlace, SignUp, Supporter, SurgeryVisit, TeamMember
from casework.storage.touched import touched_by

NOTES = select(CaseNote.case_id).where(CaseNote.hidden.is_(None))
LATER = aliased(SurgeryVisit)
COUNTED = select(CasePlace.case_id, func.count().label("n")).group_by(CasePlace.case_id).subquery()
NAMED = select(SignUp.case_id).where(SignUp.supporter_id == Supporter.id).cte("named")
QUERIES = {
    "rows": select(Case),
    "a column": select(Case.reference),
    "a count": select(func.count(CaseNote.id)),
    "a row by another name": select(LATER.id).where(LATER.case_id == 1),
    "a join along a relationship": select(Case).join(Case.team).where(TeamMember.user_id == 1),
    "a join with a condition": select(Case.id).outerjoin(CasePlace, CasePlace.case_id == Case.id),
    "two tables side by side": select(Case.id, Supporter.id).where(Case.id == Supporter.id),
    "a list in a condition": select(Case).where(Case.id.in_(NOTES)),
    "whether there is one": select(Case).where(exists().where(CaseNote.case_id == Case.id)),
    "whether one is related": select(Supporter).where(Supporter.sign_ups.any(SignUp.writes)),
    "a value from elsewhere": select(Case.id, NOTES.where(CaseNote.case_id == Case.id).scalar_subquery()),
    "a table made on the way": select(Case.id, COUNTED.c.n).join(COUNTED, COUNTED.c.case_id == Case.id),
    "columns of a table made on the way": select(COUNTED.c.n),
    "a name for a query": select(Case).where(Case.id.in_(select(NAMED.c.case_id))),
    "several queries as one": union_all(select(CaseNote.id), select(LATER.id)),
    "rows of several queries": select(union_all(NOTES, select(LATER.case_id)).subquery()),
    "an order": select(Case).order_by(select(func.max(LATER.id)).scalar_subquery()),
    "rows loaded along with it": select(Case).options(joinedload(Case.team)),
    "and with those others": select(CaseNote).options(joinedload(CaseNote.case).joinedload(Case.team)),
    "rows by another name": select(LATER).options(joinedload(LATER.case).joinedload(Case.team)),
    "rows of a join": select(Case).join(Case.team).options(contains_eager(Case.team)),
    "some columns": select(Case).options(load_only(Case.reference), joinedload(Case.places)),
    "rows loaded along, counted": select(select(Case).options(joinedload(Case.team)).subquery().c.id),
    "narrowed by what is elsewhere": select(Case).options(
        with_loader_criteria(Case, Case.id.in_(select(LATER.case_id)))
    ),
    "no table at all": select(literal(1)),
}


def tables_in(sql: str) -> set[str]:
    """The tables whose names stand in these words of SQL."""
    return {name for name in Base.metadata.tables if re.search(rf"\b{name}\b", sql)}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_every_table_of_a_query_is_seen_wherever_it_stands(query):
    assert tables_in(str(query)) <= touched_by(query)


def test_no_other_table_than_those_that_are_always_read_with_its_rows():
    assert touched_by(select(CaseNote).where(CaseNote.case_id.in_(select(Case.id)))) == {
        "case_notes",
        "cases",
    }
    assert touched_by(select(TeamMember)) == {"team_members", "users"}
    assert touched_by(select(CaseNote).options(selectinload(CaseNote.case))) == {"case_notes", "cases"}


def test_where_it_cannot_be_told_every_table_may_be_touched():
    assert touched_by(text("SELECT 1")) is None
    assert touched_by(select(Case).from_statement(text("SELECT * FROM cases"))) is None
    assert touched_by(select(Case).options(joinedload("*"))) is None
    assert touched_by(select(CaseNote).options(joinedload(CaseNote.case).joinedload("*"))) is None
