"""The committed sample county holds what data/README.md says: published figures, planted effects, faults.

Everything here is read from data/raw through the package's own preparation and worked out by simple means;
only the test of repetition runs the generator, and as a program.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.prepare import Preparation, prepare_year
from analysis.settings import Folders

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
YEARS = range(2019, 2025)
CUTOFF = pd.Timestamp("2023-12-05")
INDUSTRIES = [
    "industry_trade", "commerce", "gas", "construction", "road_transport", "road_traffic", "hazchem",
    "fireworks", "non_coal_mine", "tourism", "education", "health", "civil_affairs", "agriculture",
]  # fmt: skip
DAYS = ("found_on", "recorded_on", "due_on", "rectified_on", "verified_on", "listed_on", "decided_on")


class County:
    """The sample county as the package prepares it; each year is prepared once, when first asked for."""

    def __init__(self, processed: Path) -> None:
        self.processed = processed
        self.preparations: dict[int, Preparation] = {}
        self.tables: dict[tuple[str, int], pd.DataFrame] = {}

    def preparation(self, year: int) -> Preparation:
        """What became of a year's files."""
        if year not in self.preparations:
            folders = Folders.find(raw=RAW, processed=self.processed)
            self.preparations[year] = prepare_year(folders, year)[0]
        return self.preparations[year]

    def table(self, name: str, *years: int) -> pd.DataFrame:
        """Rows of a table, of the given years or of all, with real days and plain numbers."""
        return pd.concat([self._of_year(name, year) for year in years or YEARS], ignore_index=True)

    def _of_year(self, name: str, year: int) -> pd.DataFrame:
        if (name, year) not in self.tables:
            rows = pd.read_parquet(self._part(name, year, "parquet")).assign(year=year)
            days = {day: pd.to_datetime(rows[day]) for day in DAYS if day in rows}
            money = {column: rows[column].astype(float) for column in ("fine", "fines") if column in rows}
            self.tables[name, year] = rows.assign(**days, **money)
        return self.tables[name, year]

    def quarantine(self, year: int) -> pd.DataFrame:
        """The year's quarantine list."""
        return pd.read_csv(self._part("quarantine", year, "csv"))

    def _part(self, table: str, year: int, kind: str) -> Path:
        self.preparation(year)
        return self.processed / table / f"year={year}" / "county=990101" / f"part-0.{kind}"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("processed"))


def _by_cutoff(hazards: pd.DataFrame) -> pd.DataFrame:
    """The hazards known by the document's day, with what had become of them."""
    seen = hazards[hazards["recorded_on"].fillna(hazards["found_on"]) <= CUTOFF]
    undated = seen["status"].isin(["rectified", "verified"]) & seen["rectified_on"].isna()
    return seen.assign(
        rectified=(seen["rectified_on"] <= CUTOFF) | undated, verified=seen["verified_on"] <= CUTOFF
    )


# --- Published figures: a real county's summary of 2023; data/README.md tells which are published.


def test_major_hazards_of_the_campaign_are_the_published_ones(county: County) -> None:
    campaign = _by_cutoff(county.table("hazards", 2023)).query("campaign == 'major_hazard_2023'")
    own = campaign["source"] == "self_reported"
    assert (len(campaign), own.sum(), (~own).sum(), campaign["rectified"].sum()) == (140, 42, 98, 101)
    assert set(campaign["level"]) == {"major"}
    assert set(campaign["sector"].value_counts().index[:3]) == {"industry_trade", "road_traffic", "gas"}


PUBLISHED_HAZARDS = {
    "standing_supervision": (135, 135),
    "may_day_inspection": (407, 407),
    "gas_rectification": (1662, None),
    "gas_enterprises": (8, 8),
    "gas_business_users": (2, 2),
    "gas_household_visits": (9, 9),
    "hazchem_2023": (162, None),
    "mine_check": (32, 32),
    "industry_site_check": (25, 25),
    "industry_expert_check": (118, None),
    "industry_gas_check": (16, None),
    "fire_key_places": (None, 282),
    "construction_check": (19, 19),
    "road_governance_year": (112, 112),
    "lpg_check": (8, 8),
    "elevator_action": (1, None),
    "tourism_check": (8, 8),
    "campus_check": (37, 37),
}


