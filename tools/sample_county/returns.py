"""The monthly enforcement returns: the inspections and penalties of a year, as offices add them up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .plan import Plan

KEY = ["department", "sector", "campaign", "township", "month"]
COUNTS = [
    "inspections", "inspections_with_findings", "inspections_with_major_findings", "person_times",
    "hazards_found", "notices_issued", "penalties_issued", "fines", "temporary_seals",
    "suspensions_ordered", "guidance_visits", "trainings", "people_trained",
]  # fmt: skip


def make_returns(
    plan: Plan,
    inspections: pd.DataFrame,
    hazards: pd.DataFrame,
    penalties: pd.DataFrame,
    year: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per department, sector, campaign, township and month; also the year's distinct enterprises."""
    visits = _with_measures(plan, inspections, hazards, year, rng)
    visits["campaign"] = visits["campaign"].fillna("")
    grouped = visits.groupby(KEY, sort=True)
    rows = grouped[[c for c in COUNTS if c in visits]].sum()
    rows["enterprises_inspected"] = grouped["enterprise"].nunique()
    rows = rows.join(_decisions(penalties), how="outer").fillna(0).astype(int).reset_index()
    rows = _trainings(rows, rng)
    return _with_discrepancies(plan, rows, year).assign(
        campaign=lambda frame: frame["campaign"].replace({"": None})
    )


def _with_measures(
    plan: Plan, inspections: pd.DataFrame, hazards: pd.DataFrame, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    found = inspections["hazards"] > 0
    majors = hazards.loc[hazards["level"] == "major", "inspection"].dropna().unique()
    notices = found & (rng.random(len(found)) < plan.ordinary["notice_share"])
    visits = inspections.assign(
        month=inspections["day"].dt.month,
        inspections=1,
        inspections_with_findings=found,
        inspections_with_major_findings=inspections["inspection"].isin(majors),
        hazards_found=inspections["hazards"],
        notices_issued=notices,
        temporary_seals=found & (rng.random(len(found)) < 0.009),
        suspensions_ordered=found & (rng.random(len(found)) < 0.006),
        guidance_visits=rng.random(len(found)) < 0.21,
    )
    return _as_published(plan, visits) if year == 2023 else visits


def _as_published(plan: Plan, visits: pd.DataFrame) -> pd.DataFrame:
    """Notices, seals and suspensions of a campaign stand as the document states them."""
    for campaign, spec in plan.published.items():
        rows = (
            visits[visits["campaign"] == campaign]
            .sort_values("hazards", ascending=False, kind="stable")
            .index
        )
        for name, key in (
            ("notices_issued", "notices"),
            ("temporary_seals", "seals"),
            ("suspensions_ordered", "suspensions"),
        ):
            if key in spec:
                visits.loc[rows, name] = np.arange(len(rows)) < spec[key]
    return visits


def _decisions(penalties: pd.DataFrame) -> pd.DataFrame:
    rows = penalties.assign(month=penalties["decided_on"].dt.month, campaign=penalties["campaign"].fillna(""))
    return rows.groupby(KEY).agg(penalties_issued=("party", "size"), fines=("fine", "sum"))


def _trainings(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    first = ~rows.duplicated(["department", "month"]) & (rows["campaign"] == "")
    held = np.where(first, rng.poisson(0.55, len(rows)), 0)
    return rows.assign(trainings=held, people_trained=held * rng.integers(18, 66, len(rows)))


def _with_discrepancies(plan: Plan, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """The planted contradictions between returns and ledgers."""
    for name, column in (("hazards_in_return", "hazards_found"), ("penalties_in_return", "penalties_issued")):
        planted = plan.discrepancies.get(name)
        if planted and planted["year"] == year:
            match = (rows["month"] == planted["month"]) & (rows["campaign"] == "") & (rows["inspections"] > 0)
            for key in ("sector", "department"):
                match &= rows[key].eq(planted[key]) if key in planted else True
            rows.loc[rows.index[match][0], column] += planted["extra"]
    return rows


def cumulated(rows: pd.DataFrame, keys: list[str], columns: list[str]) -> pd.DataFrame:
    """The rows with 累计 columns beside them: sums since January over the same keys."""
    ordered = rows.sort_values([*keys, "month"], kind="stable", na_position="first")
    sums = ordered.groupby(keys, dropna=False)[columns].cumsum()
    return ordered.join(sums.add_prefix("cumulative_"))


def merged(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows added up over what an office does not tell apart, such as townships."""
    numbers = [c for c in rows.columns if c in [*COUNTS, "enterprises_inspected"]]
    return rows.groupby(keys, dropna=False, sort=True)[numbers].sum().reset_index()
