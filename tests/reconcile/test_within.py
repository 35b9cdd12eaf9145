"""Sentences whose figures agree or do not, computed by hand; each case is one that documents do have."""

from __future__ import annotations

import pytest

from analysis.reconcile import Contradiction, check_document
from analysis.sources import summaries

CONSISTENT = {
    "six of 112 wait": "道路交通隐患治理完成106起，治理完成率94.64％，剩余6起已完成治理，正等待审核。",
    "rate before its counts": "整改率94.64%，全县共排查隐患112处，已整改106处。",
    "rate between its counts": "全县共排查隐患112处，整改率94.6%，已整改106处。",
    "rounded to whole percents": "全县共排查隐患112处，已整改106处，整改率95%。",
    "cut off, not rounded": "全县共排查隐患112处，已整改106处，整改率94%。",
    "two rates": "全县共排查隐患200条，已整改190条，整改率95%，已销号180条，闭环率90%。",
    "a rate of those due": "全县共排查隐患200条，按期整改率98%，已整改190条。",
    "a bound": "全县共排查隐患200余条，已整改190条，整改率92%。",
    "rounded counts": "全县共排查隐患1.2万条，已整改1.25万条。",
    "nothing found": "全县未发现重大事故隐患，共排查一般隐患30条，已整改30条。",
    "steady": "全县发生事故12起，同比持平；死亡3人，同比减少1人，下降25%。",
    "visits and enterprises": "开展检查315次/246家，发现隐患100条，整改100条，整改率100%。",
    "no hazard at all": "全县共排查隐患0条，已整改0条，整改率100%。",
    "a third part": "发现隐患30处，当场整改18处、限期整改10处、停产整改2处。",
    "a drive beside the county": "全县共排查隐患900条。\n节前开展安全大检查，全县共排查隐患31条。",
    "two campaigns": "治本攻坚三年行动中，排查重大隐患140条。\n动火作业整治月中，未发现重大隐患。",
    "months of one year": "1月份，全县共排查隐患30条。\n2月份，全县共排查隐患42条。",
}
WRONG = {
    "rate of what waits": (
        "rate",
        "道路交通隐患治理完成106起，治理完成率90.64％，剩余6起已完成治理，正等待审核。",
    ),
    "rate at its digits": ("rate", "全县共排查隐患112处，已整改106处，整改率94.7%。"),
    "rate before its counts": ("rate", "整改率84.64%，全县共排查隐患112处，已整改106处。"),
    "closure rate is not rectification rate": (
        "rate",
        "全县共排查隐患200条，已整改190条，整改率95%，已销号180条，闭环率95%。",
    ),
    "change in per cent before the number": ("rate", "全县发生事故12起；死亡3人，同比下降35%，减少1人。"),
    "rectified what was not found": ("rectified", "全县未发现重大事故隐患，已整改重大事故隐患3条。"),
    "what is left": ("parts", "全县共排查隐患200条，已整改190条，剩余12条正在整改。"),
    "a part above its whole": ("parts", "发生事故3起、死亡4人，其中较大事故4起。"),
    "a year's fines in yuan": ("unit", "全年罚款205.1026元。"),
    "twice": ("twice", "全县共排查隐患900条。\n存在的问题\n全县共排查隐患890条，分布不均。"),
}


def check(text: str) -> list[Contradiction]:
    return check_document(summaries.extract(text, name="总结.txt", year=2023).facts)


@pytest.mark.parametrize("text", CONSISTENT.values(), ids=CONSISTENT)
def test_figures_that_agree_are_not_reported(text: str) -> None:
    assert [one.message.text("zh") for one in check(text)] == []


@pytest.mark.parametrize(("kind", "text"), WRONG.values(), ids=WRONG)
def test_figures_that_do_not_agree_are_reported_once(kind: str, text: str) -> None:
    (found,) = check(text)
    assert found.kind == kind
    assert not found.warning


def test_an_approximate_figure_is_a_warning() -> None:
    (found,) = check("全县共排查隐患近200条，已整改210条。")
    assert found.warning


def test_both_places_are_told_by_line_and_words() -> None:
    (found,) = check("全县共排查隐患900条。\n存在的问题\n全县共排查隐患890条，分布不均。")
    words = found.message.text("zh")
    assert "第1行" in words
    assert "第3行“全县共排查隐患890条" in words
    assert "相差 10" in words