@pytest.mark.parametrize("campaign", PUBLISHED_HAZARDS)
def test_hazards_of_each_campaign_are_the_published_ones(county: County, campaign: str) -> None:
    """Found and rectified by the document's day (None: the document does not say)."""
    rows = _by_cutoff(county.table("hazards", 2023)).query("campaign == @campaign")
    for published, counted in zip(
        PUBLISHED_HAZARDS[campaign], (len(rows), rows["rectified"].sum()), strict=True
    ):
        assert published in (None, counted)


PUBLISHED_RETURNS = {
    ("major_hazard_2023", "enterprises_inspected"): 274,
    ("major_hazard_2023", "hazards_found"): 98,
    ("hot_work_month", "enterprises_inspected"): 128,
    ("hot_work_month", "inspections_with_major_findings"): 0,
    ("may_day_inspection", "person_times"): 498,
    ("may_day_inspection", "hazards_found"): 407,
    ("gas_rectification", "enterprises_inspected"): 468,
    ("gas_rectification", "hazards_found"): 1662,
    ("gas_enterprises", "enterprises_inspected"): 8,
    ("gas_enterprises", "notices_issued"): 4,
    ("gas_business_users", "enterprises_inspected"): 44,
    ("hazchem_2023", "enterprises_inspected"): 54,
    ("mine_check", "enterprises_inspected"): 13,
    ("mine_check", "inspections"): 16,
    ("mine_check", "notices_issued"): 5,
    ("industry_site_check", "enterprises_inspected"): 22,
    ("industry_expert_check", "enterprises_inspected"): 28,
    ("fire_key_places", "enterprises_inspected"): 311,
    ("fire_key_places", "notices_issued"): 190,
    ("fire_key_places", "penalties_issued"): 24,
    ("fire_key_places", "fines"): 101_800,
    ("fire_key_places", "temporary_seals"): 3,
    ("fire_key_places", "suspensions_ordered"): 4,
    ("construction_check", "enterprises_inspected"): 15,
    ("construction_check", "notices_issued"): 15,
    ("boiler_check", "enterprises_inspected"): 12,
    ("boiler_check", "person_times"): 36,
    ("lpg_check", "enterprises_inspected"): 6,
    ("elevator_action", "inspections"): 12,
    ("tourism_check", "person_times"): 72,
    ("tourism_check", "inspections"): 32,
    ("tourism_check", "hazards_found"): 8,
}


@pytest.mark.parametrize(("campaign", "column"), PUBLISHED_RETURNS)
def test_returns_of_each_campaign_are_the_published_ones(county: County, campaign: str, column: str) -> None:
    """Enterprises may be added here: in these campaigns each was visited in one month only."""
    rows = county.table("enforcement", 2023).query("campaign == @campaign")
    assert rows[column].sum() == PUBLISHED_RETURNS[campaign, column]


def test_fire_penalties_are_the_published_ones(county: County) -> None:
    fire = county.table("penalties", 2023).query("body.str.contains('消防')")
    assert (len(fire), fire["fine"].sum()) == (24, 101_800)
    assert fire["kind"].str.contains("suspension").sum() == 4


def test_rectification_on_site_and_closure_are_the_published_ones(county: County) -> None:
    seen = _by_cutoff(county.table("hazards", 2023))
    site = seen.query("campaign == 'industry_site_check'")["rectification_mode"].value_counts()
    assert (site["on_site"], site["deadline"]) == (18, 7)
    road = seen.query("campaign == 'road_governance_year'")
    assert (road["verified"].sum(), (road["rectified"] & ~road["verified"]).sum()) == (106, 6)
    assert round(road["verified"].mean() * 100, 2) == 94.64
    assert (seen.query("campaign == 'fire_key_places'")["level"] == "major").sum() == 1


