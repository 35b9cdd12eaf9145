"""What is asked for and what of it must run: periods, counties, notebooks, less what is up to date.

Standard library only, so that a run with nothing to do stays quick.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from analysis import parameters, raw, vocabulary
from analysis.messages import AnalysisError, UsageError
from analysis.parameters import Parameters
from analysis.period import Period
from analysis.run import contents, record
from analysis.run.job import EngineName, Job
from analysis.run.record import NotebookRecord
from analysis.scope import cutoff_day
from analysis.settings import Folders, settings

EACH_COUNTY = "each"
REGION_NAME = "各县（市、区）"
"""What a region is called where counties.csv has no row for its code."""
VERSIONS_SHOWN = (
    "work-safety-analysis",
    "pandas",
    "statsmodels",
    "scipy",
    "duckdb",
    "ibis-framework",
    "papermill",
)


@dataclass(frozen=True)
class Request:
    """What the user asks to run."""

    periods: tuple[Period, ...]
    notebooks: tuple[str, ...] = ()
    county: str = ""
    given: dict[str, object] = field(default_factory=dict)
    workers: int = 0
    force: bool = False
    engine: EngineName = "warm"
    scheduler: str = ""
    """Address of a Dask scheduler whose workers run the notebooks; empty for this machine."""
    approved_by: str = ""

    @property
    def edition(self) -> str:
        """The edition asked for."""
        return str(self.given.get("edition", "internal"))


@dataclass(frozen=True)
class Edition:
    """One county's period in one edition, or a region's: the unit that has a folder and a run.json.

    ``members`` are the counties whose data it reads: itself, or all of a region.
    """

    parameters: Parameters
    county: raw.County
    folder: Path
    names: tuple[str, ...]
    members: tuple[raw.County, ...]

    @property
    def period(self) -> Period:
        """The reporting period."""
        return self.parameters.reporting_period


def check(request: Request) -> None:
    """Refuse a request that names an unknown notebook, edition or parameter before anything runs.

    Raises:
        UsageError: The notebook, edition, period or approval that is not to be had, by name.
    """
    known = vocabulary.notebooks()
    edition = request.edition
    for name in request.notebooks:
        if name not in known:
            raise UsageError("notebook_unknown", name=name, allowed="、".join(known))
        if edition not in known[name].editions:
            raise UsageError(
                "edition_not_allowed", name=name, edition=edition, allowed="、".join(known[name].editions)
            )
        if known[name].scope == "province" and request.county not in ("", EACH_COUNTY):
            raise UsageError("region_of_one", name=name, county=request.county)
    for period in request.periods:
        _parameters(request, period, "")
        if edition == "public" and period.months[0] != 1:
            raise UsageError("public_part", period=period)
    if request.approved_by and edition != "public":
        raise UsageError("approval_public_only", edition=edition)


def _parameters(request: Request, period: Period, county: str) -> Parameters:
    usual = {"baseline_years": settings().baseline_years}
    return parameters.check(
        {**usual, **request.given, "year": period.year, "period": period.part, "county": county}
    )


def editions(request: Request, folders: Folders, period: Period) -> list[Edition]:
    """One edition for each county asked for that has raw files in the period's year, and one of the region.

    The region is there when all counties are asked for, or its notebooks alone.

    Raises:
        UsageError: ``county_ambiguous`` or ``county_unknown``.
        AnalysisError: ``region_too_small``: the year has files of one county alone.
    """
    counties = [source.county for source in raw.sources_of(folders, period.year)]
    wanted = _counties(counties, period, request.county) if _names(request, "county") else []
    found = [_edition(request, folders, period, county, len(counties) > 1) for county in wanted]
    if _names(request, "province") and (request.county == EACH_COUNTY or not found):
        if len(counties) > 1:
            found.append(_region(request, folders, period, counties))
        elif not found:
            raise AnalysisError("region_too_small", year=period.year, count=len(counties))
    return found


def _names(request: Request, scope: str) -> tuple[str, ...]:
    """The notebooks asked for that look at a county, or at all of them."""
    return tuple(
        name
        for name, notebook in vocabulary.notebooks().items()
        if notebook.scope == scope
        and (name in request.notebooks if request.notebooks else request.edition in notebook.editions)
    )


def _edition(
    request: Request, folders: Folders, period: Period, county: raw.County, several: bool
) -> Edition:
    given = replace(_parameters(request, period, county.code), processed=str(folders.processed))
    folder = contents.edition_folder(folders.reports, given.edition) / str(period)
    own = folder / county.code if several else folder
    return Edition(given, county, own, _names(request, "county"), (county,))


def _region(request: Request, folders: Folders, period: Period, counties: list[raw.County]) -> Edition:
    given = replace(_parameters(request, period, ""), processed=str(folders.processed))
    code = region_code([county.code for county in counties])
    named = raw.counties(folders).get(code)
    region = raw.County(code, named.name if named else REGION_NAME, any(county.sample for county in counties))
    folder = contents.edition_folder(folders.reports, given.edition) / str(period)
    return Edition(given, region, folder, _names(request, "province"), tuple(counties))


def region_code(codes: list[str]) -> str:
    """The code of the city or province that holds all counties (GB/T 2260: two digits a level)."""
    shared = next(size for size in (4, 2, 0) if len({code[:size] for code in codes}) == 1)
    return codes[0][:shared].ljust(6, "0")


def _counties(found: list[raw.County], period: Period, wanted: str) -> list[raw.County]:
    allowed = "、".join(f"{county.code} {county.name}" for county in found)
    if wanted == EACH_COUNTY or (not wanted and len(found) == 1):
        return found
    if not wanted:
        raise UsageError("county_ambiguous", period=period, allowed=allowed)
    named = [county for county in found if wanted in (county.code, county.name)]
    if not named:
        raise UsageError("county_unknown", county=wanted, period=period, allowed=allowed)
    return named


def years(request: Request, folders: Folders, period: Period) -> list[int]:
    """The years that the period's reports read: its own first, then the baseline years with files."""
    first = period.year - _parameters(request, period, "").baseline_years
    return [period.year, *(year for year in range(first, period.year) if (folders.raw / str(year)).is_dir())]


