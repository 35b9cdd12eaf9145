"""Report 2, part: why the county's rate changed — within sectors, or by another mix of inspections."""

from __future__ import annotations

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.enforcement import COUNTED, RATIOS, Enforcement, Ratio
from analysis.report import findings
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats.rate_change import RateChange, decompose_rate_change


def splits(view: Enforcement, *codes: str) -> tuple[Displayable | DataTable, ...]:
    """Say and list how each measure's change on last year splits, where both years have returns."""
    if not (view.known and view.last_year):
        need = f"{view.book.year - 1}年和{view.book.year}年分行业的执法检查月报"
        return (findings.cannot_show("比率的变化来自行业内还是检查的行业构成", need),)
    sectors = _sectors(view)
    shown: list[Displayable | DataTable] = []
    for ratio in (RATIOS[code] for code in codes):
        found = _split(sectors, ratio)
        if found is None:
            continue
        key = f"split-{ratio.code}"
        now, before = (view.rate(ratio, year).value for year in (view.book.year, view.book.year - 1))
        shown.append(findings.rate_split(ratio.name, ratio.kind, now, before, found, (key,)))
        shown.append(_table(view, ratio, sectors, found))
    return tuple(shown)


def _sectors(view: Enforcement) -> pd.DataFrame:
    """A row per sector, the counts of last year and of this one side by side; inspections never overlap.

    Columns are ``before:inspections`` and the like.
    """
    years = {"before": view.book.year - 1, "after": view.book.year}
    parts = [
        measures.counts(view.book, COUNTED, "sector", year).add_prefix(f"{when}:")
        for when, year in years.items()
    ]
    return pd.concat(parts, axis=1).fillna(0.0)


def _split(sectors: pd.DataFrame, ratio: Ratio) -> RateChange | None:
    counts = (sectors[f"{when}:{n}"] for when in ("before", "after") for n in (ratio.part, ratio.whole))
    return decompose_rate_change(*counts, per=ratio.per)


def _table(view: Enforcement, ratio: Ratio, sectors: pd.DataFrame, found: RateChange) -> DataTable:
    """List each sector's rates and inspections in both years, and its part of the change."""
    frame = pd.DataFrame(
        {
            "sector": [vocabulary.name("sector", str(c)) if c else "未分行业" for c in sectors.index],
            **{f"share_{when}": _share(sectors[f"{when}:{ratio.whole}"]) for when in ("before", "after")},
            **{when: _rate(sectors, when, ratio) for when in ("before", "after")},
            "within": found.within_by_sector,
            "mix": found.mix_by_sector,
        }
    )
    points = 100 if ratio.share else 1
    frame[["within", "mix"]] = (points * frame[["within", "mix"]]).round(2) + 0.0
    frame["size"] = (frame["within"] + frame["mix"]).abs()
    frame = frame[frame[["share_before", "share_after"]].sum(axis=1) > 0]
    frame = frame.sort_values("size", ascending=False, kind="stable")
    years, unit = (view.book.year - 1, view.book.year), "百分点" if ratio.share else ""
    return DataTable(
        f"split-{ratio.code}",
        frame.reset_index(drop=True),
        (
            Column("sector", "行业领域"),
            Column("share_before", f"{years[0]}年检查占比", "share"),
            Column("share_after", f"{years[1]}年检查占比", "share"),
            Column("before", f"{years[0]}年", ratio.kind),
            Column("after", f"{years[1]}年", ratio.kind),
            Column("within", "行业内部分", "number", 2, unit),
            Column("mix", "构成部分", "number", 2, unit),
        ),
        f"全县{ratio.name}的变化按行业拆分，两部分相加等于全县之差",
        f"{int(sectors[f'after:{ratio.whole}'].sum()):,} 次检查（{years[1]}年）",
        note=(
            "构成部分：检查更多投向本来比率高（低）的行业，全县比率也会变，行业里并没有变化。"
            "恒等式拆分（Kitagawa 1955），不是原因。"
        ),
        enterprises=WHOLE_COUNTY,
    )


def _share(counts: pd.Series[float]) -> list[float]:
    return (counts / counts.sum()).tolist()


def _rate(sectors: pd.DataFrame, when: str, ratio: Ratio) -> list[float | None]:
    pairs = zip(sectors[f"{when}:{ratio.part}"], sectors[f"{when}:{ratio.whole}"], strict=True)
    return [ratio.per * float(part) / float(whole) if whole else None for part, whole in pairs]