def test_the_county_is_larger_than_its_campaigns(county: County) -> None:
    """A figure of the document is never the county's."""
    hazards = county.table("hazards", 2023)
    majors = hazards[hazards["level"] == "major"]
    assert (majors["campaign"] != "major_hazard_2023").sum() >= 30
    assert hazards["campaign"].isna().sum() > 1000
    assert 3000 <= len(hazards) <= 6000


# --- Planted effects, found by simple means


def _by_sector(county: County, year: int) -> pd.DataFrame:
    hazards, returns = county.table("hazards", year), county.table("enforcement", year)
    own = hazards["source"] == "self_reported"
    counts = county.table("enterprises", year).groupby("sector")["regulated_enterprises"].sum()
    return pd.DataFrame(
        {
            "enterprises": counts,
            "inspections": returns.groupby("sector")["inspections"].sum(),
            "found": hazards[~own].groupby("sector").size(),
            "reported": hazards[own].groupby("sector").size(),
        }
    ).loc[INDUSTRIES]


def _quotients(county: County, year: int, sector: str) -> tuple[float, float, float]:
    """Effort, yield and self-reported share of a sector over those of all other industries."""
    table = _by_sector(county, year).fillna(0)
    one, rest = table.loc[sector], table.drop(sector).sum()

    def ratio(upper: str, lower: str) -> float:
        return float((one[upper] / one[lower]) / (rest[upper] / rest[lower]))

    table_share = one["reported"] / (one["reported"] + one["found"])
    return ratio("inspections", "enterprises"), ratio("found", "inspections"), float(table_share)


@pytest.mark.parametrize("year", YEARS)
def test_one_sector_is_high_by_effort_alone(county: County, year: int) -> None:
    effort, found, share = _quotients(county, year, "hazchem")
    assert effort > 2.5
    assert 0.6 < found < 1.3
    assert share < 0.25


@pytest.mark.parametrize("year", YEARS)
def test_one_sector_is_high_by_yield(county: County, year: int) -> None:
    effort, found, share = _quotients(county, year, "road_transport")
    assert effort < 0.95
    assert found > 1.8
    assert share < 0.25


@pytest.mark.parametrize("year", YEARS)
def test_one_sector_is_high_by_self_reporting(county: County, year: int) -> None:
    _, _, share = _quotients(county, year, "health")
    others = _by_sector(county, year).drop("health").sum()
    assert share > 3 * others["reported"] / (others["reported"] + others["found"])
    assert share > 0.35


def test_a_campaign_shifts_the_hit_rate_of_its_sector_only(county: County) -> None:
    returns = county.table("enforcement", 2019, 2020, 2021, 2022)
    after = (returns["year"] == 2022) & (returns["month"] >= 3)
    trade = returns["sector"] == "industry_trade"

    def hits(rows: pd.Series) -> tuple[int, int]:
        chosen = returns[rows]
        return chosen["inspections_with_findings"].sum(), chosen["inspections"].sum()

    table = [hits(trade & after), hits(trade & ~after)]
    odds = stats.fisher_exact([[h, n - h] for h, n in table])
    assert odds.statistic > 1.5
    assert odds.pvalue < 0.001
    other = [hits(~trade & after), hits(~trade & ~after)]
    assert abs(other[0][0] / other[0][1] - other[1][0] / other[1][1]) < 0.06


def test_the_campaign_of_2023_lifts_the_major_hit_rate(county: County) -> None:
    months = (
        county.table("enforcement", 2023)
        .groupby("month")[["inspections_with_major_findings", "inspections"]]
        .sum()
    )
    (before, visits), (after, later) = months.loc[1:4].sum(), months.loc[5:11].sum()
    assert after / later > 1.5 * before / visits
    assert stats.fisher_exact([[after, later - after], [before, visits - before]]).pvalue < 0.01


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("department", ["交通运输局", "农业农村局"])
def test_two_departments_are_slow(county: County, year: int, department: str) -> None:
    hazards = county.table("hazards", year)
    hazards = hazards[(hazards["due_on"] - hazards["found_on"]).dt.days > 0]
    days = (hazards["rectified_on"] - hazards["found_on"]).dt.days.fillna(400)
    slow = hazards["department"].eq(department)
    rest = ~hazards["department"].isin(["交通运输局", "农业农村局"])
    assert days[slow].median() > 2.5 * days[rest].median()
    late = days > (hazards["due_on"] - hazards["found_on"]).dt.days
    assert late[slow].mean() > late[rest].mean() + 0.3


