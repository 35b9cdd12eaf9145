"""A county's files with secrets in every place where an office may write one, and its editions as rendered.

Everything goes the whole way: files are read, prepared, run by the command's own code, and published.
"""

from __future__ import annotations

import base64
import html
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from analysis import vocabulary
from analysis.period import Period
from analysis.run import jobs
from analysis.run.plan import Request
from analysis.settings import Folders
from tests.conftest import COUNTY, ROOT
from tests.disclosure import county
from tests.workbook_files import csv_file

STRANGER, SHORT, PERSON = "宏达精密机械有限公司", "宏达机械", "王建国"
PHONE, IDENTITY, STREET = "13800138000", "11010519491231002X", "石桥镇幸福路18号"
LABELLED, AT_LABEL = "远大建材商行", "河西路7号"
"""Written where a township, a department or a campaign belongs: the office's own labels."""
APPROVER = "某主任"
EVERYWHERE = (STRANGER, SHORT, PERSON, PHONE, IDENTITY, STREET, "护栏缺失")
"""What no edition but the internal one may hold."""
PLANTED = (*EVERYWHERE, LABELLED, AT_LABEL, "第3厂", "第29厂", "台账.csv", "月报.csv", "总结.txt", "企业-")
"""What no public edition may hold."""
WORDS = f"联系{PERSON}（{PHONE}，{IDENTITY}），{STRANGER}，简称{SHORT}，{STREET}"
DAY = "2023-10-31"
SECTORS = ("1_sector_imbalance",)


@dataclass(frozen=True)
class Editions:
    """What the runs left: the folders, and the pages of the public edition as of an earlier day."""

    folders: Folders
    earlier: Path

    def pages(self, place: str) -> dict[str, str]:
        """Name → HTML of the reports in a folder below reports."""
        return read_pages(self.folders.reports / place)


def read_pages(folder: Path) -> dict[str, str]:
    """Name → HTML of a folder's reports."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.html"))}


def render(root: Path) -> Editions:
    """Publish the county as of a day, for two whole years, and for its leaders; each public one approved."""
    folders = _project(root)
    _run(folders, SECTORS, Period(2023), edition="public", as_of=DAY)
    earlier = root / "earlier"
    shutil.copytree(folders.reports / "public", earlier)
    _run(folders, SECTORS, Period(2022), edition="public")
    _run(folders, (), Period(2023), edition="public")
    _run(folders, ("3_rectification", "6_leadership_brief"), Period(2023), edition="leadership")
    return Editions(folders, earlier)


def _run(folders: Folders, notebooks: tuple[str, ...], period: Period, **given: object) -> None:
    approver = APPROVER if given["edition"] == "public" else ""
    request = Request((period,), notebooks, given=dict(given), approved_by=approver)
    report = jobs.run(request, folders, lambda *_: None)
    assert report.well, [*report.errors, *(failed.error for failed in report.failed)]


# --- the files


def _project(root: Path) -> Folders:
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    raw = root / "data" / "raw"
    for year in (2022, 2023):
        _write_year(raw / str(year), year)
    (raw / "counties.csv").write_text(f"code,name,sample\n{COUNTY},示例县,yes\n", encoding="utf-8")
    (raw / "2023" / f"{STRANGER}总结.txt").write_text(
        f"2023年，全县发生生产安全事故1起。{STRANGER}（{SHORT}）负责人{PERSON}，电话{PHONE}，身份证{IDENTITY}，"
        f"住{STREET}。全年排查隐患999条。\n",
        encoding="utf-8",
    )
    (raw / "2023" / "corrections.yaml").write_text(
        "- id: C1\n  table: hazards\n  match: {hazard_id: '2'}\n  action: drop\n"
        f"  reason: {PERSON}（{PHONE}）确认{STRANGER}重复\n",
        encoding="utf-8",
    )
    return Folders.find(raw=raw, processed=root / "data" / "processed", reports=root / "reports")


def _write_year(folder: Path, year: int) -> None:
    secret = f"{STRANGER}{PHONE}" if year == 2023 else ""
    hazards = county.hazards(year) + (planted() if year == 2023 else [])
    for table, rows, name in (
        ("hazards", hazards, f"{secret}台账.csv"),
        ("enforcement", county.returns(year), "月报.csv"),
        ("enterprises", county.enterprises(year), "企业底数.csv"),
    ):
        csv_file(folder / name, _sheet(table, rows))


def planted() -> list[dict[str, Any]]:
    """Hazards with every secret in a cell where no rule expects it."""
    row = {**county.hazards(2023)[0], "level": "major", "status": "open", "rectified_on": None}
    row |= {"description": WORDS, "criterion": WORDS}
    labels = (
        {"township": AT_LABEL},
        {"campaign": f"{LABELLED}专项"},
        {"township": LABELLED, "campaign": LABELLED, "department": LABELLED},
    )
    return [{**row, **label, "hazard_id": f"{PHONE}-{n}"} for n, label in enumerate(labels)]


def _sheet(table: str, rows: list[dict[str, Any]]) -> list[list[Any]]:
    """The rows as an office's file has them: Chinese headings and words, persons beside the hazards."""
    known = {c.column: c.header for c in vocabulary.columns(table) if c.origin == "file"}
    columns = [name for name in known if any(name in row for row in rows)]
    more = {"责任人": PERSON, "联系电话": PHONE, "身份证号": IDENTITY} if table == "hazards" else {}
    body = [[_written(name, row.get(name)) for name in columns] + [*more.values()] for row in rows]
    return [[*(known[name] for name in columns), *more], *body]


def _written(column: str, value: Any) -> Any:
    if value is None:
        return ""
    if column in ("sector", "campaign"):
        return vocabulary.name(column, value)
    return vocabulary.values(column).get(value, value) if column in ("level", "source", "status") else value


# --- reading everything


def readings(content: bytes) -> Iterable[str]:
    """A file's text as it stands and with every usual coating taken off."""
    text = content.decode("utf-8", errors="replace")
    yield text
    yield html.unescape(unquote(text))
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    for coded in re.findall(r"base64,([A-Za-z0-9+/=\s]+)", text):
        yield base64.b64decode(coded).decode("utf-8", errors="replace")
