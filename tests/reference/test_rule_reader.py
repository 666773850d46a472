import pytest

from casework.domain.errors import SettingsError
from casework.domain.timing.deadline_rules import DeadlineRule
from casework.reference.rule_book import HERE, check_deemed_by, rule_book, rules_in

GOOD = (HERE / "deadline_rules" / "reviews.toml").read_text("utf-8")


@pytest.fixture
def reading(tmp_path):
    def read(text: str) -> dict[str, DeadlineRule]:
        (tmp_path / "reviews.toml").write_text(text, "utf-8")
        book = rule_book()
        return rules_in(tmp_path, calendars=book.calendars, sources=book.sources)

    return read


def test_a_good_file_is_read(reading):
    assert "jr_upper_tribunal" in reading(GOOD)


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        ('kind = "hard_limit"', 'kind = "soft_limit"', "kind"),
        ("length = 14", 'length = "14"', "length"),
        ("length = 14", "length = -14", "length"),
        ("length = 14", "length = true", "length"),
        ("length = 14", "", "length"),
        ('unit = "calendar_days"', 'unit = "fortnights"', "unit"),
        ('calendar = "calendar_days"', 'calendar = "moon"', "calendar"),
        ('source = ["S08"]', 'source = ["S99"]', "source"),
        ('source = ["S08"]', "source = []", "source"),
        ("checked_on = 2026-11-20", 'checked_on = "last week"', "checked_on"),
        ("checked_on = 2026-11-20", "checked_on = 2026-11-20T10:00:00", "checked_on"),
        ("in_force_from = 2024-04-04", "in_force_from = 2024-04-04\nin_force_to = 2023-01-01", "in_force_to"),
        ('end_rule = "no_roll"', 'end_rule = "no_roll"\nend_rulee = "x"', "end_rulee"),
        ('authority = "AR2.6(a)"', 'authority = " "', "authority"),
        ('starts = ["decision_received"]', 'starts = "decision_received"', "starts"),
        ("region = ", "where = ", "where"),
        ('trigger_is = "received"', 'trigger_is = "heard"', "trigger_is"),
        ("length = 14", 'length = 14\nno_date = "None is set."', "no_date"),
        ('length = 14\nunit = "calendar_days"', 'length = 20\nunit = "hours"', "length"),
        ('length = 14\nunit = "calendar_days"', 'unit = "none"', "no_date"),
        ('length = 14\nunit = "calendar_days"', 'length = 14\nunit = "in_notice"', "length"),
        (
            'length = 14\nunit = "calendar_days"',
            'unit = "in_notice"\nno_date = "See the letter."',
            "examples",
        ),
        (" raw = 2026-11-29, safe = 2026-11-27, last = 2026-11-29,", "", "examples"),
        ('region = "england-and-wales"', 'region = "wales"', "region"),
        ('fits = ["not_detained"]', 'fits = ["at_home"]', "fits"),
        ('starts = ["decision_received"]', 'starts = ["a_birthday"]', "starts"),
        ('ends = ["review_asked"]', 'ends = ["a_birthday"]', "ends"),
        ('ends = ["review_asked"]', 'may_start = ["a_birthday"]', "may_start"),
        ('ends = ["review_asked"]', 'may_start = ["review_decided:in_wales"]', "may_start"),
        ('ends = ["review_asked"]', "repeats = 1", "repeats"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_file_rule_and_field(reading, right, wrong, field):
    assert right in GOOD
    with pytest.raises(SettingsError) as error:
        reading(GOOD.replace(right, wrong, 1))
    assert "reviews.toml, rule admin_review" in error.value.message
    assert f"field {field}:" in error.value.message


def test_a_file_that_is_no_toml_is_refused_by_name(reading):
    with pytest.raises(SettingsError, match=r"reviews\.toml is not readable"):
        reading("[rule")


def test_a_rule_that_two_files_have_is_refused(reading, tmp_path):
    (tmp_path / "again.toml").write_text(GOOD, "utf-8")
    with pytest.raises(SettingsError, match="another file has a rule of this name"):
        reading(GOOD)


def test_a_rule_with_variants_and_a_length_of_its_own_is_refused(reading):
    doubled = GOOD.replace(
        "length = 14", 'length = 14\nvariants.one = {label = "One", length = 1, unit = "months"}', 1
    )
    with pytest.raises(SettingsError, match="field length"):
        reading(doubled)


def test_a_rule_without_a_worked_example_is_refused(reading):
    start = GOOD.index("examples = [")
    end = GOOD.index("]\n", start)
    with pytest.raises(SettingsError, match="at least one worked example"):
        reading(GOOD[:start] + "examples = [" + GOOD[end:])


def test_a_way_of_sending_that_nobody_knows_is_refused(reading):
    wrong = GOOD.replace(
        'length = 14\nunit = "calendar_days"',
        'variants.one = { label = "One", length = 14, unit = "calendar_days", how = ["pigeon"] }',
        1,
    )
    with pytest.raises(SettingsError, match=r"field variants\.one, field how: 'pigeon'"):
        reading(wrong)


def test_a_rule_of_service_that_is_not_there_is_refused(reading):
    rules = reading(GOOD)
    with pytest.raises(SettingsError, match="admin_review_in_uk, field deemed_by: 'deemed_service_post'"):
        check_deemed_by(rules["admin_review_in_uk"], rules)
