"""How many examples a property is tried with: some in every run, all of them in a thorough one."""

from typing import Any

from hypothesis import settings

HOUSE, THOROUGH = "house", "thorough"
# Of those that make a paper or compile words for each example: a run chooses other ones than the last.
PART_OF_THEM = 4


def examples(all_of_them: int, **more: Any) -> settings:
    """Hypothesis' settings for a property whose examples are dear."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    number = all_of_them if is_thorough else -(-all_of_them // PART_OF_THEM)
    return settings(max_examples=number, **more)
