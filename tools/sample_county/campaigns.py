"""The published campaigns of 2023 as events: exactly as many as the document states, invented in detail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .plan import Plan


def published_inspections(plan: Plan, enterprises: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Inspections of all published campaigns: every enterprise in one month only, hazards given exactly."""
    parts = [
        _inspections_of(plan, enterprises, campaign, sector, rng)
        for campaign, spec in plan.published.items()
        for sector, numbers in spec["parts"].items()
        if numbers[0]
    ]
    return pd.concat(parts, ignore_index=True)


def _inspections_of(
    plan: Plan, enterprises: pd.DataFrame, campaign: str, sector: str, rng: np.random.Generator
) -> pd.DataFrame:
    spec = plan.published[campaign]
    count, hazards, _, inspections = spec["parts"][sector]
    chosen = _chosen(plan, enterprises, sector, count, rng).assign(day=_days(spec, count, rng))
    again = chosen.iloc[rng.integers(0, count, inspections - count)]
    again = again.assign(day=_later_in_month(again["day"], spec))
    visits = pd.concat([chosen, again], ignore_index=True)
    return visits.assign(
        campaign=campaign,
        department=_department(visits, spec),
        mode=spec.get("mode", "special"),
        person_times=_spread(spec.get("person_times", 0), spec, inspections, rng),
        hazards=_hazards(plan, visits, hazards, spec, rng),
    )


def _chosen(
    plan: Plan, enterprises: pd.DataFrame, sector: str, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    pool = enterprises[enterprises["sector"] == sector]
    weight = _proneness(plan, pool) + 0.3
    return pool.iloc[rng.choice(len(pool), count, replace=False, p=weight / weight.sum())]


def _days(spec: dict[str, Any], count: int, rng: np.random.Generator) -> pd.DatetimeIndex:
    every = pd.bdate_range(*spec["days"])
    return every[rng.integers(0, len(every), count)]


def _later_in_month(days: pd.Series, spec: dict[str, Any]) -> pd.Series:
    month_end = days + pd.offsets.MonthEnd(0)
    last = month_end.clip(upper=pd.Timestamp(spec["days"][1]))
    return (days + pd.Timedelta(days=6)).where(days + pd.Timedelta(days=6) <= last, last)


def _department(visits: pd.DataFrame, spec: dict[str, Any]) -> pd.Series | str:
    return visits["department"] if spec.get("department", "own") == "own" else spec["department"]


def _spread(total: int, spec: dict[str, Any], inspections: int, rng: np.random.Generator) -> np.ndarray:
    """A published total over inspections, or two to four officers each where none is published."""
    if not total:
        return rng.integers(2, 5, inspections)
    every = sum(numbers[3] for numbers in spec["parts"].values())
    first = next(iter(spec["parts"].values()))[3] == inspections
    return np.full(inspections, total // every) + (np.arange(inspections) < total % every) * first


def _proneness(plan: Plan, rows: pd.DataFrame) -> np.ndarray:
    """Frailty, higher in the planted township, so that the published rows concentrate there as well."""
    effect = plan.effect("township")
    drawn = np.where(rows["township"] == effect.get("name"), effect.get("drawn", 1.0), 1.0)
    return rows["frailty"].to_numpy() * drawn


def _hazards(
    plan: Plan, visits: pd.DataFrame, hazards: int, spec: dict[str, Any], rng: np.random.Generator
) -> np.ndarray:
    """The given number of hazards over as many inspections as would ordinarily find something."""
    found = np.zeros(len(visits), dtype=int)
    if not hazards:
        return found
    usual = (
        0.42
        * np.sqrt(hazards / len(visits) / 1.05)
        * (1.3 if visits["sector"].iloc[0] == "industry_trade" else 1)
    )
    wanted = max(round(len(visits) * min(usual, 0.92)), spec.get("notices", 0), 1)
    weight = _proneness(plan, visits) + 0.4
    hits = rng.choice(len(visits), min(wanted, hazards, len(visits)), replace=False, p=weight / weight.sum())
    prone = _proneness(plan, visits)[hits] + 0.2
    found[hits] = 1 + rng.multinomial(hazards - len(hits), prone / prone.sum())
    return found


def published_hazards(plan: Plan, inspections: pd.DataFrame) -> pd.DataFrame:
    """One row for each hazard of the published inspections."""
    numbered = inspections.assign(inspection=-1 - np.arange(len(inspections)))
    rows = numbered.loc[numbered.index.repeat(numbered["hazards"])].reset_index(drop=True)
    specs = rows["campaign"].map(plan.published)
    rows["level"] = specs.map(lambda spec: spec.get("level", "general"))
    rows["source"] = specs.map(lambda spec: spec.get("source", "department"))
    listed = [rows.index[rows["campaign"] == c][0] for c, spec in plan.published.items() if "listing" in spec]
    rows.loc[listed, "level"] = "major"
    return rows.rename(columns={"day": "found_on"})


def published_self_reports(plan: Plan, enterprises: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The self-reported hazards of the published campaigns."""
    parts = []
    for campaign, spec in plan.published.items():
        for sector, (_, _, reports, _) in spec["parts"].items():
            pool = enterprises[enterprises["sector"] == sector]
            weight = pool["frailty"].to_numpy() / pool["frailty"].sum()
            rows = pool.iloc[rng.choice(len(pool), reports, p=weight)]
            parts.append(
                rows.assign(
                    found_on=_days(spec, reports, rng),
                    campaign=campaign,
                    level=spec.get("level", "general"),
                    source="self_reported",
                    mode=None,
                )
            )
    return pd.concat(parts, ignore_index=True)
