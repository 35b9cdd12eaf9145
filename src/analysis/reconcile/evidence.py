"""Where in the files a count stands, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_FILES_SHOWN = 2
_ROWS = re.compile(r"(?P<file>.*?)#(?P<sheet>.*?):(?P<first>\d+)-(?P<last>\d+) \((?P<rows>\d+)\)")


def places(evidence: Iterable[object]) -> str:
    """Files, each with its sheets and their rows: 台账.xlsx 一季度 第3–120行中52行; the first few of them."""
    files: dict[str, dict[str, list[tuple[int, int, int]]]] = {}
    for text in evidence:
        for found in _ROWS.finditer(str(text)):
            rows = (int(found["first"]), int(found["last"]), int(found["rows"]))
            files.setdefault(found["file"], {}).setdefault(found["sheet"], []).append(rows)
    shown = [f"{file} {_sheets(sheets)}" for file, sheets in sorted(files.items())[:_FILES_SHOWN]]
    return "；".join(shown) + (f" 等{len(files)}个文件" if len(files) > _FILES_SHOWN else "")


def _sheets(sheets: dict[str, list[tuple[int, int, int]]]) -> str:
    return "、".join(f"{name} {_range(rows)}".strip() for name, rows in sorted(sheets.items()))


def _range(rows: Sequence[tuple[int, int, int]]) -> str:
    first, last = min(row[0] for row in rows), max(row[1] for row in rows)
    count = sum(row[2] for row in rows)
    return f"第{first}行" if first == last else f"第{first}–{last}行中{count}行"
