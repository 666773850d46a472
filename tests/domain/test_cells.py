"""Cells that a spreadsheet shows as they are."""

from casework.domain.cells import as_typed, harmless


def test_a_formula_begins_nowhere_in_a_cell_and_what_was_typed_comes_back():
    for typed, out in (
        ("=1+1", "'=1+1"),
        ("tea; =1+1", "tea;' =1+1"),
        ("tea\n\n@SUM(A1)", "tea\n'\n'@SUM(A1)"),
        ("12-14; tea", "12-14; tea"),
    ):
        assert harmless(typed) == out
        assert as_typed(out) == typed


def test_a_stranger_s_cell_of_nothing_but_line_ends_holds_nobody_up():
    many = 500_000
    assert as_typed("\n'" * many) == "\n'" * many
    assert harmless("\n" * many) == "'" + "\n" * many
