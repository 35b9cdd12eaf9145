"""Writes summaries from a random generator of figures, dense in numbers as few real ones are.

Knows nothing of the extractor: wordings, orders, units and layouts are its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FIELDS = ("煤矿", "危险化学品", "烟花爆竹", "建筑施工", "道路交通", "城镇燃气", "特种设备", "工贸", "消防")


@dataclass
class Year:
    """The figures of one county's year."""

    year: int
    accidents: int
    deaths: int
    last_accidents: int
    last_deaths: int
    inspected: int
    found: int
    rectified: int
    major: int
    own: int
    major_rectified: int
    penalties: int
    fines: int
    """In hundredths of 万元."""
    fields: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Field → enterprises inspected, hazards found, rectified."""


def draw(chance: random.Random, year: int = 2022) -> Year:
    """A year whose figures agree with one another."""
    found, major = chance.randint(200, 5000), chance.randint(20, 180)
    chosen = chance.sample(FIELDS, chance.randint(2, 5))
    details = {}
    for name in chosen:
        seen = chance.randint(5, 90)
        details[name] = (chance.randint(3, 60), seen, chance.randint(seen // 2, seen))
    return Year(
        year, chance.randint(4, 40), chance.randint(2, 20), chance.randint(5, 45), chance.randint(3, 22),
        chance.randint(100, 3000), found, chance.randint(found // 2, found - 1), major, chance.randint(3, major - 3),  # noqa: E501
        chance.randint(major // 2, major - 1), chance.randint(10, 300), chance.randint(1000, 90000), details,
    )  # fmt: skip


def percent(part: int, whole: int, digits: int) -> str:
    """A percentage as printed."""
    return f"{100 * part / whole:.{digits}f}%"


def write(chance: random.Random) -> str:
    """A summary of a year."""
    facts = draw(chance, chance.randint(2015, 2024))
    title, *body, closing = (
        part(chance, facts) for part in (_title, _accidents, _overall, _major, _penalties, _details, _closing)
    )
    if chance.random() < 0.5:
        body[2], body[3] = body[3], body[2]
    return "\n".join([title, *body, closing]) + "\n"


def _title(chance: random.Random, facts: Year) -> str:
    return chance.choice(
        ("临江县{}年安全生产工作总结", "{}年度全县安全生产工作情况报告", "关于{}年安全生产工作的总结")
    ).format(facts.year)


def _accidents(chance: random.Random, facts: Year) -> str:
    change = facts.accidents - facts.last_accidents
    way = "减少" if change < 0 else "增加"
    moved = "下降" if change < 0 else "上升"
    rate = f"{abs(100 * change / facts.last_accidents):.1f}%"
    deaths = facts.deaths
    road, rest = deaths // 2, deaths - deaths // 2
    trend = f"，事故起数同比{way}{abs(change)}起，{moved}{rate}" if change else "，事故起数同比持平"
    opening = chance.choice(
        ("全县共发生各类生产安全事故", "全年全县发生生产安全事故", "全县累计发生各类事故")
    )
    lines = f"{facts.year}年，{opening}{facts.accidents}起，死亡{deaths}人{trend}。"
    return lines + f"其中道路交通事故死亡{road}人，建筑施工事故死亡{rest}人。"


def _overall(chance: random.Random, facts: Year) -> str:
    found, rectified = facts.found, facts.rectified
    digits = chance.choice((0, 1, 2))
    rate = percent(rectified, found, digits)
    inspected = chance.choice(("检查各类企业{}家次", "检查生产经营单位{}家次", "累计检查企业{}家次")).format(
        facts.inspected
    )
    hazards = chance.choice(("排查各类隐患{}条", "查出问题隐患{}项", "发现安全隐患{}处")).format(found)
    done = chance.choice(("已整改{}{}", "完成整改{}{}", "整改{}{}")).format(rectified, hazards[-1])
    tail = chance.choice((f"，整改率{rate}", f"，隐患整改率达{rate}"))
    opening = chance.choice(("一是深入开展隐患排查。", "二、隐患排查治理情况\n", ""))
    return f"{opening}全县各级各部门共{inspected}，{hazards}，{done}{tail}。"


def _major(chance: random.Random, facts: Year) -> str:
    own, departments, done = facts.own, facts.major - facts.own, facts.major_rectified
    self_found = chance.choice(("企业自查上报{}条", "企业自查发现{}条", "企业自查自报{}条")).format(own)
    by_office = chance.choice(("部门检查发现{}条", "部门排查发现{}条")).format(departments)
    order = [self_found, by_office]
    chance.shuffle(order)
    opening = chance.choice(("扎实推进重大事故隐患排查整治，", "聚焦重大隐患动态清零，", ""))
    return f"{opening}全县共排查重大事故隐患{facts.major}条，其中{order[0]}，{order[1]}，已整改{done}条。"


def _penalties(chance: random.Random, facts: Year) -> str:
    fines = f"{facts.fines / 100:.2f}万元"
    wording = chance.choice(
        ("实施行政处罚{}起，罚款{}", "行政处罚{}次，罚款金额{}", "立案查处后行政处罚{}件，共处罚款{}")
    )
    return (
        chance.choice(("严格监管执法，", "强化执法检查，", ""))
        + wording.format(facts.penalties, fines)
        + "。"
    )


def _details(chance: random.Random, facts: Year) -> str:
    if chance.random() < 0.35:
        return _table(facts)
    lines = []
    for name, (seen, found, done) in facts.fields.items():
        tail = chance.choice((f"已整改{done}条", f"完成整改{done}条")) if done < found else "均已整改到位"
        lead = chance.choice(("{}领域，", "{}方面：", "{}领域，")).format(name)
        lines.append(f"{lead}检查企业{seen}家，发现隐患{found}条，{tail}。")
    return "".join(lines)


def _table(facts: Year) -> str:
    rows = ["行业领域 | 检查企业（家） | 发现隐患（条） | 已整改（条）"]
    rows += [f"{name} | {seen} | {found} | {done}" for name, (seen, found, done) in facts.fields.items()]
    sums = [sum(values[at] for values in facts.fields.values()) for at in range(3)]
    return "\n".join([*rows, f"合计 | {sums[0]} | {sums[1]} | {sums[2]}"])


def _closing(chance: random.Random, facts: Year) -> str:
    first = f"全县共排查出重大隐患{facts.major}条，整治任务仍然繁重。"
    second = f"{facts.year}年全县共发生生产安全事故{facts.accidents}起，形势依然严峻。"
    return "存在的问题\n" + chance.choice((first + "\n" + second, second + "\n" + first))
