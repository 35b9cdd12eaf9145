"""Copies of the sample county under other codes, as if each had been prepared and published.

Preparing and publishing six hundred county-years takes hours, and gives what copying gives: raw files of the
same size and time, tables, manifests that name them, and records whose fingerprints stand. What lies in a
copied report plays no part in whether it is up to date, so a word stands there instead of its megabytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.period import Period
from analysis.run import plan, record
from analysis.run.plan import Edition, Request
from analysis.settings import Folders

ORIGINAL = "990101"
"""The sample county, which has the years' folders to itself."""


def codes(count: int) -> list[str]:
    """The codes of so many counties."""
    return [f"98{number:04d}" for number in range(1, count + 1)]


def copy_prepared(origin: Folders, copies: Folders, years: Iterable[int], counties: list[str]) -> None:
    """Copy years that are prepared in ``origin``: raw files, tables and manifests."""
    _list(copies.raw, counties)
    for year in years:
        manifest = _manifest(origin, year, ORIGINAL)
        content = manifest.read_text(encoding="utf-8")
        tables = list(origin.processed.glob(f"*/year={year}/county={ORIGINAL}"))
        for code in counties:
            shutil.copytree(origin.raw / str(year), copies.raw / str(year) / code)
            for table in tables:
                place = copies.processed / table.relative_to(origin.processed).parent / f"county={code}"
                shutil.copytree(table, place)
            target = _manifest(copies, year, code)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(_renamed(json.loads(content), year, code)), encoding="utf-8")


def _list(raw: Path, counties: list[str]) -> None:
    raw.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{code},示例{code}县,yes\n" for code in counties)
    (raw / "counties.csv").write_text("code,name,sample\n" + lines, encoding="utf-8")


def _manifest(folders: Folders, year: int, code: str) -> Path:
    return folders.processed / "manifest" / f"year={year}" / f"county={code}.json"


def _renamed(manifest: dict[str, Any], year: int, code: str) -> dict[str, Any]:
    """The manifest of a copy: its files lie in a folder of the county's own."""
    inputs = {f"{year}/{code}{name[4:]}": seen for name, seen in manifest["inputs"].items()}
    outputs = {name.replace(ORIGINAL, code): size for name, size in manifest["outputs"].items()}
    county = {"code": code, "name": f"示例{code}县", "sample": True}
    return {**manifest, "county": county, "inputs": inputs, "outputs": outputs}


def copy_published(model: Path, copies: Folders, years: Iterable[int]) -> int:
    """Give every year of the copies records like a published one's; how many reports there are then."""
    published = record.read(model)
    if published is None:
        raise FileNotFoundError(model / record.NAME)
    reports = 0
    for year in years:
        request = Request((Period(year),), county=plan.EACH_COUNTY, force=True)
        for edition in plan.editions(request, copies, Period(year)):
            fingerprints = {job.name: job.fingerprint for job in plan.pending(edition, copies, request)}
            record.write(edition.folder, _of(published, edition, fingerprints))
            for name in fingerprints:
                (edition.folder / f"{name}.html").write_text("copied", encoding="utf-8")
            reports += len(fingerprints)
    return reports


def _of(published: record.RunRecord, edition: Edition, fingerprints: dict[str, str]) -> record.RunRecord:
    county = {"code": edition.county.code, "name": edition.county.name, "sample": edition.county.sample}
    model = published.notebooks[0]
    notebooks = [
        replace(model, name=name, report=f"{name}.html", fingerprint=mark)
        for name, mark in fingerprints.items()
    ]
    return replace(published, period=str(edition.period), county=county, notebooks=notebooks)
