"""The hub's questions as somebody would write them for DuckDB by hand: what Ibis is measured against.

``count_if`` is the fastest of the ways to count rows that were tried.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analysis import vocabulary
from analysis.sums import ACTIVITY_INDICATORS, RETURN_COLUMNS

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
_LISTED = "coalesce(listed_on <= as_of and (delisted_on is null or delisted_on > as_of), false)"
LEDGER = {
    **_CONDITIONS,
    **_MAJOR,
    "major_hazards_listed_overdue": f"{_MAJOR['major_hazards_overdue']} and {_LISTED}",
}
_INCIDENTS = {
    "accidents": "count(*)",
    "fatal_accidents": "count_if(deaths > 0)",
    "deaths": "sum(deaths)",
    "serious_injuries": "sum(serious_injuries)",
    "economic_loss": "sum(direct_loss)",
}
_GRAIN = "county, township, year, month, sector, department, campaign, level"
_EVIDENCE = (
    "file || '#' || coalesce(sheet, '') || ':' || min(row) || '-' || max(row) || ' (' || count(*) || ')' "
    "as evidence"
)


def hub_sql(folder: Path, year: int, as_of: date, county: str) -> str:
    """One county's indicator rows, with the rows that each stands on."""
    counted = _union(folder, year, as_of, county, _GRAIN, evidence=True)
    facts = f"""select county, null as township, year, null as month, sector, null as department, campaign,
        null as level, 'document' as source, indicator, value::decimal(38, 6) as value, unit,
        document || '@' || start || '-' || "end" as evidence
        from {_rows(folder, "facts", year, county)} where measure = 'level' and not contains(sector, ';')"""
    return f"{counted} union all {facts} order by {_GRAIN}, indicator, source, evidence"


def by_county_sql(folder: Path, year: int, as_of: date) -> str:
    """All counties' counts by county, year and sector."""
    counted = _union(folder, year, as_of, "*", "county, year, sector", evidence=False)
    return f"{counted} order by county, year, sector, source, indicator"


def clumping_sql(folder: Path, year: int, as_of: date) -> str:
    """By measure of the comparison, its number and the sum of its squares over enterprises."""
    numbers = {
        "found": f"count_if({LEDGER['major_hazards_found']})",
        "own": f"count_if({LEDGER['major_hazards_self_reported']})",
        "late": f"count_if({LEDGER['hazards_due']}) - count_if({LEDGER['hazards_rectified_on_time']})",
    }
    columns = ", ".join(f"{formula} as {name}" for name, formula in numbers.items())
    sums = [f"sum({name})::bigint as {name}" for name in numbers]
    squares = [f'sum({name} * {name})::bigint as "{name} squared"' for name in numbers]
    return f"""select {", ".join([*sums, *squares])} from (select county, enterprise, {columns}
        from {_hazards(folder, year, as_of, "*")} group by county, enterprise)"""


def _rows(folder: Path, table: str, year: int, county: str) -> str:
    files = folder / table / f"year={year}" / f"county={county}" / "*.parquet"
    kept = "* exclude (year, county), cast(year as bigint) as year, county"
    read = f"read_parquet('{files}', hive_partitioning = true, hive_types_autocast = false)"
    return f"(select {kept} from {read})"


def _hazards(folder: Path, year: int, as_of: date, county: str) -> str:
    return f"""(select *, month(found_on)::bigint as month, date '{as_of}' as as_of,
        case when extended_due_on is not null and coalesce(extended_on, due_on) <= date '{as_of}'
            then extended_due_on else due_on end as deadline,
        coalesce(rectified_on <= date '{as_of}', false)
            or (status in ('rectified', 'verified') and rectified_on is null) as rectified
        from {_rows(folder, "hazards", year, county)}
        where found_on between date '{year}-01-01' and date '{as_of}'
            and coalesce(recorded_on, found_on) <= date '{as_of}')"""


def _union(folder: Path, year: int, as_of: date, county: str, grain: str, *, evidence: bool) -> str:
    def rows(table: str) -> str:
        return _rows(folder, table, year, county)

    def within(day: str) -> str:
        return f"{day} between date '{year}-01-01' and date '{as_of}'"

    returns = (
        f"(select * replace (month::bigint as month), null::varchar as level from {rows('enforcement')})"
    )
    listed = f"""(select *, null::bigint as month, null::varchar as department, null::varchar as level
        from {rows("enterprises")} {"" if evidence else "where campaign is null"})"""
    decided = f"""(select *, month(decided_on)::bigint as month, body as department,
        null::varchar as township, null::varchar as level from {rows("penalties")}
        where {within("decided_on")})"""
    occurred = f"""(select *, month(occurred_at)::bigint as month, null::varchar as department,
        null::varchar as campaign, null::varchar as level from {rows("incidents")}
        where {within("occurred_at::date")})"""
    held = f"""(select *, month(held_on)::bigint as month, '{vocabulary.SECTOR_TOTAL}' as sector,
        null::varchar as campaign, null::varchar as level from {rows("activities")}
        where {within("held_on")})"""
    counts = {name: f"count_if({condition})" for name, condition in LEDGER.items()}
    sums = {code: f"sum({name})" for name, code in RETURN_COLUMNS.items()}
    kinds = {code: f"count_if(kind in ({_listed(of)}))" for code, of in ACTIVITY_INDICATORS.items()}
    parts = (
        (_hazards(folder, year, as_of, county), counts, "ledger"),
        (returns, sums, "return"),
        (decided, {"penalties_issued": "count(*)", "fines": "sum(fine)"}, "ledger"),
        (listed, {"regulated_enterprises": "sum(regulated_enterprises)"}, "ledger"),
        (occurred, _INCIDENTS, "ledger"),
        (held, kinds, "ledger"),
    )
    return " union all ".join(_part(*part, grain, evidence) for part in parts)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


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
