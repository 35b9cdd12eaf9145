"""The index of an edition: years × reports with their status, and the headline figures over the years."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from analysis import vocabulary
from analysis.messages import UsageError
from analysis.period import Period
from analysis.report.changes import changes, value_of
from analysis.report.edition import Edition
from analysis.report.markup import TEMPLATES, environment, svg_uri
from analysis.report.sparkline import sparkline

SPARK_YEARS = 8
BRIEF = "6_leadership_brief"
_SEARCH = (TEMPLATES / "search.js").read_text(encoding="utf-8").strip()
"""The page's only script; its hash stands in the policy, so that no other one runs."""


class Notebook(Protocol):
    """How one notebook of a run ended (see ``run.record``)."""

    @property
    def name(self) -> str:
        """Its name in the registry."""

    @property
    def title(self) -> str:
        """Its Chinese title."""

    @property
    def status(self) -> str:
        """``done`` or ``failed``."""

    @property
    def report(self) -> str | None:
        """The report's file, if there is one."""

    @property
    def failed_cell(self) -> int | None:
        """The number of the cell that failed."""

    @property
    def error(self) -> str | None:
        """What it said."""

    @property
    def headlines(self) -> list[dict[str, Any]]:
        """The figures of its first screen."""

    @property
    def before(self) -> list[dict[str, Any]] | None:
        """Those of the run before."""

    @property
    def sectors(self) -> dict[str, str]:
        """Where it treats which sector."""


class Run(Protocol):
    """One county's period in one edition (see ``run.record``)."""

    @property
    def period(self) -> str:
        """As in the command."""

    @property
    def county(self) -> Mapping[str, Any]:
        """Code, name and whether it is a sample."""

    @property
    def edition(self) -> str:
        """internal, leadership or public."""

    @property
    def as_of(self) -> str:
        """The cutoff day."""

    @property
    def started(self) -> str:
        """When it began."""

    @property
    def notebooks(self) -> Sequence[Notebook]:
        """How each of its notebooks ended."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A headline's values over the years: the last one in words, all of them as a small line."""

    label: str
    value: str
    years: str
    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class SectorEntry:
    """A sector with the places where reports treat it: a row a period, a column a report."""

    code: str
    name: str
    words: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def render_index(runs: Sequence[Run], folders: Mapping[int, str] | None = None) -> str:
    """The runs of one edition as one HTML file.

    Args:
        runs: In any order; counties stand apart, the newest period first.
        folders: Folder of the run at each position, relative to the index; derived from period and county
            where it is not given.
    """
    places = folders or dict(enumerate(_folder(run, runs) for run in runs))
    counties = dict.fromkeys((run.county["code"], run.county["name"]) for run in sorted(runs, key=_order))
    return (
        environment()
        .get_template("reports.html.j2")
        .render(
            counties=[
                _county(code, name, [(run, places[i]) for i, run in enumerate(runs)])
                for code, name in counties
            ],
            edition=Edition(runs[0].edition) if runs else Edition.INTERNAL,
            search=_SEARCH,
            search_hash=_hash(_SEARCH),
        )
    )


