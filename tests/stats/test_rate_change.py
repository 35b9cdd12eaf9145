"""The change of a rate splits exactly, and a change of mix alone is all mix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.rate_change import decompose_rate_change

sector = st.tuples(st.integers(0, 300), st.integers(0, 500), st.integers(0, 300), st.integers(0, 500))


@given(st.lists(sector, min_size=1, max_size=10))
def test_within_and_mix_add_up_to_the_change(rows: list[tuple[int, int, int, int]]) -> None:
    y0, e0, y1, e1 = (list(column) for column in zip(*rows, strict=True))
    y0 = [y if e else 0 for y, e in zip(y0, e0, strict=True)]
    y1 = [y if e else 0 for y, e in zip(y1, e1, strict=True)]
    result = decompose_rate_change(y0, e0, y1, e1)
    if sum(e0) == 0 or sum(e1) == 0:
        assert result is None
        return
    assert result is not None
    assert result.total == pytest.approx(sum(y1) / sum(e1) - sum(y0) / sum(e0), abs=1e-9)
    assert result.within + result.mix == pytest.approx(result.total, abs=1e-9)
    assert sum(result.within_by_sector) == pytest.approx(result.within, abs=1e-9)
    assert sum(result.mix_by_sector) == pytest.approx(result.mix, abs=1e-9)


def test_unchanged_rates_leave_everything_to_the_mix() -> None:
    """Rates 0.1 and 0.5 throughout; the second sector grows from half to three quarters: 0.3 → 0.4."""
    result = decompose_rate_change([10, 50], [100, 100], [5, 75], [50, 150], per=100)
    assert result is not None
    assert result.within == pytest.approx(0)
    assert result.mix == pytest.approx(10)


def test_a_sector_that_appears_is_mix_not_a_change_of_its_rate() -> None:
    result = decompose_rate_change([10, 0], [100, 0], [10, 30], [100, 50])
    assert result is not None
    assert result.within_by_sector[1] == 0
    assert result.mix_by_sector[1] > 0