def pending(edition: Edition, folders: Folders, request: Request) -> Iterator[Job]:
    """Make the jobs of an edition that are not up to date.

    Raises:
        AnalysisError: ``notebook_missing``.
    """
    last, read = record.read(edition.folder), _read_by_all(edition, folders)
    for name in edition.names:
        mark = record.fingerprint({"read by all": read}, [folders.notebooks / f"{name}.ipynb"])
        known = last.notebook(name) if last else None
        done = known if known and known.status == "done" else None
        current = done and done.fingerprint == mark and (edition.folder / f"{name}.html").exists()
        if request.force or not current:
            yield _job(edition, folders, request.engine, mark, name, known)


def _completed_before(known: NotebookRecord | None) -> tuple[dict[str, Any], ...] | None:
    """The headlines of the last completed run; a failed one in between keeps those before it."""
    if known is None:
        return None
    headlines = known.headlines if known.status == "done" else known.before
    return None if headlines is None else tuple(headlines)


def _read_by_all(edition: Edition, folders: Folders) -> str:
    """The fingerprint of what every report of an edition depends on, worked out once for all of them."""
    given = parameters.as_dict(edition.parameters)
    years = range(edition.period.year - edition.parameters.baseline_years, edition.period.year + 1)
    manifests = [
        raw.manifest_path(folders.processed, year, county.code)
        for county in edition.members
        for year in years
    ]
    values = {"parameters": {**given, "processed": ""}, "package": record.package_fingerprint(folders.root)}
    public = edition.parameters.edition == "public"
    decided_by = [folders.mask_key, *sorted(folders.releases(edition.county.code).glob("*.json"))]
    return record.fingerprint(values, [*manifests, *(decided_by if public else [])])


def _job(
    edition: Edition,
    folders: Folders,
    engine: EngineName,
    mark: str,
    name: str,
    known: NotebookRecord | None,
) -> Job:
    notebook = folders.notebooks / f"{name}.ipynb"
    if not notebook.is_file():
        raise AnalysisError("notebook_missing", file=notebook.name)
    return Job(
        name=name,
        label=f"{edition.folder.relative_to(folders.reports).as_posix()} {name}",
        notebook=notebook,
        folder=edition.folder,
        root=folders.root,
        parameters=parameters.as_dict(edition.parameters),
        meta={**_meta(edition, folders, name), "before": _completed_before(known)},
        fingerprint=mark,
        engine=engine,
        expected_seconds=known.seconds if known else float("inf"),
    )


def _meta(edition: Edition, folders: Folders, name: str) -> dict[str, Any]:
    """What the report says of itself; see ``report.page.ReportMeta``."""
    known = vocabulary.notebooks()
    return {
        "name": name,
        "title": known[name].title_zh,
        "question": known[name].question_zh,
        "county_name": edition.county.name,
        "sample": edition.county.sample,
        "period_title": edition.period.title_zh,
        "as_of": cutoff_day(edition.parameters, _stated_as_of(edition, folders)),
        "edition": edition.parameters.edition,
        "menu": tuple(
            (n.name, n.title_zh)
            for n in known.values()
            if n.scope == known[name].scope and edition.parameters.edition in n.editions
        ),
        "counties": _county_reports(edition),
        "inputs": _inputs(edition, folders),
        "versions": _versions(),
        "parameters": {**parameters.as_dict(edition.parameters), "processed": ""},
        "index": "../../index.html" if edition.folder.name == edition.county.code else "../index.html",
    }


def _county_reports(edition: Edition) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What a region's report leads to: each county's reports, by title and address."""
    if len(edition.members) == 1:
        return ()
    reports = [
        notebook
        for notebook in vocabulary.notebooks().values()
        if notebook.scope == "county" and edition.parameters.edition in notebook.editions
    ]
    return tuple(
        (county.name, tuple((one.title_zh, f"{county.code}/{one.name}.html") for one in reports))
        for county in edition.members
    )


def _inputs(edition: Edition, folders: Folders) -> tuple[dict[str, Any], ...]:
    """The raw files of the period's year and of the baseline years, with their hashes."""
    first = edition.period.year - edition.parameters.baseline_years
    found = (
        raw.inputs_of(folders.processed, year, county.code)
        for county in edition.members
        for year in range(first, edition.period.year + 1)
    )
    return tuple(
        {"file": entry["name"], "sha256": entry["sha256"], "bytes": entry["size"]}
        for entries in found
        for entry in entries
    )


def _stated_as_of(edition: Edition, folders: Folders) -> str | None:
    stated: str | None = raw.manifest(folders.processed, edition.period.year, edition.county.code)["as_of"]
    return stated


@cache
def _versions() -> dict[str, str]:
    """The versions that a report names as its makers."""
    from importlib.metadata import version

    return {"python": sys.version.split()[0], **{name: version(name) for name in VERSIONS_SHOWN}}
