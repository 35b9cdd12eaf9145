"""Report 5, part: where the summaries contradict themselves, last year's, the ledger or the returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pandas as pd

from analysis import raw, vocabulary
from analysis.book import Book
from analysis.messages import AnalysisError
from analysis.reconcile import Contradiction, Mismatch
from analysis.reconcile.year import check_year
from analysis.report import findings, formats
from analysis.report.display import Displayable, Headline
from analysis.report.findings import Finding
from analysis.report.tables import Column, DataTable
from analysis.settings import Folders

NEEDED = "总结文件原件（与整理数据时相同），也可运行 analysis check"


@dataclass(frozen=True)
class Contradictions:
    """What does not add up in the county's year, at the day that its files state."""

    book: Book

    @cached_property
    def found(self) -> list[Contradiction | Mismatch] | None:
        """Every contradiction; None without summaries, or where they are not those that were prepared."""
        folders = Folders.find(processed=self.book.store.processed)
        try:
            sources = raw.sources_of(folders, self.book.year)
            same = [source for source in sources if source.county.code == self.book.scope.county]
            return check_year(folders, same[0]) if same and self._as_prepared(same[0]) else None
        except AnalysisError:
            return None  # a folder that is not there or cannot be read: the report says what it needs

    def _as_prepared(self, source: raw.CountyFolder) -> bool:
        inputs = raw.inputs_of(self.book.store.processed, self.book.year, source.county.code)
        known = {str(seen["name"]): seen["sha256"] for seen in inputs}
        documents = source.documents
        return bool(documents) and all(
            known.get(source.name(path)) == raw.file_hash(path) for path in documents
        )

    @property
    def wrong(self) -> list[Contradiction | Mismatch]:
        """Those that are no mere warnings."""
        return [one for one in self.found or () if not one.warning]


def headlines(view: Contradictions) -> tuple[Headline, ...]:
    """Open with how many there are."""
    count = None if view.found is None else len(view.wrong)
    basis = "" if view.found is None else f"另有 {len(view.found) - len(view.wrong):,} 处需要查看"
    return (Headline("contradictions", "数字矛盾", count, "处", basis=basis, counts=()),)


def answer(view: Contradictions) -> tuple[Finding, ...]:
    """Say how many figures contradict one another."""
    if view.found is None:
        return (findings.cannot_show("总结文件的数字是否前后一致、与台账是否一致", NEEDED),)
    open_ones = len(view.found) - len(view.wrong)
    evidence = ("contradictions",) if view.found else ()
    return (findings.contradictions(len(view.wrong), open_ones, evidence).telling(),)


def tables(view: Contradictions) -> Iterable[Displayable | DataTable]:
    """List each contradiction with both places and the difference, where there are any."""
    if not view.found:
        return answer(view)
    return (contradiction_table(view.found),)


def contradiction_table(found: list[Contradiction | Mismatch]) -> DataTable:
    """List the contradictions, those that are no mere warnings first."""
    frame = pd.DataFrame(
        {
            "indicator": [vocabulary.name("indicator", one.indicator) for one in found],
            "nature": ["需要查看" if one.warning else "矛盾" for one in found],
            "difference": [formats.missing_or(one.difference, _apart) for one in found],
            "message": [one.message.text("zh") for one in found],
        }
    )
    return DataTable(
        "contradictions",
        frame.sort_values("nature", kind="stable").reset_index(drop=True),
        (
            Column("indicator", "指标"),
            Column("nature", "性质"),
            Column("difference", "相差"),
            Column("message", "两处出处", "quote"),
        ),
        "总结文件、上年文件、台账和月报之间核对不上的数字",
        f"{len(found)} 处",
        note="约数、未写明范围的数字只作“需要查看”，逐个对照见下表。核对以文件所述的统计日为准。",
    )


def _apart(difference: Decimal) -> str:
    """Counts without decimals, rates with those they have."""
    return f"{abs(float(difference)):,.10g}"
