"""Quantities as summaries write them; expected values are what the words say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sources.folding import fold
from analysis.sources.quantities import Number, Quantity, number_in_words, scan


def _one(text: str) -> Quantity:
    found = [item for item in scan(fold(text).text) if isinstance(item, Quantity)]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier"),
    [
        ("印发1.2万份", "12000", "份", "exact"),
        ("罚款2.1亿余元", "210000000", "元", "at_least"),
        ("罚款28.8亿元", "2880000000", "元", "exact"),
        ("损失0.06万，", "600", "", "exact"),
        ("罚款10.18万元", "101800", "元", "exact"),
        ("检查组97万余个", "970000", "个", "at_least"),
        ("完成25200多项", "25200", "项", "at_least"),
        ("专家近20名", "20", "名", "nearly"),
        ("整治逾4万家", "40000", "家", "at_least"),
        ("超九成企业", "90", "%", "at_least"),
        ("损失约20多万元", "200000", "元", "about"),
        ("开展两次", "2", "次", "exact"),
        ("设立六个", "6", "个", "exact"),
        ("占百分之五", "5", "%", "exact"),
        ("占百分之九十八点五", "98.5", "%", "exact"),
        ("检查１２３４家", "1234", "家", "exact"),
        ("检查1,234家", "1234", "家", "exact"),
        ("检查1 234家", "1234", "家", "exact"),
        ("损失32 778.25万元", "327782500", "元", "exact"),
        ("2023 120家", "120", "家", "exact"),
        ("演练二十余场", "20", "场", "at_least"),
        ("检查14万多家次", "140000", "家次", "at_least"),
        ("查封三十家左右", "30", "家", "about"),
        ("企业42313家(次)", "42313", "家", "exact"),
        ("企業42313家（次）", "42313", "家", "exact"),
        ("检查一百二十家", "120", "家", "exact"),
        ("投入3亿元", "300000000", "元", "exact"),
    ],
)
def test_written_quantities(text: str, value: str, unit: str, qualifier: str) -> None:
    found = _one(text)
    assert (found.value, found.unit, found.qualifier) == (Decimal(value), unit, qualifier)


@pytest.mark.parametrize(
    "text",
    [
        "二○○六年", "2017年11月3日", "1-12月份", "安委办〔2017〕36号", "第3次", "24小时值班", "200米范围", "D1类", "12350举报热线",  # noqa: E501
        "30—40家之间的3-5次", "GB18218-2018", "为期三个月", "2023行动",
    ],
)  # fmt: skip
def test_dates_numbers_of_documents_ordinals_and_ranges_are_no_quantities(text: str) -> None:
    found = [item for item in scan(fold(text).text) if isinstance(item, Quantity) and not item.in_words]
    assert found == []


def test_every_number_is_handed_back_with_a_reason() -> None:
    found = list(scan("2017年检查12家，第3批，文号〔2020〕7号。"))
    assert [type(item) for item in found] == [Number, Quantity, Number, Number, Number]
    assert [item.reason for item in found if isinstance(item, Number)] == [
        "date",
        "ordinal",
        "reference",
        "date",
    ]


@pytest.mark.parametrize(
    ("words", "value"),
    [("二〇〇六", 2006), ("十二", 12), ("两千三", 2300), ("一百零五", 105), ("九十八点五", "98.5")],
)
def test_numbers_in_words(words: str, value: object) -> None:
    assert number_in_words(words) == Decimal(str(value))


@given(st.decimals(min_value=0, max_value=99999, places=2), st.sampled_from(["万元", "亿元", "元"]))
def test_money_is_exact(amount: Decimal, unit: str) -> None:
    """10.18万元 is 101800 and not 101799.99: no binary fraction is on the way."""
    factor = {"万元": 10**4, "亿元": 10**8, "元": 1}[unit]
    assert _one(f"罚款{amount}{unit}").value == amount * factor


def test_a_hundred_thousand_digits_are_one_number_that_is_too_long() -> None:
    assert [item.reason for item in scan("共" + "7" * 100_000 + "家") if isinstance(item, Number)] == [
        "too_long"
    ]
