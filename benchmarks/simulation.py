"""Simulation: do the intervals cover and the tests hold their size? Writes benchmarks/SIMULATION.md.

Run by hand from the project's folder: `python benchmarks/simulation.py [DRAWS] [WORK]` (10,000 by default).
WORK keeps the studies that are done, so that a run that was broken off goes on.
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product, repeat
from pathlib import Path

import numpy as np
from one_report import seconds_for_one_report

from analysis.stats.association import against_exposure
from analysis.stats.clusters import clustered_proportion, clustered_rate
from analysis.stats.control_charts import control_chart
from analysis.stats.funnel import funnel
from analysis.stats.inequality import change, inequality
from analysis.stats.interventions import regression_to_mean
from analysis.stats.outlook import backlog_outlook, rate_outlook
from analysis.stats.precision import overlap, spread
from analysis.stats.rates import CountMethod, expected_counts, proportion, rate, rate_ratio
from analysis.stats.regression import count_trend, interrupted_series
from analysis.stats.results import Estimate
from analysis.stats.self_check import library_versions
from analysis.stats.shrinkage import shrunken_rates
from analysis.stats.survival import kaplan_meier, log_rank
from analysis.stats.trends import mann_kendall

MEANS = (3, 5, 8, 10, 15, 20, 30, 50, 100, 200)
SECTORS = 12
EXACT, HOLDS, SIZE, STATED = "≥ 94.5", "93–98 from 10", "≤ 5", "stated"
SERIAL = {"poisson": 0.0, "autocorrelated 0.4": 0.4, "autocorrelated 0.6": 0.6}
"""Kinds of series without trend, and the autocorrelation from month to month of each."""
OUT = Path(__file__).with_name("SIMULATION.md")


@dataclass(frozen=True)
class Row:
    """Share of draws (in per cent) in which an interval covered the truth, or a test rejected a true null."""

    study: str
    setting: str
    events: float
    percent: float
    draws: int
    bar: str

    @property
    def error(self) -> float:
        """Monte Carlo standard error, in points of per cent."""
        share = min(max(self.percent / 100, 0.5 / self.draws), 1 - 0.5 / self.draws)
        return 100 * (share * (1 - share) / self.draws) ** 0.5

    @property
    def verdict(self) -> str:
        """Whether the bar is met; two Monte Carlo errors are granted to a test's size."""
        met = {
            EXACT: self.percent >= 94.5,
            HOLDS: self.events < 10 or 93 <= self.percent <= 98,
            SIZE: self.percent <= 5 + 2 * self.error,
            STATED: True,
        }[self.bar]
        return "" if self.bar == STATED else "met" if met else "**missed**"


Study = Callable[[int], Iterator[Row]]


def covers(estimate: Estimate, truth: float) -> bool:
    """Whether the interval holds the truth; an open end is infinite, no interval at all covers nothing."""
    if estimate.low is None and estimate.high is None:
        return False
    low = -np.inf if estimate.low is None else estimate.low
    high = np.inf if estimate.high is None else estimate.high
    return bool(low <= truth <= high)


def generator(name: str, mean: float) -> np.random.Generator:
    """One seed per study and setting, so that a study can be rerun alone."""
    return np.random.default_rng([*name.encode(), round(mean * 1000)])


def percent(hits: list[bool] | np.ndarray) -> float:
    return 100 * float(np.mean(hits))


def poisson_intervals(draws: int) -> Iterator[Row]:
    bars: dict[CountMethod, str] = {"exact": EXACT, "byar": EXACT, "auto": EXACT, "score": HOLDS}
    for method, bar in bars.items():
        interval = cache(lambda count, method=method: rate(count, method=method))
        for mean in MEANS:
            counts = generator(f"poisson {method}", mean).poisson(mean, draws)
            hits = [covers(interval(int(count)), mean) for count in counts]
            yield Row("Poisson count", method, mean, percent(hits), draws, bar)


def wilson_intervals(draws: int) -> Iterator[Row]:
    """Events are those of the rarer outcome: successes at 0.1 and 0.5, failures at 0.8."""
    for share in (0.1, 0.5, 0.8):
        for mean in MEANS:
            trials = round(mean / min(share, 1 - share))
            interval = cache(lambda hits, trials=trials: proportion(hits, trials))
            counts = generator("wilson", mean + share).binomial(trials, share, draws)
            hits = [covers(interval(int(count)), share) for count in counts]
            yield Row("Wilson proportion", f"share {share}", mean, percent(hits), draws, HOLDS)