@pytest.mark.parametrize("year", YEARS)
def test_one_department_records_weeks_late(county: County, year: int) -> None:
    hazards = county.table("hazards", year).dropna(subset=["recorded_on"])
    days = (hazards["recorded_on"] - hazards["found_on"]).dt.days
    late = hazards["department"] == "住房和城乡建设局"
    assert days[late].median() >= 20
    assert days[~late].quantile(0.95) <= 5


def test_penalties_per_inspection_rise_over_the_years(county: County) -> None:
    penalties = county.table("penalties").groupby("year").size()
    inspections = county.table("enforcement").groupby("year")["inspections"].sum()
    rates = (penalties / inspections).to_numpy()
    assert stats.kendalltau(np.arange(6), rates).statistic >= 0.86
    assert rates[-1] > 2.5 * rates[0]


def test_self_reported_share_of_major_hazards_falls_in_2024(county: County) -> None:
    majors = county.table("hazards", 2023, 2024).query("level == 'major'")
    own = majors.assign(own=majors["source"] == "self_reported").groupby("year")["own"].agg(["sum", "size"])
    (before, of), (after, total) = own.loc[2023], own.loc[2024]
    assert after / total < 0.5 * before / of
    assert stats.fisher_exact([[before, of - before], [after, total - after]]).pvalue < 0.01


@pytest.mark.parametrize("year", YEARS)
def test_hazards_concentrate_in_one_township(county: County, year: int) -> None:
    hazards = county.table("hazards", year)["township"].value_counts(normalize=True)
    enterprises = county.table("enterprises", year).groupby("township")["regulated_enterprises"].sum()
    quotient = hazards / (enterprises / enterprises.sum())
    assert quotient.idxmax() == "石桥镇"
    assert quotient["石桥镇"] > 1.6
    assert quotient.drop("石桥镇").max() < 1.4


@pytest.mark.parametrize("year", YEARS)
def test_hazards_repeat_in_enterprises(county: County, year: int) -> None:
    """Many enterprises have one hazard and a few have many, more than chance would give."""
    counts = county.table("hazards", year).groupby("enterprise").size()
    assert counts.var() > 1.8 * counts.mean()


# --- The accounts agree, but where data/README.md says otherwise


def test_returns_and_ledgers_agree_but_for_one_sector_and_month(county: County) -> None:
    for year in YEARS:
        hazards = county.table("hazards", year).query("source != 'self_reported'")
        ledger = hazards.groupby(["sector", hazards["found_on"].dt.month.rename("month")]).size()
        returned = county.table("enforcement", year).groupby(["sector", "month"])["hazards_found"].sum()
        gap = returned.sub(ledger, fill_value=0).loc[lambda differences: differences != 0]
        if year == 2023:
            assert gap.to_dict() == {("commerce", 7): 9}
        elif year == 2020:  # the cumulative return whose July stands below June, so that July is put apart
            assert {sector for sector, _ in gap.index} == {"education"}
        else:
            assert gap.empty


def test_returns_and_penalty_lists_agree_but_for_one_decision(county: County) -> None:
    for year in YEARS:
        listed = county.table("penalties", year).assign(
            department=lambda rows: rows["body"].str.removeprefix("示例县")
        )
        returned = county.table("enforcement", year).groupby("department")["penalties_issued"].sum()
        gap = returned.sub(listed.groupby("department").size(), fill_value=0)
        if year == 2020:  # July of one department's cumulative return is put apart
            gap = gap.drop("教育体育局")
        assert gap[gap != 0].to_dict() == ({"市场监督管理局": 1} if year == 2023 else {})


