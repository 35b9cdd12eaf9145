"""Control charts of shares and rates: p, u, Laney p′ and u′, with Anhøj's run rules.

Sources: Montgomery 2013; Laney 2002 (Quality Engineering 14:531); Anhøj & Olesen 2014 (PLoS ONE 9:e113825).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.stats.inputs import FloatArray, numbers, paired_counts

Kind = Literal["p", "u", "p_prime", "u_prime"]
MIN_POINTS = 12
D2 = 1.128  # mean range of two standard normal values


@dataclass(frozen=True)
class Runs:
    """Longest run on one side of the centre and number of crossings, with what chance allows.

    Points on the centre line are not counted. `shift` and `few_crossings` are signals of a change.
    """

    longest: int
    longest_allowed: int
    crossings: int
    fewest_allowed: int
    shift: bool
    few_crossings: bool


@dataclass(frozen=True)
class ControlChart:
    """Points, centre and limits; a point without exposure is None throughout.

    `beyond` lists the points outside the limits; no signal is given below 12 points (`few_points`), where
    `beyond` is empty and both run signals are False.
    """

    kind: Kind
    values: tuple[float | None, ...]
    centre: float | None
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    sigma_z: float | None
    beyond: tuple[int, ...]
    runs: Runs
    n: int
    warnings: tuple[str, ...]

    @property
    def signal(self) -> bool:
        """Whether anything but chance is at work."""
        return bool(self.beyond) or self.runs.shift or self.runs.few_crossings


def control_chart(counts: ArrayLike, exposures: ArrayLike, kind: Kind) -> ControlChart:
    """Chart of counts over exposures at three sigma; p kinds are shares (exposure = trials), u kinds rates.

    Laney's primes widen (or narrow) the limits by the variation between neighbours, for large exposures.

    Raises:
        ValueError: Counts of a p chart exceed their exposure.
    """
    events, exposed = paired_counts(counts, exposures)
    used = exposed > 0
    y, x = events[used], exposed[used]
    if kind.startswith("p") and (y > x).any():
        raise ValueError("a p chart needs counts that do not exceed their exposure")
    centre = float(y.sum() / x.sum()) if x.size else None
    sigma = _sigma(kind, centre, x) if centre is not None else np.zeros(0)
    sigma_z = _sigma_z(kind, y, x, centre or 0.0, sigma)
    values = y / x
    warnings = _chart_warnings(int(used.sum()), bool(used.all()), float(y.sum()))
    claim = x.size >= MIN_POINTS
    low, high = _limits(kind, centre or 0.0, 3 * sigma * sigma_z)
    outside = np.flatnonzero(used)[((values < low) | (values > high)) & claim]
    return ControlChart(
        kind,
        _gapped(values, used),
        centre,
        _gapped(low, used),
        _gapped(high, used),
        sigma_z if kind.endswith("prime") and x.size else None,
        tuple(int(i) for i in outside),
        run_rules(values, centre or 0.0, claim=claim),
        x.size,
        warnings,
    )


def _sigma(kind: Kind, centre: float, exposed: FloatArray) -> FloatArray:
    variance = centre * (1 - centre) if kind.startswith("p") else centre
    return np.asarray(np.sqrt(variance / exposed))


def _sigma_z(kind: Kind, y: FloatArray, x: FloatArray, centre: float, sigma: FloatArray) -> float:
    """Laney's factor: mean moving range of the z scores over d2; 1 for the plain charts."""
    if not kind.endswith("prime") or y.size < 2 or (sigma == 0).any():
        return 1.0
    z = (y / x - centre) / sigma
    return float(np.abs(np.diff(z)).mean() / D2)


def _limits(kind: Kind, centre: float, half: FloatArray) -> tuple[FloatArray, FloatArray]:
    top = 1.0 if kind.startswith("p") else np.inf
    return np.clip(centre - half, 0, None), np.clip(centre + half, None, top)


def _chart_warnings(points: int, complete: bool, events: float) -> tuple[str, ...]:
    codes = {
        "few_points": points < MIN_POINTS,
        "no_exposure": points == 0,
        "points_without_exposure": points > 0 and not complete,
        "no_events": points > 0 and events == 0,
    }
    return tuple(code for code, holds in codes.items() if holds)


def _gapped(values: FloatArray, used: NDArray[np.bool_]) -> tuple[float | None, ...]:
    whole = np.full(used.size, np.nan)
    whole[used] = values
    return numbers(whole)


def run_rules(values: FloatArray, centre: float, *, claim: bool = True) -> Runs:
    """Apply Anhøj's rules to values about a centre line; `claim` False counts without signalling."""
    sides = np.sign(values - centre)
    sides = sides[sides != 0]
    crossings = np.flatnonzero(np.diff(sides)) if sides.size else np.zeros(0)
    edges = np.concatenate([[-1], crossings, [sides.size - 1]])
    longest = int(np.diff(edges).max()) if sides.size else 0
    longest_allowed, fewest_allowed = run_limits(sides.size)
    return Runs(
        longest,
        longest_allowed,
        crossings.size,
        fewest_allowed,
        claim and longest > longest_allowed,
        claim and crossings.size < fewest_allowed,
    )


def run_limits(points: int) -> tuple[int, int]:
    """Longest run and fewest crossings that chance allows for so many points off the centre line."""
    if points < 2:
        return points, 0
    return round(np.log2(points) + 3), int(stats.binom.ppf(0.05, points - 1, 0.5))
