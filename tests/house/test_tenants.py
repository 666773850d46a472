"""Every table says whose its rows are, or that it is one for all."""

import pytest

from casework.storage import models  # noqa: F401 every table
from casework.storage.database import Base
from casework.storage.tenants import OF_THE_MACHINE, rule_of


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_a_row_belongs_to_a_group_or_its_table_to_the_machine(name):
    table = Base.metadata.tables[name]
    if name in OF_THE_MACHINE:
        assert "group_id" not in table.c
    else:
        assert rule_of(table)
