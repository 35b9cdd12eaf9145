"""The state of a commitment at the boundaries of its target and of its time."""

import pytest

from analysis.fulfilment import state


@pytest.mark.parametrize(
    ("comparator", "target", "value", "before", "over", "wanted"),
    [
        ("at_least", 4, 4, None, False, "met"),
        ("at_least", 4, 3, None, False, "on_the_way"),
        ("at_least", 4, 3, None, True, "missed"),
        ("at_most", 2, 2, None, False, "on_the_way"),
        ("at_most", 2, 2, None, True, "met"),
        ("at_most", 2, 3, None, True, "missed"),
        ("change_at_most", -10, 90, 100, True, "met"),
        ("change_at_most", -10, 91, 100, True, "missed"),
        ("change_at_least", 5, 105, 100, True, "met"),
        ("change_at_least", 5, 105, 0, True, "no_data"),
        ("at_least", 4, None, None, True, "no_data"),
        (None, None, 4, None, True, "not_measurable"),
    ],
)
def test_states(
    comparator: str | None,
    target: float | None,
    value: float | None,
    before: float | None,
    over: bool,
    wanted: str,
) -> None:
    assert state(comparator, target, value, before, over=over) == wanted