def _hash(script: str) -> str:
    """The script's hash as a content security policy writes it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _order(run: Run) -> tuple[str, str]:
    return str(run.county["code"]), run.period


def _folder(run: Run, runs: Sequence[Run]) -> str:
    """As the run floor lays them out: a county has a folder of its own where a period has several."""
    several = len({other.county["code"] for other in runs if other.period == run.period}) > 1
    return f"{run.period}/{run.county['code']}" if several else run.period


def _county(code: str, name: str, runs: Sequence[tuple[Run, str]]) -> dict[str, Any]:
    """What the template shows of one county: its periods, its reports as columns, its trends."""
    own = sorted(
        ((r, place) for r, place in runs if r.county["code"] == code), key=lambda p: p[0].period, reverse=True
    )
    return {
        "code": code,
        "name": name,
        "sample": bool(own[0][0].county.get("sample")),
        "columns": _columns([run for run, _ in own]),
        "rows": [_row(run, place) for run, place in own],
        "trends": _trends([run for run, _ in own], brief=True),
        "more_trends": _trends([run for run, _ in own], brief=False),
        "sectors": _sectors(own),
        "changes": _changes([run for run, _ in own]),
        "failures": [
            (title_of(run.period), notebook) for run, _ in own for notebook in run.notebooks if notebook.error
        ],
        "started": max(run.started for run, _ in own),
    }


def _changes(runs: Sequence[Run]) -> tuple[str, ...]:
    """What the latest run changed of the headlines, a sentence a figure; empty where it was a first run."""
    last = max(run.started for run in runs)
    ran = [(run, notebook) for run in runs if run.started == last for notebook in run.notebooks]
    found = [
        f"{title_of(run.period)}《{notebook.title}》{sentence}"
        for run, notebook in ran
        if notebook.status == "done" and notebook.before not in (None, notebook.headlines)
        for sentence in changes(notebook.before or [], notebook.headlines)
    ]
    compared = any(notebook.before is not None for _, notebook in ran)
    return tuple(found) or (("主要数字没有变化",) if compared else ())


def _sectors(runs: Sequence[tuple[Run, str]]) -> list[SectorEntry]:
    """The sectors that any report has a row of, in the vocabulary's order, with where that row stands."""
    columns = [name for name, _ in _columns([run for run, _ in runs])]
    entries = []
    for code, sector in vocabulary.sectors().items():
        if code == vocabulary.SECTOR_TOTAL:
            continue
        rows = tuple((title_of(run.period), _places(run, place, code, columns)) for run, place in runs)
        if any(any(places) for _, places in rows):
            words = " ".join((sector.name_zh, *sector.aliases))
            entries.append(SectorEntry(code, sector.name_zh, words, rows))
    return entries


def _places(run: Run, folder: str, sector: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The address of the sector's figure or table in each report; empty where there is none."""
    reports = {one.name: one for one in run.notebooks if one.status == "done" and sector in one.sectors}
    return tuple(
        f"{folder}/{reports[name].report}#{reports[name].sectors[sector]}" if name in reports else ""
        for name in columns
    )


def _columns(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """Name and title of every report that any period has, in the registry's order."""
    titles = {notebook.name: notebook.title for run in runs for notebook in run.notebooks}
    known = list(vocabulary.notebooks())
    names = sorted(titles, key=lambda name: (known.index(name) if name in known else len(known), name))
    return [(name, titles[name]) for name in names]


def _row(run: Run, place: str) -> dict[str, Any]:
    return {
        "title": title_of(run.period),
        "as_of": run.as_of,
        "place": place,
        "notebooks": {notebook.name: notebook for notebook in run.notebooks},
    }


def title_of(period: str) -> str:
    """The period in Chinese; one that this version does not know stays as it is written."""
    try:
        return Period.parse(period)[0].title_zh
    except UsageError:
        return period


def _trends(runs: Sequence[Run], *, brief: bool) -> list[Trend]:
    """The headlines of whole years, as lines over the last years; shorter periods are not mixed in.

    Those of the leaders' brief come first on the page, the others behind a disclosure.
    """
    years = sorted({int(run.period) for run in runs if run.period.isdecimal()})[-SPARK_YEARS:]
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for run in runs:
        if run.period.isdecimal():
            for headline in (h for notebook in run.notebooks for h in notebook.headlines):
                found.setdefault(headline["key"], {}).setdefault(int(run.period), headline)
    span = list(range(years[0], years[-1] + 1)) if years else []
    return [_trend(by_year, span) for key, by_year in found.items() if (key in _brief_keys(runs)) is brief]


def _brief_keys(runs: Sequence[Run]) -> set[str]:
    """The headlines of the leaders' brief; of all reports where none of the runs has a brief."""
    headlines = {n.name: n.headlines for run in runs for n in run.notebooks if n.headlines}
    chosen = [headlines[BRIEF]] if BRIEF in headlines else headlines.values()
    return {headline["key"] for several in chosen for headline in several}


def _trend(by_year: Mapping[int, Mapping[str, Any]], years: Sequence[int]) -> Trend:
    latest = by_year[max(by_year)]
    values = [by_year.get(year, {}).get("value") for year in years]
    shown = [f"{year}年 {value_of(by_year[year])}" for year in years if year in by_year]
    return Trend(
        label=str(latest["label"]),
        value=value_of(latest),
        years=f"{max(by_year)}年",
        source=svg_uri(sparkline(values)) if len(years) > 1 else "",
        alt=f"{latest['label']}：" + "，".join(shown),
    )
