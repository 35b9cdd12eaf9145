"""Published values are reproduced, and a wrong one would be seen."""

from dataclasses import replace

import pytest

from analysis.stats.self_check import Check, library_versions, self_check

CHECKS = self_check()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_published_value_is_reproduced(check: Check) -> None:
    assert check.passed, f"{check.source}: expected {check.expected}, computed {check.computed}"


def test_ids_are_unique_and_every_value_names_its_source() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.source and check.expected for check in CHECKS)


@pytest.mark.parametrize("wrong", [(0.02099, 0.0618505472), (0.0209884653,), (None, 0.06185)])
def test_a_wrong_missing_or_short_result_fails(wrong: tuple[float | None, ...]) -> None:
    assert not replace(CHECKS[0], computed=wrong).passed


def test_versions_name_the_libraries_the_values_came_from() -> None:
    assert {"scipy", "statsmodels", "numpy"} <= library_versions().keys()
