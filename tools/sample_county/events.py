"""A year's ordinary events: inspections, what they find, and what enterprises report themselves."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from .plan import Plan

MODES = ("routine", "double_random", "unannounced", "special", "joint")
MODE_SHARES = (0.44, 0.21, 0.15, 0.12, 0.08)
LAST_DAYS_OFF = 2
"""Days kept free at the year's end, so that what is found can be written down."""


def ordinary_inspections(
    plan: Plan, enterprises: pd.DataFrame, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Inspections outside the published campaigns, one row each, with the number of hazards found."""
    rates = enterprises["sector"].map(_effort(plan, year)).to_numpy()
    visits = rng.poisson(rates)
    visited = enterprises.loc[enterprises.index.repeat(visits)].reset_index(drop=True)
    visited["day"] = _days(plan, year, len(visited), rng)
    visited["mode"] = rng.choice(MODES, len(visited), p=MODE_SHARES)
    visited["campaign"] = _tags(plan, visited, rng)
    visited["person_times"] = rng.integers(2, 5, len(visited))
    return visited.assign(hazards=_found(plan, visited, rng))


def _effort(plan: Plan, year: int) -> dict[str, float]:
    usual = plan.ordinary["inspections_per_enterprise"] * plan.volume[year]
    planted = {
        plan.effect(name)["sector"]: plan.effect(name)["inspections"]
        for name in ("effort", "yield")
        if plan.effect(name)
    }
    return {sector: usual * planted.get(sector, 1.0) for sector in plan.sectors}


def _days(plan: Plan, year: int, count: int, rng: np.random.Generator) -> pd.DatetimeIndex:
    every = pd.date_range(date(year, 1, 2), date(year, 12, 31 - LAST_DAYS_OFF))
    season = np.array(plan.ordinary["season"])[every.month - 1] * np.where(every.dayofweek < 5, 1.0, 0.12)
    return every[rng.choice(len(every), count, p=season / season.sum())]


def _tags(plan: Plan, visited: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    tagged = pd.Series(None, index=visited.index, dtype=object)
    for campaign, tag in plan.tags.items():
        inside = visited["day"].between(pd.Timestamp(tag["start"]), pd.Timestamp(tag["end"]))
        inside &= visited["sector"].eq(tag["sector"]) if "sector" in tag else True
        tagged[inside & (rng.random(len(visited)) < tag["share"])] = campaign
    return tagged


def _found(plan: Plan, visited: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Hazards of each inspection: nothing, or one and a geometric rest, more in prone enterprises."""
    prone = visited["frailty"].to_numpy()
    hit = plan.ordinary["hit_share"] * _factor(plan, visited, "hit") * np.clip(0.55 + 0.45 * prone, 0, 1.9)
    more = (plan.ordinary["hazards_per_hit"] * _factor(plan, visited, "hazards_per_hit") - 1) * prone
    hits = rng.random(len(visited)) < np.clip(hit, 0, 0.97)
    return np.where(hits, 1 + rng.poisson(more), 0)


def _factor(plan: Plan, visited: pd.DataFrame, name: str) -> np.ndarray:
    """What the planted effects do to one rate of each inspection."""
    factor = np.ones(len(visited))
    if effect := plan.effect("yield"):
        factor *= np.where(visited["sector"] == effect["sector"], effect.get(name, 1.0), 1.0)
    if effect := plan.effect("township"):
        factor *= np.where(visited["township"] == effect["name"], effect.get(name, 1.0), 1.0)
    if effect := plan.effect("level_shift"):
        shifted = (visited["sector"] == effect["sector"]) & (visited["day"] >= pd.Timestamp(effect["start"]))
        factor *= np.where(shifted, effect.get(name, 1.0), 1.0)
    return factor


def found_hazards(plan: Plan, inspections: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """One row for each hazard that the inspections found, with the inspection's number."""
    numbered = inspections.assign(inspection=np.arange(len(inspections)))
    rows = numbered.loc[numbered.index.repeat(numbered["hazards"])].reset_index(drop=True)
    major = rng.random(len(rows)) < plan.yearly("major_found", year)
    source = rng.choice(["department", "expert", "public_report"], len(rows), p=[0.93, 0.05, 0.02])
    return rows.assign(level=np.where(major, "major", "general"), source=source).rename(
        columns={"day": "found_on"}
    )


def self_reports(plan: Plan, enterprises: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """Hazards that enterprises report themselves: no inspection stands behind them."""
    usual = plan.ordinary
    found = usual["inspections_per_enterprise"] * usual["hit_share"] * usual["hazards_per_hit"]
    share = enterprises["sector"].map(lambda sector: _self_share(plan, sector, year)).to_numpy()
    rate = found * plan.volume[year] * share / (1 - share) * enterprises["frailty"].to_numpy()
    if effect := plan.effect("township"):
        rate = rate * np.where(enterprises["township"] == effect["name"], effect["self_reports"], 1.0)
    rows = enterprises.loc[enterprises.index.repeat(rng.poisson(rate))].reset_index(drop=True)
    major = rng.random(len(rows)) < plan.yearly("major_self", year)
    return rows.assign(
        found_on=_days(plan, year, len(rows), rng),
        level=np.where(major, "major", "general"),
        source="self_reported",
        mode=None,
        campaign=None,
    )


def _self_share(plan: Plan, sector: str, year: int) -> float:
    effect = plan.effect("reporting")
    usual = plan.yearly("self_share", year)
    if effect.get("sector") != sector:
        return usual
    return (
        float(effect["self_share"]) * usual / plan.ordinary["self_share"]
        if year == 2024
        else effect["self_share"]
    )
