"""A run killed at random moments and run again: nothing half, nothing lost, no orphan, the same result."""

from pathlib import Path

from tests.robustness.kills import kill_often


def test_killed_runs_leave_nothing_half_and_end_as_an_undisturbed_one(tmp_path: Path) -> None:
    done = kill_often(tmp_path, kills=5, seed=1)
    assert done.kills == 5
    assert done.files > 0, "no kill came late enough to find a published file"
