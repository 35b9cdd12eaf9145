"""Published formulas of intervals, written out once more and apart from the package."""

from __future__ import annotations

from math import exp, log, sqrt

from scipy import stats

Limits = tuple[float, float]


def normal(level: float) -> float:
    return float(stats.norm.isf((1 - level) / 2))


def student(level: float, freedom: float) -> float:
    return float(stats.t.isf((1 - level) / 2, freedom))


def garwood(count: float, level: float = 0.95) -> Limits:
    """Exact limits of a Poisson mean from χ² (Garwood 1936)."""
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low), float(stats.chi2.isf(tail, 2 * count + 2) / 2)


def byar(count: float, level: float = 0.95) -> Limits:
    """Breslow & Day 1987, equation 2.13."""
    z, more = normal(level), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    return low, more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3


def poisson(count: float, level: float = 0.95) -> Limits:
    """Exact below ten events, Byar's from ten up."""
    return garwood(count, level) if count < 10 else byar(count, level)


def wilson(hits: float, n: float, level: float = 0.95) -> Limits:
    """Roots of (p − π)² = z²π(1 − π)/n (Wilson 1927)."""
    z, p = normal(level), hits / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def wald(ratio: float, error: float, level: float = 0.95) -> tuple[float, float, float, float]:
    """Low, high, statistic and p of a ratio from the standard error of its logarithm."""
    z = log(ratio) / error
    half = normal(level) * error
    return ratio * exp(-half), ratio * exp(half), z, float(2 * stats.norm.sf(abs(z)))