def test_inspections_with_findings_are_inspections(county: County) -> None:
    rows = county.table("enforcement")
    assert (rows["inspections_with_findings"] <= rows["inspections"]).all()
    assert (rows["inspections_with_major_findings"] <= rows["inspections_with_findings"]).all()


def test_one_sector_has_more_inspected_than_regulated_enterprises(county: County) -> None:
    """The list of nursing homes is out of date; nowhere else do more enterprises appear than are listed."""
    returns = county.table("enforcement", 2023)
    monthly = returns.groupby(["sector", "month"])["enterprises_inspected"].sum().groupby("sector").sum()
    regulated = county.table("enterprises", 2023).groupby("sector")["regulated_enterprises"].sum()
    assert monthly["civil_affairs"] > regulated["civil_affairs"]
    hazards = county.table("hazards", 2023)
    distinct = hazards.groupby("sector")["enterprise"].nunique()
    others = regulated.index.drop("civil_affairs")
    assert (distinct[others] <= regulated[others]).all()


# --- Forms and faults


@pytest.mark.parametrize("year", YEARS)
def test_every_row_is_accounted_for_and_no_column_is_lost(county: County, year: int) -> None:
    preparation = county.preparation(year)
    assert all(tally.conserved for tally in preparation.tallies)
    assert {message.code for message in preparation.messages}.isdisjoint(
        {"column_unmatched", "total_mismatch"}
    )


def test_quarantine_superseding_and_corrections_have_something_to_show(county: County) -> None:
    reasons = Counter(county.quarantine(2023)["reason"])
    assert set(reasons) >= {"value_unknown", "date_impossible", "days_out_of_order", "outside_year"}
    assert "cumulative_decreased" in set(county.quarantine(2020)["reason"])
    assert sum(tally.superseded for tally in county.preparation(2023).tallies) == 1
    codes = {message.code for message in county.preparation(2023).messages}
    assert codes >= {"correction_applied", "correction_dropped", "correction_flagged", "correction_stale"}
    assert "credit_code_invalid" in codes


def test_numbered_hazards_and_personal_columns_are_met(county: County) -> None:
    tallies = county.preparation(2023).tallies
    assert sum(tally.cells_split for tally in tallies) > 100
    assert {kind for tally in tallies for kind in tally.personal} == {"person", "phone", "identity", "photo"}
    assert any(tally.skipped_blank for tally in tallies)
    assert any(tally.skipped_total for tally in tallies)


def test_files_are_marked_as_a_sample_and_are_of_all_kinds() -> None:
    files = [path for path in RAW.rglob("*") if path.is_file()]
    data = [path for path in files if path.suffix not in (".yaml",) and path.name != "counties.csv"]
    assert all("示例数据" in path.name for path in data)
    assert {path.suffix for path in data} == {".xls", ".xlsx", ".csv", ".txt", ".docx", ".md"}
    heads = [path.read_bytes() for path in data if path.suffix == ".csv"]
    assert any(head.startswith(b"\xef\xbb\xbf") for head in heads)
    assert any(_is_gb18030(head) for head in heads)
    assert sum(path.stat().st_size for path in files) < 6_000_000
    assert (RAW / "counties.csv").read_text(encoding="utf-8") == "code,name,sample\n990101,示例县,yes\n"


def _is_gb18030(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return bool(content.decode("gb18030"))
    return False


def test_the_generator_writes_the_committed_files_again(tmp_path: Path) -> None:
    """Office files are compared by their parts: how they are packed depends on the system's zlib."""
    command = [sys.executable, "-m", "tools.sample_county", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    assert _contents(tmp_path) == _contents(RAW)


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for part in sorted(archive.namelist()):
                digest.update(part.encode() + archive.read(part))
    else:
        digest.update(path.read_bytes())
    return digest.hexdigest()
