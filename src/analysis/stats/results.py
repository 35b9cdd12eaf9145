"""What every statistic returns: an estimate with its interval, a test with its assumptions."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar


@dataclass(frozen=True)
class Estimate:
    """A number, its interval and how it came about; `value` None where the data do not allow one.

    `n` counts what the estimate rests on (events, trials or points, as the function says); `low` and `high`
    are None where no interval can be given. `warnings` are short codes, put into words by the report.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str
    level: float = 0.95
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Plain floats only, and None for what is not finite: no NaN leaves the statistics."""
        _make_plain(self, "value", "low", "high")

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return self.value is not None

    def excludes(self, reference: float) -> bool:
        """Whether the interval exists and lies wholly on one side of `reference`."""
        return self.low is not None and self.high is not None and not (self.low <= reference <= self.high)

    def scaled(self, factor: float) -> "Estimate":
        """Give the same estimate in another unit (`factor` > 0), for instance per 100 enterprises."""
        value, low, high = (None if x is None else x * factor for x in (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high)

    def warned(self, *codes: str) -> "Estimate":
        """Give the same estimate with more warnings."""
        return replace(self, warnings=merge_warnings(self.warnings, codes))


@dataclass(frozen=True)
class TestResult:
    """A hypothesis test; `p_value` None where the data do not allow one, `adjusted_p` set by multiplicity."""

    __test__: ClassVar[bool] = False  # pytest would collect a class of this name

    statistic: float | None
    p_value: float | None
    n: int
    method: str
    adjusted_p: float | None = None
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Plain floats only, and None for what is not finite."""
        _make_plain(self, "statistic", "p_value", "adjusted_p")

    def significant(self, alpha: float = 0.05) -> bool:
        """Whether the adjusted p (the plain one where none was needed) lies below `alpha`."""
        p = self.p_value if self.adjusted_p is None else self.adjusted_p
        return p is not None and p < alpha


@dataclass(frozen=True)
class Comparison:
    """A ratio or difference with its interval and the test that belongs to it."""

    estimate: Estimate
    test: TestResult


def _make_plain(result: object, *fields: str) -> None:
    for field in fields:
        value = getattr(result, field)
        plain = float(value) if value is not None and math.isfinite(value) else None
        object.__setattr__(result, field, plain)  # the result is frozen once made


def unknown(method: str, *warnings: str, n: int = 0, level: float = 0.95) -> Estimate:
    """Return an estimate the data do not allow, and why."""
    return Estimate(None, None, None, n, method, level, warnings)


def untested(method: str, *warnings: str, n: int = 0) -> TestResult:
    """Return a test the data do not allow, and why."""
    return TestResult(None, None, n, method, warnings=warnings)


def merge_warnings(*groups: Iterable[str]) -> tuple[str, ...]:
    """All codes once, in the order they first came."""
    return tuple(dict.fromkeys(code for group in groups for code in group))
