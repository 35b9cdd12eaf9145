"""Sentences on the data themselves: what they count must add up, or they say that it does not."""

from __future__ import annotations

import pytest

from analysis.report import findings
from analysis.report.findings import CLAIM_WORDS, Strength


def test_no_contradiction_is_no_proof_of_truth() -> None:
    found = findings.contradictions(0, 3)
    assert "没有核对出矛盾" in found.text
    assert "另有3处" in found.text
    assert found.strength is Strength.DESCRIBED


def test_what_was_not_read_is_counted() -> None:
    assert findings.figures_read(109, 88, 1).text == (
        "总结文件有109个数字：88个读作统计数字，20个是日期、编号等，1个没有读出，可用 analysis extract 列出。"
    )
    assert findings.figures_read(5, 5, 0).text.endswith("没有遗漏。")


def test_without_total_rows_nothing_was_checked() -> None:
    assert findings.totals_agree(0, 0).strength is Strength.OPEN
    assert findings.totals_agree(4, 0).text == "原表合计行4行，均与明细相加相符。"


def test_a_method_that_fails_its_check_is_no_description() -> None:
    assert findings.self_checked(31, 32).strength is Strength.OPEN


@pytest.mark.parametrize(
    "text",
    [
        findings.rows_accounted(10, 7, 2, 1, 0).text,
        findings.rows_accounted(10, 7, 0, 0, 0).text,
        findings.denominators(["甲"], ["乙"]).text,
        findings.none_late(12).text,
    ],
)
def test_counts_of_the_data_claim_nothing(text: str) -> None:
    assert not [word for word in CLAIM_WORDS if word in text]
