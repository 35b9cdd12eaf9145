"""The hub's questions as somebody would write them for DuckDB by hand: what Ibis is measured against."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analysis import vocabulary
from analysis.sums import RETURN_COLUMNS

_CONDITIONS = {
    "hazards_found": "true",
    "hazards_self_reported": "source = 'self_reported'",
    "hazards_department_found": "source <> 'self_reported'",
    "hazards_rectified": "rectified",
    "hazards_verified": "coalesce(verified_on <= as_of, false)",
    "hazards_pending": "not rectified",
    "hazards_due": "coalesce(deadline <= as_of, false)",
    "hazards_rectified_on_time": "coalesce(deadline <= as_of and rectified_on <= deadline, false)",
    "hazards_overdue": "not rectified and coalesce(deadline < as_of, false)",
}
_MAJOR = {
    f"major_{name}": f"{condition} and level = 'major'"
    for name, condition in _CONDITIONS.items()
    if name not in ("hazards_due", "hazards_rectified_on_time")
}
LEDGER = {**_CONDITIONS, **_MAJOR}
_GRAIN = "county, township, year, month, sector, department, campaign, level"
_EVIDENCE = (
    "file || '#' || coalesce(sheet, '') || ':' || min(row) || '-' || max(row) || ' (' || count(*) || ')' "
    "as evidence"
)


def hub_sql(folder: Path, year: int, as_of: date, county: str) -> str:
    """One county's indicator rows, with the rows that each stands on."""
    return _union(folder, year, as_of, county, _GRAIN, evidence=True)


def by_county_sql(folder: Path, year: int, as_of: date) -> str:
    """All counties' counts by county, year and sector."""
    return _union(folder, year, as_of, "*", "county, year, sector", evidence=False)


def _union(folder: Path, year: int, as_of: date, county: str, grain: str, *, evidence: bool) -> str:
    def rows(table: str) -> str:
        files = folder / table / f"year={year}" / f"county={county}" / "*.parquet"
        kept = "* exclude (year, county), cast(year as bigint) as year, county"
        read = f"read_parquet('{files}', hive_partitioning = true, hive_types_autocast = false)"
        return f"(select {kept} from {read})"

    hazards = f"""(select *, month(found_on)::bigint as month, date '{as_of}' as as_of,
        case when extended_due_on is not null and coalesce(extended_on, due_on) <= date '{as_of}'
            then extended_due_on else due_on end as deadline,
        coalesce(rectified_on <= date '{as_of}', false)
            or (status in ('rectified', 'verified') and rectified_on is null) as rectified
        from {rows("hazards")}
        where found_on between date '{year}-01-01' and date '{as_of}'
            and coalesce(recorded_on, found_on) <= date '{as_of}')"""
    returns = (
        f"(select * replace (month::bigint as month), null::varchar as level from {rows('enforcement')})"
    )
    listed = f"""(select *, null::bigint as month, null::varchar as department, null::varchar as level
        from {rows("enterprises")} {"" if evidence else "where campaign is null"})"""
    counts = {name: f"count(*) filter ({condition})" for name, condition in LEDGER.items()}
    sums = {code: f"sum({name})" for name, code in RETURN_COLUMNS.items()}
    regulated = {"regulated_enterprises": "sum(regulated_enterprises)"}
    parts = ((hazards, counts, "ledger"), (returns, sums, "return"), (listed, regulated, "ledger"))
    return " union all ".join(_part(*part, grain, evidence) for part in parts)


def _part(rows: str, sums: dict[str, str], source: str, grain: str, evidence: bool) -> str:
    columns = ", ".join(f"{formula}::decimal(38, 6) as {name}" for name, formula in sums.items())
    by = f"{grain}, file, sheet" if evidence else grain
    counted = f"select {grain}, {columns}{', ' + _EVIDENCE if evidence else ''} from {rows} group by {by}"
    extra = f", {_units(sums)} as unit, evidence" if evidence else ""
    return f"""select {grain}, '{source}' as source, indicator, value{extra}
        from ({counted}) unpivot (value for indicator in ({", ".join(sums)})) where value <> 0"""


def _units(names: dict[str, str]) -> str:
    known = vocabulary.indicators()
    return "case indicator " + " ".join(f"when '{n}' then '{known[n].unit}'" for n in names) + " end"
