"""How quickly summaries are read: documents a second per core, and seconds per megabyte of hostile text.

    python benchmarks/extraction.py

The documents have about 7,000 characters. Lines with figures are those of the tests' generator, lines of
prose are composed here from openings, deeds and aims; no two documents are alike. One in three lines bears
figures in the first kind, about 140 a document, which is what a county's yearly summary has (95 in 4,847
characters); the second kind is figures throughout. Start-up (reading the vocabulary, building the scanners)
is paid before the clock starts. The bar is 200 documents a second per core.

It is not met. On an idle core 39 documents of the first kind and 15 of the second were read a second
(2026-11-29). Counted by callgrind at an earlier state, which no other work disturbs, a document of the first
kind takes 141 million instructions: a third in regular expressions (almost half of it looking up words), a
fifth in the interpreter, the rest on the objects made for some 100 Python calls a figure.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.written_summaries import write
from tests.sources.test_summaries import HOSTILE

from analysis.sources.summaries import extract

LENGTH = 7_000
DOCUMENTS = 100
REAL, DENSE = 0.34, 1.0
"""Shares of the lines that bear figures."""

OPENINGS = [
    "今年以来",
    "按照上级统一部署",
    "县委、县政府高度重视",
    "各乡镇各部门",
    "县安委办牵头抓总",
    "相关行业主管部门",
    "围绕重点行业领域",
    "坚持问题导向",
    "针对汛期特点",
    "结合安全生产月活动",
    "聚焦危险化学品和非煤矿山",
    "在人员密集场所",
]
DEEDS = [
    "深入开展隐患排查治理",
    "压紧压实企业主体责任",
    "强化部门联动执法",
    "督促企业完善应急预案",
    "严格落实领导带队检查制度",
    "持续推进双重预防机制建设",
    "加大宣传教育力度",
    "健全责任体系",
    "及时消除风险隐患",
    "组织专家上门指导服务",
    "规范行政处罚程序",
    "紧盯燃气、消防和道路交通等薄弱环节",
]
AIMS = [
    "确保全县安全生产形势持续稳定",
    "坚决防范遏制重特大事故",
    "推动各项任务落地见效",
    "切实保障人民群众生命财产安全",
    "不断提升本质安全水平",
    "形成齐抓共管的工作格局",
    "为高质量发展营造良好环境",
    "做到整改责任、措施、资金、时限和预案落实",
]


def prose(chance: random.Random) -> str:
    """A line without figures."""
    deeds = "，".join(chance.sample(DEEDS, chance.randint(2, 4)))
    return f"{chance.choice(OPENINGS)}，{deeds}，{chance.choice(AIMS)}。"


def blocks(chance: random.Random) -> Iterator[str]:
    """Lines with figures without end; the rows of a table stay together."""
    while True:
        table: list[str] = []
        for line in write(chance).strip().split("\n"):
            if "|" in line:
                table.append(line)
                continue
            if table:
                yield "\n".join(table)
                table = []
            yield line


def document(seed: int, share: float) -> str:
    """A summary of which ``share`` of the lines bear figures."""
    chance = random.Random(seed)  # noqa: S311
    figures = blocks(chance)
    lines: list[str] = []
    while sum(map(len, lines)) < LENGTH:
        lines.append(next(figures) if chance.random() < share else prose(chance))
    return "\n".join(lines)[:LENGTH]


def rate(share: float) -> tuple[float, float]:
    """Documents a second, and figures per document."""
    texts = [document(seed, share) for seed in range(DOCUMENTS)]
    start = time.process_time()
    figures = sum(len(extract(text, name="x").facts) for text in texts)
    return DOCUMENTS / (time.process_time() - start), figures / DOCUMENTS


def main() -> None:
    """Print the rates, and for hostile texts the seconds per megabyte at two lengths."""
    extract("全县检查企业12家。", name="x")
    for share in (REAL, DENSE):
        documents, figures = rate(share)
        print(f"{documents:6.0f} documents/s of {LENGTH} characters with {figures:.0f} figures each")
    for kind, text in HOSTILE.items():
        seconds = []
        for part in (text[: len(text) // 4], text):
            start = time.process_time()
            extract(part, name="x", year=2023)
            seconds.append((time.process_time() - start) / (len(part.encode()) / 1e6))
        print(f"{kind:10s} {seconds[0]:6.2f} s/MB at a quarter, {seconds[1]:6.2f} s/MB at full length")


if __name__ == "__main__":
    main()
