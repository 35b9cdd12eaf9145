"""A report that prints another figure than the tables give is not published, and the run says which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from analysis import printed
from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import Cell
from analysis.messages import AnalysisError
from analysis.period import Period
from analysis.printed import Printed
from analysis.report.display import STATED_MIME, Headline, Show
from analysis.report.released import ByGroup, ByYear
from analysis.report.tables import Column, DataTable
from analysis.scope import Scope
from analysis.store import Store
from tests.conftest import COUNTY
from tests.robustness.small_project import analysis, small_project, told
from tests.robustness.test_conservation import LINEAGE, hazard

SCOPE = Scope(COUNTY, Period(2023), date(2023, 6, 30), (2022,))


@pytest.fixture
def store(put: Callable[..., Store]) -> Store:
    """Five hazards in view: two rectified (one without a day), two overdue; whole months up to June."""
    put("hazards", 2022, [hazard(1, date(2022, 3, 1), sector="fire"), hazard(2, date(2022, 7, 1))])
    early = {"sector": "mining", "township": "东镇"}
    rows = [
        hazard(1, date(2023, 1, 5), rectified_on=date(2023, 2, 1), due_on=date(2023, 2, 1), **early),
        hazard(2, date(2023, 1, 6), status="rectified", due_on=date(2023, 2, 1), **early),
        hazard(3, date(2023, 2, 1), level="major", source="self_reported", due_on=date(2023, 6, 29)),
        hazard(4, date(2023, 2, 1), due_on=date(2023, 3, 1), extended_due_on=date(2023, 9, 1)),
        hazard(5, date(2023, 3, 1), rectified_on=date(2023, 7, 1), due_on=date(2023, 6, 1)),
        hazard(6, date(2023, 3, 1), recorded_on=date(2023, 7, 2)),
    ]
    rows[3] |= {"extended_on": date(2023, 3, 1)}
    put("hazards", 2023, rows)
    months = [
        {**LINEAGE, "row": m, "month": m, "sector": "mining", "inspections": 10 * m, "fines": Decimal("0.10")}
        for m in (1, 6, 7)
    ]
    put("enforcement", 2023, months)
    listed = {**LINEAGE, "sector": "mining", "regulated_enterprises": 9}
    return put("enterprises", 2023, [{**listed, "row": 1}, {**listed, "row": 2, "campaign": "x"}])


def cell(indicator: str, dimension: str = catalogue.COUNTY, group: str = "", year: int = 0) -> Cell:
    return Cell(year, dimension, group, indicator)


BY_HAND = [
    ((cell("hazards_found"),), 5),
    ((cell("hazards_found", year=-1),), 1),
    ((cell("hazards_found", year=2022),), 1),
    ((cell("major_hazards_found"),), 1),
    ((cell("hazards_self_reported"),), 1),
    ((cell("hazards_department_found"),), 4),
    ((cell("hazards_rectified"),), 2),
    ((cell("hazards_pending"),), 3),
    ((cell("hazards_overdue"),), 2),
    ((cell("major_hazards_overdue"),), 1),
    ((cell("hazards_owed"),), 3),
    ((cell("hazards_rectified_on_time"),), 1),
    ((cell("hazards_found", catalogue.SECTOR, "mining"),), 2),
    ((cell("hazards_found", catalogue.PLACE, "mining|东镇"),), 2),
    ((cell("hazards_found", catalogue.SEASON, "industry|3"),), 1),
    ((cell("inspections"),), 70),
    ((cell("inspections", catalogue.MONTH, "6"),), 60),
    ((cell("inspections", catalogue.SECTOR, "fire"),), 0),
    ((cell("fines"),), 0.2),
    ((cell("regulated_enterprises"),), 9),
    ((cell("hazards_rectified"), cell("hazards_found")), 0.4),
    ((cell("hazards_found", catalogue.SECTOR, "mining"), cell("hazards_found")), 0.4),
]


@pytest.mark.parametrize(("cells", "value"), BY_HAND, ids=str)
def test_a_figure_counted_by_hand_passes_and_another_is_refused(
    store: Store, cells: tuple[Cell, ...], value: float
) -> None:
    figure = Printed("甲表", value, cells)
    printed.require(store, SCOPE, [figure])
    wrong = replace(figure, value=value + (0.01 if len(cells) > 1 or "fines" in cells[0] else 1))
    with pytest.raises(AnalysisError) as refused:
        printed.require(store, SCOPE, [figure, wrong])
    told_of = refused.value.message
    assert told_of.code == "printed_disagrees"
    assert (told_of.values["where"], told_of.values["stated"]) == ("甲表", wrong.value)
    assert told_of.values["year"] == (2022 if cells[0].year in (-1, 2022) else 2023)


@pytest.mark.parametrize(
    "cells",
    [
        (cell("hazards_found", year=2019),),
        (cell("hazards_found", catalogue.COMPARED),),
        (cell("hazards_found"), cell("hazards_found", catalogue.COMPARED)),
        (cell("x"),),
        (cell("hazards_found"), cell("inspections", catalogue.SECTOR, "fire")),
    ],
)
def test_what_is_not_counted_here_is_not_judged(store: Store, cells: tuple[Cell, ...]) -> None:
    printed.require(store, SCOPE, [Printed("甲表", 77.0, cells)])


def stated(*things: Any) -> list[Printed]:
    data = Show("internal")(*things)._repr_mimebundle_()
    return [Printed.of(figure) for figure in data.get(STATED_MIME, {}).get("figures", ())]


def test_headlines_and_tables_say_which_counts_they_print() -> None:
    table = DataTable(
        "甲表",
        pd.DataFrame({"code": ["mining"], "found": [2], "share": [0.4], "rate": [1.5], "none": [None]}),
        (
            Column("found", "发现", "count"),
            Column("share", "占比", "share"),
            Column("rate", "比", "number"),
            Column("none", "无", "count"),
        ),
        "题",
        "5 条",
        released=ByGroup(
            catalogue.SECTOR,
            2023,
            {
                "found": ("hazards_found",),
                "share": ("hazards_found", "industries:hazards_found"),
                "rate": ("hazards_found",),
                "none": ("hazards_found",),
            },
            ("code",),
        ),
    )
    mining = Cell(2023, catalogue.SECTOR, "mining", "hazards_found")
    assert stated(table) == [
        Printed("甲表", 2.0, (mining,)),
        Printed("甲表", 0.4, (mining, Cell(2023, catalogue.INDUSTRIES, "", "hazards_found"))),
    ]
    years = DataTable(
        "乙表",
        pd.DataFrame({"code": ["fines"], "2022年": [3.5]}),
        (Column("2022年", "2022年", "money"),),
        "题",
        "1 年",
        released=ByYear("code", {"2022年": 2022}),
    )
    assert stated(years) == [Printed("乙表", 3.5, (Cell(2022, catalogue.COUNTY, "", "fines"),))]
    count = Headline("found", "发现", 5, last=4, counts=("hazards_found", "major_hazards_found"))
    assert stated(count) == [
        Printed("found", 5.0, (cell("hazards_found"),)),
        Printed("found", 4.0, (cell("hazards_found", year=-1),)),
    ]
    share = Headline("rate", "率", 0.4, kind="share", counts=("hazards_rectified", "hazards_found"))
    assert stated(share) == [Printed("rate", 0.4, (cell("hazards_rectified"), cell("hazards_found")))]
    assert stated(Headline("days", "天数", 5)) == [], "it names no counts"


def test_a_run_refuses_the_report_with_a_wrong_headline_and_says_which(tmp_path: Any) -> None:
    """The notebook shows one hazard more than there are; with the true number the same run succeeds."""
    folders = small_project(tmp_path, [2023])
    notebook = next(folders.notebooks.glob("*.ipynb"))
    sound = notebook.read_text(encoding="utf-8")

    def showing(figure: str) -> str:
        return sound.replace("len(book.hazards))", f"{figure}, counts=('hazards_found',))")

    notebook.write_text(showing("len(book.hazards) + 1"), encoding="utf-8")
    assert analysis(folders, "run", "2023").wait() == 1
    assert "“found”" in told(folders)
    assert "未发布报告" in told(folders)
    assert not list(folders.reports.glob("2023/*.html"))
    notebook.write_text(showing("len(book.hazards)"), encoding="utf-8")
    assert analysis(folders, "run", "2023").wait() == 0, told(folders)