def rate_ratios(draws: int) -> Iterator[Row]:
    for mean in MEANS:
        ratio = cache(lambda a, b: rate_ratio(a, 2, b, 1))
        pairs = generator("ratio", mean).poisson([2 * mean, mean], (draws, 2)).tolist()
        results = [ratio(a, b) for a, b in pairs]
        hits = [covers(r.estimate, 1) or r.estimate.n == 0 for r in results]
        yield Row("Rate ratio, exact", "equal rates", mean, percent(hits), draws, EXACT)
        rejected = [r.test.significant() for r in results]
        yield Row("Rate ratio, false findings", "equal rates", mean, percent(rejected), draws, SIZE)


def clustered(draws: int) -> Iterator[Row]:
    """Hazards of 100 enterprises, negative binomial: variance of the sum about five times Poisson's."""
    for mean in MEANS:
        rng = generator("clustered", mean)
        shape = mean / 100 / 4
        counts = rng.poisson(rng.gamma(shape, 4, (draws, 100)))
        estimates = [clustered_rate(row, np.ones(100)).estimate for row in counts]
        hits = [covers(e, mean / 100) for e in estimates]
        yield Row("Clustered rate", "100 enterprises, design effect 5", mean, percent(hits), draws, STATED)
        naive = [covers(rate(row.sum(), 100), mean / 100) for row in counts]
        yield Row("Clustered rate, if ignored", "plain Poisson", mean, percent(naive), draws, STATED)


def clustered_shares(draws: int) -> Iterator[Row]:
    """Rectified share of 60 enterprises with 1–10 hazards each, beta-binomial with correlation 0.3."""
    rng = generator("clustered share", 1)
    hits = []
    for _ in range(draws):
        trials = rng.integers(1, 11, 60)
        done = rng.binomial(trials, rng.beta(0.8 * 7 / 3, 0.2 * 7 / 3, 60))
        hits.append(covers(clustered_proportion(done, trials).estimate, 0.8))
    yield Row("Clustered proportion", "60 enterprises, share 0.8", 264, percent(hits), draws, STATED)


def _sector_shares(uneven: bool) -> tuple[np.ndarray, np.ndarray]:
    exposure = np.linspace(1, 4, SECTORS) / np.linspace(1, 4, SECTORS).sum()
    risk = np.geomspace(0.4, 3, SECTORS)[::-1] if uneven else np.ones(SECTORS)
    return exposure, exposure * risk / (exposure @ risk)


