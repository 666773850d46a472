"""Every row of a case is found by its foreign keys."""

from casework.storage import case_rows
from casework.storage.database import Base, db
from tests.factories import home, make_case


def test_every_table_that_names_a_case_belongs_to_one_except_the_trail_and_search():
    naming = {table.name for table in Base.metadata.tables.values() if "case_id" in table.c}
    belonging = {table.name for table in case_rows.tables_of_a_case()}
    assert naming - belonging == {"audit_events", "search_entries"}


def test_a_row_that_hangs_on_a_row_of_a_case_belongs_to_it_too(organiser):
    case, other = make_case(organiser, home()), make_case(organiser, home())
    for table in case_rows.tables_of_a_case():
        db.session.execute(case_rows.rows_of(table, case.id)).all()
    places = next(table for table in case_rows.tables_of_a_case() if table.name == "case_places")
    mine = db.session.execute(case_rows.rows_of(places, case.id)).all()
    assert mine
    assert {row.id for row in mine}.isdisjoint({place.id for place in other.places})
