"""Whether a commitment of a plan was kept: its state from comparator, target and the figure reached."""

from __future__ import annotations

from typing import Literal

State = Literal["met", "on_the_way", "missed", "no_data", "not_measurable"]


def state(
    comparator: str | None, target: float | None, value: float | None, before: float | None, *, over: bool
) -> State:
    """The state of one commitment.

    Args:
        comparator: at_least, at_most, change_at_least or change_at_most; None where nothing is promised.
        target: The figure promised; for a change in per cent of ``before``.
        value: The figure reached so far; None where nothing says it.
        before: The figure of the year before, for a change.
        over: Whether the time in which to keep it has run out: before that nothing is missed, and what must
            not be exceeded is not yet kept.
    """
    if comparator is None or target is None:
        return "not_measurable"
    reached = value
    if comparator.startswith("change_"):
        reached = None if value is None or not before else round(100 * (value - before) / before, 6)
    if reached is None:
        return "no_data"
    if comparator.endswith("at_least"):
        return "met" if reached >= target else "missed" if over else "on_the_way"
    return ("met" if reached <= target else "missed") if over else "on_the_way"
