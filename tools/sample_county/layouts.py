"""A table's rows laid out as one office's form: titles, headers over one or two rows, blanks, totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from .cells import column_cells
from .returns import COUNTS
from .writers import SheetCells

Spec = dict[str, Any]
LEVELS = {"general": "一般隐患", "major": "重大隐患"}
QUARTERS = ("一季度", "二季度", "三季度", "四季度")
HALVES = ("上半年", "下半年")


def parts(
    frame: pd.DataFrame, by: str | None, day: str, wordings: dict
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each sheet or file, with its name, in the order of the forms."""
    if by is None:
        yield "Sheet1", frame
        return
    month = frame["month"] if "month" in frame else frame[day].dt.month
    names = {
        "month": month.map("{:02d}".format),
        "quarter": month.map(lambda m: f"{(m - 1) // 3}{QUARTERS[(m - 1) // 3]}"),
        "half": month.map(lambda m: f"{(m - 1) // 6}{HALVES[(m - 1) // 6]}"),
    }
    key = names[by] if by in names else frame[by].map(lambda value: _word(value, by, wordings))
    for name, rows in frame.groupby(key, sort=True):
        yield (str(name).lstrip("0123456789") or str(name)), rows


def _word(value: str, by: str, wordings: dict) -> str:
    if by == "level":
        return LEVELS[value]
    if by == "source":
        return "企业自查" if value == "self_reported" else "部门检查"
    return wordings[by][value][-1].strip("“”") if by in wordings else value


def sheet(frame: pd.DataFrame, spec: Spec, name: str, wordings: dict) -> SheetCells:
    """One sheet of a form."""
    frame = _joined(frame, spec) if spec.get("joined") else frame
    columns = [_column(text) for text in spec["columns"]]
    body = list(
        zip(
            *(
                column_cells(frame, field, form, wordings, spec.get("wording", 0))
                for _, field, form in columns
            ),
            strict=True,
        )
    )
    width = len(columns)
    titles = [
        [_title(spec[key], frame, name), *[""] * (width - 1)] for key in ("title", "subtitle") if key in spec
    ]
    header, merged = _header([header for header, _, _ in columns], len(titles))
    total = [_total(frame, columns, spec)] if spec.get("total") else []
    footer = [[spec["footer"], *[""] * (width - 1)]] if "footer" in spec else []
    rows = [*titles, *header, *_with_blanks(body, spec.get("blank_every"), width), *total, *footer]
    wide = [((n, 0), (n, width - 1)) for n in range(len(titles))]
    return SheetCells(name, rows, [*wide, *merged])


def _column(text: str) -> tuple[str, str, str | None]:
    header, _, rest = text.partition(" = ")
    field, _, form = rest.partition(" @ ")
    return header, field.strip(), form.strip() or None


def _title(text: str, frame: pd.DataFrame, name: str) -> str:
    if "{month}" not in text:
        return text
    year, month = int(frame["year"].iloc[0]), int(frame["month"].iloc[0])
    return (
        text.replace("{month}", f"{month}月")
        if str(year) in text.partition("{month}")[0]
        else text.replace("{month}", f"{year}年{month}月")
    )


def _header(headers: list[str], top: int) -> tuple[list[list[str]], list]:
    """The header over one row, or over two with merged groups where a header holds a group (a/b)."""
    pairs = [header.split("/", 1) if "/" in header else [header, ""] for header in headers]
    if not any(lower for _, lower in pairs):
        return [headers], []
    merged, start = [], 0
    for place in range(1, len(pairs) + 1):
        if place == len(pairs) or pairs[place][0] != pairs[start][0]:
            if place - start > 1:
                merged.append(((top, start), (top, place - 1)))
            start = place
    merged += [((top, n), (top + 1, n)) for n, (_, lower) in enumerate(pairs) if not lower]
    upper = [u if n == 0 or u != pairs[n - 1][0] else "" for n, (u, _) in enumerate(pairs)]
    return [upper, [lower for _, lower in pairs]], merged


def _joined(frame: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Hazards that differ only in what they say, numbered in one cell."""
    fields = {field for _, field, _ in map(_column, spec["columns"])} & set(frame.columns)
    keys = sorted(fields - {"description", "criterion"})
    texts = frame.groupby(keys, dropna=False, sort=False)["description"].transform(_numbered)
    return frame.assign(description=texts)[~frame.duplicated(keys)]


def _numbered(texts: pd.Series) -> str:
    if len(texts) == 1:
        return str(texts.iloc[0])
    return "；".join(f"{n}.{text}" for n, text in enumerate(texts, 1))


def _with_blanks(body: Sequence[Sequence[Any]], every: int | None, width: int) -> list[Sequence[Any]]:
    if not every:
        return list(body)
    rows: list[Sequence[Any]] = []
    for number, row in enumerate(body, 1):
        rows.append(row)
        if number % every == 0:
            rows.append([""] * width)
    return rows


def _total(frame: pd.DataFrame, columns: list, spec: Spec) -> list[Any]:
    """The 合计 row: sums of a return's figures, or how many hazards a ledger lists."""
    row: list[Any] = ["合计", *[""] * (len(columns) - 1)]
    for place, (_, field, form) in enumerate(columns):
        if field in (*COUNTS, "regulated_enterprises"):
            total = int(frame[field].sum())
            row[place] = round(total / 10_000, 4) if form == "wan" else total
    if spec["table"] == "hazards":
        place = next(n for n, (_, field, _) in enumerate(columns) if field == "description")
        row[place] = f"共{len(frame)}条"
    return row
