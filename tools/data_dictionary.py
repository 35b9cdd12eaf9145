"""Writes docs/data-dictionary.md from the vocabulary: ``python -m tools.data_dictionary``.

The dictionary is never written by hand; a test compares the committed page with what this makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis import vocabulary
from analysis.publish import publish
from analysis.schema import TABLES
from analysis.vocabulary import Column

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data-dictionary.md"
INTRODUCTION = """# 数据字典

本页由 `python -m tools.data_dictionary` 根据词表（`src/analysis/vocabulary/*.csv`）生成，请不要手工修改。
"""
ORIGINS = {"file": "来自文件", "derived": "读取时生成", "dropped": "读取时丢弃"}
SHOWN_LISTS = (
    *("level", "source", "mode", "status", "rectification_mode", "listing_level", "penalty_kind"),
    *("measure", "qualifier", "indicator_source"),
)


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join(
        [
            INTRODUCTION,
            *(*_tables(), *_indicators(), *_sectors(), *_campaigns(), *_lists(), *_units(), *_rules()),
        ]
    )


def _tables() -> Iterable[str]:
    yield "## 表\n"
    for table in TABLES:
        yield f"### {table} {vocabulary.values('table').get(table, '')}".rstrip() + "\n"
        yield _table(COLUMN_HEADINGS, (_column(column) for column in vocabulary.columns(table)))
    yield "### 各表都丢弃的列\n"
    yield _table(COLUMN_HEADINGS, (_column(column) for column in vocabulary.columns("*")))


COLUMN_HEADINGS = ("列", "表头", "也可写作", "类型", "单位", "必填", "来源", "含义")


def _column(column: Column) -> Sequence[str]:
    return (
        f"`{column.column}`",
        column.header,
        "、".join(column.aliases),
        column.type,
        column.unit,
        "是" if column.required else "",
        ORIGINS[column.origin],
        column.definition,
    )


def _indicators() -> Iterable[str]:
    yield "## 指标\n"
    yield _table(
        ("代码", "名称", "单位", "种类", "定义"),
        ((f"`{i.code}`", i.name_zh, i.unit, i.kind, i.definition) for i in vocabulary.indicators().values()),
    )


def _sectors() -> Iterable[str]:
    yield "## 行业领域\n"
    yield _table(
        ("代码", "名称", "种类", "主管部门", "也可写作"),
        (
            (f"`{s.code}`", s.name_zh, s.kind, s.department, "、".join(s.aliases))
            for s in vocabulary.sectors().values()
        ),
    )


def _campaigns() -> Iterable[str]:
    yield "## 专项行动\n"
    yield _table(
        ("代码", "名称", "行业领域", "起", "止", "说明"),
        (
            (f"`{c.code}`", c.name_zh, c.sector, str(c.start or ""), str(c.end or ""), c.definition)
            for c in vocabulary.campaigns().values()
        ),
    )


def _lists() -> Iterable[str]:
    yield "## 取值\n"
    for kind in SHOWN_LISTS:
        yield f"### {kind}\n"
        yield _table(
            ("代码", "名称"), ((f"`{code}`", name) for code, name in vocabulary.values(kind).items())
        )


def _units() -> Iterable[str]:
    yield "## 单位\n"
    yield _table(
        ("单位", "量纲", "换算"),
        ((unit.unit, unit.dimension, f"{unit.factor:,}") for unit in vocabulary.units().values()),
    )


RULES = {
    "sheet": "考核细则",
    "item": "items 的各项",
    "step": "steps 的各档",
    "cap": "caps 的各条",
    "veto": "vetoes 的各条",
    "grade": "grades 的各等",
}
CHANCE = {"binomial": "二项", "poisson": "泊松", "none": "无（工作量，按记录计）"}


def _rules() -> Iterable[str]:
    yield "## 年度考核细则（assessment.yaml）\n"
    yield "一个文件是一张表，每个考核对象一份细则。写错的项在 `analysis prepare` 时指出文件、行和改法。\n"
    for kind, title in RULES.items():
        yield f"### {title}\n"
        keys = vocabulary.values(f"rules_{kind}").items()
        yield _table(("键", "含义"), ((f"`{key}`", meaning) for key, meaning in keys))
    yield "### 可考核的指标\n"
    names = vocabulary.indicators()
    yield _table(
        ("代码", "名称", "单位", "对象", "偶然变动"),
        (
            (
                f"`{one.indicator}`",
                names[one.indicator].name_zh,
                names[one.indicator].unit,
                "、".join(vocabulary.name("rules_subject", subject) for subject in one.subjects),
                CHANCE[one.chance],
            )
            for one in vocabulary.scored().values()
        ),
    )


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


if __name__ == "__main__":
    publish(PAGE, page())
