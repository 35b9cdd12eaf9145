"""Plans of summaries: the commitments found against labels by hand, their figures, days and past years.

The labels (tests/plans) were written before the reader met the text: start and end of each undertaking, its
sectors, and the past year that it cites. The published summary is labelled by offsets alone.

How the reader did where it met a text for the first time (recall, precision): town 0.71, 0.83; zone 0.44,
1.00; transport 0.31, 0.80; street 0.78, 0.78. What had gone wrong was then mended, by rules more than words.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from analysis.sources import commitments, documents, targets
from analysis.sources.commitments import Commitment

HERE = Path(__file__).parents[1] / "plans"
Label = dict[str, str]


def labels(name: str) -> list[Label]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text_of(name: str) -> str:
    return documents.read_text(HERE / f"{name}.txt").text


def matches(found: list[Commitment], wanted: list[Label]) -> list[tuple[Commitment, Label]]:
    """Pairs that share at least half of their joint stretch; each label and each commitment once."""
    pairs, left = [], list(wanted)
    for one in found:
        best = max(left, key=lambda label: overlap(one, label), default=None)
        if best is not None and overlap(one, best) >= 0.5:
            pairs.append((one, best))
            left.remove(best)
    return pairs


def overlap(one: Commitment, label: Label) -> float:
    start, end = int(label["start"]), int(label["end"])
    both = max(0, min(one.end, end) - max(one.start, start))
    return both / (max(one.end, end) - min(one.start, start))


def require(text: str, wanted: list[Label]) -> list[tuple[Commitment, Label]]:
    """At least four in five found, and of those found at least four in five labelled."""
    found = commitments.read(text)
    pairs = matches(found, wanted)
    assert len(pairs) / len(wanted) >= 0.8, "recall"
    assert len(pairs) / len(found) >= 0.8, "precision"
    return pairs


@pytest.mark.parametrize("name", ["bureau_2024", "town_2022", "zone_2024", "transport_2024", "street_2024"])
def test_commitments_are_those_labelled_by_hand(name: str) -> None:
    require(text_of(name), labels(name))


def test_commitments_of_the_published_summary(shared: Path) -> None:
    text = documents.read_text(shared / "gold" / "summary-2023.txt").text
    pairs = require(text, labels("summary-2023"))
    right = [set(one.sectors) == set(filter(None, label["sectors"].split(";"))) for one, label in pairs]
    assert sum(right) / len(right) >= 0.8, "sectors"
    assert [one.text for one, _ in pairs] == [text[one.start : one.end] for one, _ in pairs]
    assert len({one.item for one, _ in pairs}) == 4, "the four heads"


def test_the_published_plan_cites_a_past_year_twice(shared: Path) -> None:
    text = documents.read_text(shared / "gold" / "summary-2023.txt").text
    pairs = matches(commitments.read(text), labels("summary-2023"))
    cited = {label["start"]: targets.past_year(one.text, 2024) for one, label in pairs}
    assert {start for start, year in cited.items() if year} == {
        label["start"] for label in labels("summary-2023") if label["past_year"]
    }


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("更新2023年责任清单", 2023),
        ("较2023年下降百分之五", None),
        ("比2023年同期减少", None),
        ("推进三年行动（2023—2025年）", None),
        ("推进三年行动（2021—2023年）", 2023),
        ("完成2024年培训", None),
        ("继续开展重大事故隐患专项排查整治", 2023),
        ("深化治本攻坚三年行动", None),
    ],
)
def test_a_past_year_is_a_list_or_action_that_was_over(text: str, cited: int | None) -> None:
    """Campaigns by their registered end: the one of 2023 ended that year, the three-year one runs to 2026."""
    assert targets.past_year(text, 2024) == cited


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("举办培训班不少于4期", [("trainings", "at_least", "4")]),
        ("检查总次数控制在1500次以内", [("inspections", "at_most", "1500")]),
        ("隐患整改率达到98%以上", [("rectification_rate", "at_least", "98")]),
        ("生产安全事故死亡人数不超过2人", [("deaths", "at_most", "2")]),
        ("完善应急预案", []),
    ],
)
def test_figures_that_a_commitment_promises(text: str, promised: list[tuple[str, str, str]]) -> None:
    wanted = [targets.Target(code, comparator, Decimal(value)) for code, comparator, value in promised]  # type: ignore[arg-type]
    assert list(targets.targets(text, 2025)) == wanted


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6月底前组织演练", date(2025, 6, 30)),
        ("2月底前印发", date(2025, 2, 28)),
        ("9月15日前完成", date(2025, 9, 15)),
        ("上半年完成", date(2025, 6, 30)),
        ("三季度末完成", date(2025, 9, 30)),
        ("年底前改造320户", date(2025, 12, 31)),
        ("持续开展", None),
    ],
)
def test_due_days(text: str, day: date | None) -> None:
    assert targets.due(text, 2025) == day


@pytest.mark.parametrize(
    ("sentence", "undertakings"),
    [
        ("总体要求是守底线、控风险。", 0),
        ("安全无小事，我们将守好家门。", 0),
        ("主要目标：不发生较大事故，死亡人数不超过1人。", 2),
        ("投入20万元，为8家企业加装报警器。", 1),
        ("微型消防站扩到9人；涉企检查一律扫码。", 2),
        ("为车辆换装终端，6月底前完成210台。", 1),
        ("局领导每月下沉一线，班子成员包联8家企业。", 2),
        ("对屡查屡犯的商户，名单张贴公告。", 1),
    ],
)
def test_what_stands_for_itself_is_one_undertaking(sentence: str, undertakings: int) -> None:
    assert len(commitments.read(f"甲县2023年总结\n二、2024年工作打算\n{sentence}")) == undertakings


def test_no_plan_no_commitment() -> None:
    assert (
        commitments.read("甲县2023年总结\n全年检查企业20家。\n一、存在问题\n宣传不够深入，要加强培训。") == []
    )
    assert commitments.read("") == []


def test_owners() -> None:
    found = {one.text[:6]: one.owner for one in commitments.read(text_of("bureau_2024"))}
    assert found["城市管理局负"] == "城市管理局"
    assert found["安委办牵头，"] == "安委办"
    assert found["修订完善成员"] == ""
