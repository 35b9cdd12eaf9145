"""Rank intervals: are equal units left unranked, and are true ranks covered? Writes benchmarks/RANKS.md.

Run by hand from the project's folder: `python benchmarks/rank_intervals.py [YEARS]` (1,000 by default).
Beside the intervals that hold together stand those of ranks counted draw by draw, the usual way.
"""

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.stats import rank_intervals, scores
from analysis.stats.inputs import FloatArray
from analysis.stats.rank_intervals import RankIntervals

OUT = Path(__file__).with_name("RANKS.md")
DRAWS = 1000


@dataclass(frozen=True)
class County:
    """Units with their true rates: shares of ``trials`` cases, or mean counts where there are none."""

    name: str
    rates: tuple[float, ...]
    trials: int | None

    def replicates(self, rng: np.random.Generator) -> FloatArray:
        """A year's figures, drawn anew as the assessment does."""
        if self.trials is None:
            seen = rng.poisson(self.rates)
            return scores.poisson_replicates(seen, np.ones(seen.size), draws=DRAWS, rng=rng)
        seen = rng.binomial(self.trials, self.rates)
        return scores.binomial_replicates(seen, [self.trials] * seen.size, draws=DRAWS, rng=rng)


def equal(units: int, rate: float, trials: int | None) -> County:
    """A county in which every unit is as good as the others."""
    what = f"mean count {rate:g}" if trials is None else f"{rate:.0%} of {trials} cases"
    return County(f"{units} equal units, {what}", (rate,) * units, trials)


COUNTIES = (
    *(equal(10, rate, 60) for rate in (0.5, 0.8, 0.95)),
    *(equal(20, rate, trials) for rate, trials in ((0.5, 60), (0.8, 200))),
    *(equal(10, rate, None) for rate in (2, 10)),
    equal(20, 30, None),
    County("10 units, 50 to 95 % of 60 cases", tuple(0.95 - 0.05 * unit for unit in range(10)), 60),
    County("one of 98 %, nine of 50 % of 60 cases", (0.98, *[0.5] * 9), 60),
)


def held(county: County, found: RankIntervals) -> bool:
    """Whether every unit keeps all of its true ranks: units of one rate have any of theirs."""
    true = [
        (1 + sum(other > own for other in county.rates), sum(other >= own for other in county.rates))
        for own in county.rates
    ]
    return all(
        low <= first and last <= high
        for low, high, (first, last) in zip(found.low, found.high, true, strict=True)
    )


def line(county: County, years: int) -> str:
    """One county's row: how often all true ranks are kept together, and how wide the intervals are."""
    kinds: tuple[Callable[[FloatArray], RankIntervals], ...] = (
        rank_intervals.simultaneous,
        rank_intervals.swept,
    )
    kept, width = np.zeros((2, years)), np.zeros((2, years))
    for year in range(years):
        draws = county.replicates(np.random.default_rng(year))
        for kind, interval in enumerate(kinds):
            found = interval(draws)
            kept[kind, year] = held(county, found)
            width[kind, year] = np.mean(np.subtract(found.high, found.low) + 1)
    shown = [f"{100 * kept[kind].mean():.1f} | {width[kind].mean():.1f}" for kind in (0, 1)]
    return f"| {county.name} | {shown[0]} | {shown[1]} |\n"


def main() -> None:
    """Every county, one after the other."""
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    head = (
        "# Rank intervals of units\n\n"
        f"Written by `benchmarks/rank_intervals.py {years}` (Python {platform.python_version()}, "
        f"numpy {np.__version__}). Per cent of\n{years} years in which every unit kept all of its true "
        "ranks, at 95 % (Monte Carlo error 0.7 points near 95 %),\nand how many ranks an interval holds on "
        f"average; {DRAWS} draws a year. Draw by draw: central intervals of ranks\ncounted in each draw.\n\n"
        "| county | together, % | ranks | draw by draw, % | ranks |\n|---|--:|--:|--:|--:|\n"
    )
    OUT.write_text(head + "".join(line(county, years) for county in COUNTIES), encoding="utf-8")


if __name__ == "__main__":
    main()