def inequality_bootstrap(draws: int) -> Iterator[Row]:
    """Twelve sectors, rates apart by a factor of seven or all alike; a twentieth of the draws."""
    for uneven in (True, False):
        exposure, events = _sector_shares(uneven)
        for index in ("theil_t", "theil_l", "gini"):
            truth = inequality(events * 1e9, exposure, index, draws=10).value or 0.0
            for mean in MEANS:
                counts = generator(index, mean + uneven).poisson(
                    events * mean * SECTORS, (draws // 20, SECTORS)
                )
                results = [inequality(row, exposure, index, draws=200) for row in counts]
                known = [covers(e, truth) for e in results if e.known]
                setting = f"{index}, {'uneven' if uneven else 'even'} sectors"
                if len(known) > draws / 40:
                    yield Row("Bootstrap index", setting, mean, percent(known), len(known), STATED)


def inequality_change(draws: int) -> Iterator[Row]:
    exposure, events = _sector_shares(True)
    for mean in MEANS:
        counts = generator("change", mean).poisson(events * mean * SECTORS, (draws // 5, 2, SECTORS))
        results = [change((a, exposure), (b, exposure), draws=1000) for a, b in counts]
        hits = [covers(one.estimate, 0) for one in results]
        yield Row("Change of Theil T", "no change", mean, percent(hits), len(hits), STATED)
        rejected = [one.test.significant() for one in results]
        yield Row("Change of Theil T, false findings", "no change", mean, percent(rejected), len(hits), SIZE)


def shrunken(draws: int) -> Iterator[Row]:
    """Twenty sectors of unlike size whose true rates vary by 50 %; draws counts sectors × repetitions."""
    sizes = np.geomspace(0.3, 3, 20)
    for mean in MEANS:
        rng = generator("shrunken", mean)
        rates, ranks, naive = [], [], []
        for _ in range(draws // 10):
            truth = rng.gamma(4, 1 / 4, 20)
            counts = rng.poisson(truth * sizes * mean)
            if counts.sum() == 0:
                continue
            result = shrunken_rates(counts, sizes * mean, draws=1000)
            place = (-truth).argsort().argsort() + 1
            rates += [covers(e, t) for e, t in zip(result.rates, truth, strict=True)]
            ranks += [covers(e, p) for e, p in zip(result.ranks, place, strict=True)]
            naive += [covers(rate(c, m), t) for c, m, t in zip(counts, sizes * mean, truth, strict=True)]
        yield Row("Shrunken rate", "20 sectors, spread 50 %", mean, percent(rates), len(rates), STATED)
        yield Row("Rank interval", "20 sectors, spread 50 %", mean, percent(ranks), len(ranks), STATED)


def screening(draws: int) -> Iterator[Row]:
    """Families of findings on sectors that do not differ: any finding in a report counts."""
    sizes = np.geomspace(0.3, 3, SECTORS)
    sizes = sizes / sizes.mean()
    for mean in MEANS:
        counts = generator("screening", mean).poisson(sizes * mean, (draws // 10, SECTORS))
        counts = counts[counts.sum(axis=1) > 0]
        tests = [against_exposure(row, sizes, draws=999) for row in counts]
        whole = [a.test.significant() for a in tests]
        yield Row("χ² against exposure, false findings", "any", mean, percent(whole), len(whole), SIZE)
        guarded = [a.test.significant() and any(r.significant() for r in a.residuals) for a in tests]
        yield Row("χ² and a Holm residual, false", "12 sectors", mean, percent(guarded), len(whole), SIZE)
        outlier = [{"high", "low"} & set(funnel(r, expected_counts(r, sizes)).verdict) for r in counts]
        alarm = [bool(x) for x in outlier]
        yield Row("Funnel, any false outlier", "12 sectors", mean, percent(alarm), len(alarm), STATED)


def series(draws: int) -> Iterator[Row]:
    """Monthly series without trend: Poisson, and with a log rate that is AR(1), spread 30 %."""
    few = draws // 10
    for mean, kind in product((5, 10, 20, 50), SERIAL):
        rng, setting = generator(kind, mean), f"48 months, {kind}"
        counts = [_monthly(rng, mean, kind, 48) for _ in range(few)]
        trend = [count_trend(row).tests["per_year"].significant() for row in counts]
        yield Row("Trend regression, false findings", setting, mean, percent(trend), few, SIZE)
        step = [interrupted_series(row, 24).tests["step"].significant() for row in counts]
        yield Row("Interrupted series, false steps", setting, mean, percent(step), few, SIZE)
        charts = [control_chart(row, np.ones(48), "u_prime").signal for row in counts]
        yield Row("u′ chart, any false signal", setting, mean, percent(charts), few, STATED)
    for years in (5, 7, 10):
        counts = generator("years", years).poisson(50, (draws, years))
        found = [mann_kendall(row).test.significant() for row in counts]
        yield Row("Mann–Kendall, false findings", f"{years} years", 50, percent(found), draws, SIZE)


def _monthly(rng: np.random.Generator, mean: float, kind: str, months: int) -> np.ndarray:
    spread = 0.3 if kind != "poisson" else 0.0
    noise = np.zeros(months)
    for month in range(months):
        before = noise[month - 1] if month else rng.normal(0, spread)
        noise[month] = SERIAL[kind] * before + rng.normal(0, spread * (1 - SERIAL[kind] ** 2) ** 0.5)
    return rng.poisson(mean * np.exp(noise))


def predictions(draws: int) -> Iterator[Row]:
    few = draws // 5
    for mean in (10, 30, 100):
        for years in (3, 5):
            for kind, spread_ in (("poisson", 0.0), ("years vary by 20 %", 0.2)):
                rng = generator(kind, mean + years)
                rates = mean * np.exp(rng.normal(0, spread_, (few, years + 1))) if spread_ else mean
                counts = rng.poisson(rates, (few, years + 1))
                hits = [
                    covers(rate_outlook(row[:-1], np.ones(years), 1).prediction, row[-1]) for row in counts
                ]
                yield Row("Outlook of a rate", f"{years} years, {kind}", mean, percent(hits), few, STATED)
        rng, hits = generator("backlog", mean), []
        for _ in range(few):
            found, closed = rng.poisson(mean, 36), rng.poisson(mean, 36)
            outlook = backlog_outlook(found[:24], closed[:24], 20 * mean, draws=1000).prediction
            hits.append(covers(outlook, 20 * mean + (found - closed)[24:].sum()))
        yield Row("Outlook of the backlog", "24 months", mean, percent(hits), few, STATED)


def durations(draws: int) -> Iterator[Row]:
    few = draws // 5
    for n in (20, 50, 200):
        rng = generator("survival", n)
        medians, tests = [], []
        for _ in range(few):
            time_, limit = np.ceil(rng.exponential(30, n)), np.ceil(rng.uniform(10, 120, n))
            days, event = np.minimum(time_, limit), time_ <= limit
            medians.append(covers(kaplan_meier(days, event).median, 21))
            tests.append(log_rank(days, event, np.arange(n) % 3).significant())
        yield Row("Kaplan–Meier median", "exponential, censored", n, percent(medians), few, STATED)
        yield Row("Log-rank, false findings", "three groups", n, percent(tests), few, SIZE)


def enforcement(draws: int) -> Iterator[Row]:
    exposure, events = _sector_shares(True)
    truth = float(np.minimum(exposure, events).sum())
    for mean in MEANS:
        rng = generator("overlap", mean)
        pairs = rng.poisson(mean * SECTORS * np.array([events, exposure]), (draws // 20, 2, SECTORS))
        hits = [covers(overlap(h, f, draws=200), truth) for h, f in pairs]
        yield Row("Overlap of enforcement and hazards", "12 sectors", mean, percent(hits), len(hits), STATED)
    for n in (6, 10, 30, 100):
        fines = np.exp(generator("fines", n).normal(9, 1, (draws, n)))
        hits = [covers(spread(row).median, float(np.exp(9))) for row in fines]
        yield Row("Median of fines", "log-normal", n, percent(hits), draws, EXACT)


def campaigns(draws: int) -> Iterator[Row]:
    """The five worst of 40 units are chosen and nothing is done: a ratio of 1 must stay covered."""
    few = draws // 5
    for mean in (3, 10, 30):
        rng, guarded, naive = generator("campaign", mean), [], []
        for _ in range(few):
            truth = mean * rng.gamma(4, 1 / 4, 40)
            before, after = rng.poisson(truth), rng.poisson(truth)
            chosen = before >= np.sort(before)[-5]
            result = regression_to_mean(before, np.ones(40), chosen, after, np.ones(40), draws=1000)
            guarded.append(result.ratio.excludes(1))
            plain = rate_ratio(after[chosen].sum(), 1, before[chosen].sum(), 1)
            naive.append(plain.test.significant())
        setting = "worst 5 of 40, no campaign"
        yield Row("Regression to the mean, false effects", setting, mean, percent(guarded), few, SIZE)
        yield Row("Before and after alone, false effects", setting, mean, percent(naive), few, STATED)


STUDIES: tuple[Study, ...] = (
    poisson_intervals,
    wilson_intervals,
    rate_ratios,
    clustered,
    clustered_shares,
    inequality_bootstrap,
    inequality_change,
    shrunken,
    screening,
    series,
    predictions,
    durations,
    enforcement,
    campaigns,
)


def run(study: Study, draws: int, work: Path) -> list[Row]:
    """All rows of a study, kept in a file of its own once they are there."""
    kept = work / f"{study.__name__}-{draws}.json"
    if not kept.is_file():
        text = json.dumps([asdict(row) for row in study(draws)])
        kept.with_suffix(".part").write_text(text, encoding="utf-8")
        kept.with_suffix(".part").rename(kept)
    return [Row(**row) for row in json.loads(kept.read_text(encoding="utf-8"))]


def table(rows: list[Row]) -> str:
    """Rows as Markdown, one line each."""
    titles = "| what | setting | events | per cent | ± MC error | draws | bar | |\n"
    head = titles + "|---|---|--:|--:|--:|--:|---|---|\n"
    return head + "".join(
        f"| {r.study} | {r.setting} | {r.events:g} | {r.percent:.2f} | {r.error:.2f} | {r.draws} "
        f"| {r.bar} | {r.verdict} |\n"
        for r in rows
    )


def report(draws: int, results: dict[Study, list[Row]]) -> str:
    """Head and tables of the studies done so far."""
    versions = ", ".join(f"{name} {number}" for name, number in library_versions().items())
    wall, busy = seconds_for_one_report()
    missed = sum("missed" in row.verdict for rows in results.values() for row in rows)
    parts = [
        "# Simulation of the intervals and tests\n",
        f"Written by `benchmarks/simulation.py {draws}`. Per cent of draws in which the 95 % interval",
        "covered the truth, or (false findings, false effects) in which a test at 5 % rejected a true null.",
        "Events are per sector, unit or series as the study says. Bars: exact, Byar and the rule of both",
        "≥ 94.5; score 93–98 from 10 events up, Wilson's from 10 of the rarer outcome up; false findings ≤ 5",
        "(two Monte Carlo errors granted); the others are stated.\n",
        f"{os.cpu_count()} cores shared with other work, Python {platform.python_version()}, {versions}.",
        f"{len(results)} of {len(STUDIES)} studies. Bars missed: {missed}.\n",
        f"Statistics of one report on 10,000 hazards: {wall:.2f} s, {busy:.2f} s of it processor time.\n",
    ]
    for study, rows in results.items():
        note = (study.__doc__ or "").strip()
        parts += [f"## {study.__name__.replace('_', ' ').capitalize()}\n", *([note + "\n"] if note else [])]
        parts.append(table(rows))
    return "\n".join(parts)


def main() -> None:
    """Run every study, two at a time, and write the tables as they come."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    work = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    results = {}
    with ProcessPoolExecutor(2) as pool:
        for study, rows in zip(STUDIES, pool.map(run, STUDIES, repeat(draws), repeat(work)), strict=False):
            results[study] = rows
            OUT.write_text(report(draws, results), encoding="utf-8")


if __name__ == "__main__":
    main()
