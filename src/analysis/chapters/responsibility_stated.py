"""Report 8, part: what the year's summaries state of meetings, letters, training and publicity.

For a year with a document alone these are the report's only figures; otherwise they stand beside the lists.
"""

from __future__ import annotations

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures, stated
from analysis.report.tables import Column, DataTable

STATED = (
    *("meetings_held", "committee_meetings", "leadership_meetings_by_top_leaders"),
    *("leadership_site_inspections", "leadership_site_inspections_by_top_leaders"),
    *("inspection_groups_led_by_leaders", "inspection_groups", "supervision_rounds"),
    *("responsibility_letters", "documents_issued", "guidance_visits"),
    *("trainings", "people_trained", "publicity_person_times", "publicity_events"),
    *("consultation_desks", "display_boards", "banners", "materials_distributed"),
    *("people_consulted", "people_educated"),
)
"""What a summary says of responsibility, training and publicity, in the order shown."""
NOTE = (
    "照录总结文件，没有逐条核对；台账一列为活动台账或执法月报的同名数，空格表示没有记录。"
    "两者的口径和截止日可能不同。文件没有写宣传用了多少天，因此不算每天的覆盖面。"
)


def figures(book: Book) -> tuple[DataTable, ...]:
    """List the stated figures with their sentence, and what the lists count under the same name."""
    rows = stated.facts(book, book.year)
    rows = rows[rows["indicator"].isin(STATED) & (rows["measure"] == "level")]
    if rows.empty:
        return ()
    order = rows["indicator"].map({code: place for place, code in enumerate(STATED)})
    rows = rows.assign(order=order).sort_values(["order", "start"], kind="stable").reset_index(drop=True)
    frame = rows.assign(
        name=[vocabulary.name("indicator", code) for code in rows["indicator"]],
        stated=rows["value"],
        unit=rows["unit"].fillna(""),
        sector=[_sectors(codes) for codes in rows["sector"]],
        qualifier=[vocabulary.name("qualifier", code) for code in rows["qualifier"]],
        own=pd.Series([_own(book, row) for row in rows.to_dict("records")], dtype=float),
    )
    columns = (
        Column("name", "指标"),
        Column("stated", "文件写明", "number", 0),
        Column("unit", "单位"),
        Column("qualifier", "限定"),
        Column("sector", "行业领域"),
        Column("own", "台账或月报", "number", 0),
        Column("quote", "原文", "quote"),
    )
    n = f"{len(frame)} 个数字，{frame['document'].nunique()} 个文件"
    return (
        DataTable(
            "stated-duties", frame, columns, "总结文件写明的会议、责任书、培训和宣传数字", n, note=NOTE
        ),
    )


def _own(book: Book, row: dict[object, object]) -> float | None:
    """The county's own count of the same name, where it has any."""
    indicator = str(row["indicator"])
    if row["sector"] != vocabulary.SECTOR_TOTAL or not measures.has(book, indicator, book.year):
        return None
    return measures.total(book, indicator, book.year)


def _sectors(codes: str) -> str:
    return "、".join(vocabulary.name("sector", code) for code in codes.split(";"))
