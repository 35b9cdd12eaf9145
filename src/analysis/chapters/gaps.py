"""Report 5, part: what the stored rows lack, and which years have which data."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis import vocabulary
from analysis.chapters.quality import NAMES, Quality
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.schema import RAW_TABLES, TABLES, Table


def tables(view: Quality) -> Iterable[Displayable | DataTable]:
    """List empty columns, states and days that do not fit, personal data taken out, and years."""
    return (missing_table(view), check_table(view), personal_table(view), year_table(view))


def missing_table(view: Quality) -> DataTable:
    """List the columns with empty cells; columns that are empty throughout stand in the note."""
    rows: list[dict[str, object]] = []
    empty: list[str] = []
    for table in RAW_TABLES:
        frame = view.stored(table)
        for column in vocabulary.columns(table):
            if column.origin != "file" or frame.empty:
                continue
            count = int(frame[column.column].isna().sum())
            if count == len(frame):
                empty.append(f"{NAMES[table]}的{column.header}")
            elif count:
                rows.append(_gap(table, column, count, len(frame)))
    frame = pd.DataFrame(rows, columns=["table", "column", "needed", "missing", "rows", "share"])
    return DataTable(
        "missing",
        frame.sort_values("share", ascending=False, kind="stable").reset_index(drop=True),
        (
            Column("table", "数据表"),
            Column("column", "列"),
            Column("missing", "空值", "count", unit="行"),
            Column("rows", "共", "count", unit="行"),
            Column("share", "空值占比", "share"),
        ),
        "有空值的列；空值一律作缺失，不作零",
        f"{len(frame)} 列",
        note=f"全部为空或原表没有的列：{'、'.join(empty)}。" if empty else "",
        enterprises=WHOLE_COUNTY,
    )


def _gap(table: Table, column: vocabulary.Column, count: int, rows: int) -> dict[str, object]:
    return {
        "table": NAMES[table],
        "column": column.header,
        "missing": count,
        "rows": rows,
        "share": count / rows,
    }


def check_table(view: Quality) -> DataTable:
    """List the hazards whose days and states leave something open, with the rows behind each count."""
    rows = view.book.hazards
    rows = rows[rows["year"] == view.book.year]
    ids = rows["file"] + " " + rows["sheet"].fillna("") + " 第" + rows["row"].astype(str) + "行"
    frame = pd.DataFrame(
        [
            {"check": check, "count": int(found.sum()), "ids": tuple(ids[found])}
            for check, found in _checks(rows).items()
        ]
    )
    frame = frame.assign(share=frame["count"] / len(rows) if len(rows) else None, rows=len(rows))
    return DataTable(
        "checks",
        frame,
        (
            Column("check", "核对事项"),
            Column("count", "隐患", "count", unit="条"),
            Column("share", "占比", "share"),
            Column("ids", "所在行", "evidence"),
        ),
        "逐条核对：采用了但有欠缺的隐患记录",
        f"{len(rows):,} 条隐患",
        note="已整改无日期的计入整改率，不进入整改时长和按期整改率；疑似重复的没有删除。",
        enterprises=WHOLE_COUNTY,
    )


def _checks(rows: pd.DataFrame) -> dict[str, pd.Series[bool]]:
    done = rows["status"].isin(["rectified", "verified"])
    same = ["enterprise", "found_on", "sector", "description"]
    return {
        "状态为已整改或已销号，没有整改日期": done & rows["rectified_on"].isna(),
        "状态为已销号，没有销号日期": (rows["status"] == "verified") & rows["verified_on"].isna(),
        "状态为未整改，却有整改日期": rows["status"].isin(["open", "extended"])
        & rows["rectified_on"].notna(),
        "没有整改期限": rows["due_on"].isna(),
        "没有录入日期（视同发现当日录入）": rows["recorded_on"].isna(),
        "没有部门": rows["department"].isna(),
        "疑似重复（企业、发现日期、行业和描述相同）": rows.duplicated(same, keep=False),
    }


def personal_table(view: Quality) -> DataTable:
    """List the personal data that was dropped or masked on reading, by table and kind."""
    headers = {column.column: column.header for column in vocabulary.columns("*")}
    rows = [
        {"table": NAMES[table], "kind": headers.get(kind, kind), "count": count}
        for table, kinds in zip(view.tallies["table"], view.tallies["personal"], strict=True)
        for kind, count in (kinds if isinstance(kinds, dict) else {}).items()
        if kind != "serial"
    ]
    frame = pd.DataFrame(rows, columns=["table", "kind", "count"])
    frame = frame.groupby(["table", "kind"], sort=False)[["count"]].sum().reset_index()
    return DataTable(
        "personal",
        frame,
        (Column("table", "数据表"), Column("kind", "内容"), Column("count", "单元格", "count", unit="个")),
        "读取时丢弃或遮盖的个人信息，只计数，不保存",
        f"{int(frame['count'].sum()):,} 个单元格",
        enterprises=WHOLE_COUNTY,
    )


def year_table(view: Quality) -> DataTable:
    """List which tables each year of the scope has, and which baseline years have nothing."""
    book = view.book
    years = sorted({*book.scope.years, *book.missing_years})
    sizes = {table: book.store.sizes(table, years, book.scope.county) for table in TABLES if table in NAMES}
    rows = [
        {"year": f"{year}年", **{table: of_year.get(year, 0) for table, of_year in sizes.items()}}
        for year in years
    ]
    missing = "、".join(f"{year}年" for year in book.missing_years)
    return DataTable(
        "years",
        pd.DataFrame(rows),
        (Column("year", "年份"), *(Column(table, name, "count", unit="行") for table, name in NAMES.items())),
        "本年和各基期年份有哪些数据",
        f"{len(rows)} 个年份",
        note=f"没有数据的基期年份：{missing}。" if missing else "基期各年均有数据。",
        enterprises=WHOLE_COUNTY,
    )
