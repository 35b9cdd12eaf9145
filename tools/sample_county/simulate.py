"""One run of the county: six years of events as tables, in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import campaigns, events
from .county import make_enterprises, regulated_enterprises
from .descriptions import describe
from .penalties import make_penalties
from .plan import YEARS, Plan
from .rectification import follow_up
from .returns import make_returns


@dataclass(frozen=True)
class YearTables:
    """A year's rows under the names of the package's tables, before any office writes them down."""

    hazards: pd.DataFrame
    enforcement: pd.DataFrame
    penalties: pd.DataFrame
    enterprises: pd.DataFrame
    inspections: pd.DataFrame


def simulate(plan: Plan, seed: int) -> dict[int, YearTables]:
    """All years of the county; the same plan and seed give the same tables."""
    enterprises = make_enterprises(plan, np.random.default_rng([seed, 0]))
    return {year: _year(plan, enterprises, year, np.random.default_rng([seed, year])) for year in YEARS}


def _year(plan: Plan, enterprises: pd.DataFrame, year: int, rng: np.random.Generator) -> YearTables:
    inspections, hazards = _found(plan, enterprises, year, rng)
    hazards = follow_up(plan, hazards, year, rng)
    hazards = describe(hazards, year, rng)
    penalties = make_penalties(plan, inspections, year, rng)
    returns = make_returns(plan, inspections, hazards, penalties, year, rng)
    listed = regulated_enterprises(plan, enterprises)
    return YearTables(hazards, returns, penalties, listed, inspections)


def _found(
    plan: Plan, enterprises: pd.DataFrame, year: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    ordinary = events.ordinary_inspections(plan, enterprises, year, rng)
    inspections = [ordinary.assign(inspection=np.arange(len(ordinary)))]
    hazards = [
        events.found_hazards(plan, ordinary, year, rng),
        events.self_reports(plan, enterprises, year, rng),
    ]
    if year == 2023 and plan.published:
        published = campaigns.published_inspections(plan, enterprises, rng)
        inspections.append(published.assign(inspection=-1 - np.arange(len(published))))
        hazards.append(campaigns.published_hazards(plan, published))
        hazards.append(campaigns.published_self_reports(plan, enterprises, rng))
    return pd.concat(inspections, ignore_index=True), _in_order(pd.concat(hazards, ignore_index=True))


def _in_order(hazards: pd.DataFrame) -> pd.DataFrame:
    return hazards.sort_values(["found_on", "enterprise"], kind="stable", ignore_index=True)
