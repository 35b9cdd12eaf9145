"""Invented summaries in many styles, true to a county's figures or with one contradiction planted in them.

All places, figures and sentences are invented. Nothing here knows the reconciler or the extractor: a text is
put together from figures that agree, and a plant changes one printed number so that they no longer do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

KINDS = ("parts", "rectified", "rate", "twice", "unit", "year", "ledger")
SECTORS = {
    "煤矿": "coal_mine", "危险化学品": "hazchem", "烟花爆竹": "fireworks", "建筑施工": "construction",
    "道路运输": "road_transport", "城镇燃气": "gas", "工贸": "industry_trade", "消防": "fire",
    "特种设备": "special_equipment",
}  # fmt: skip
FIELDS = tuple(SECTORS)
COUNTIES = ("临江县", "云溪县", "青石县", "望河区", "东岭市")
CAMPAIGNS = {
    "治本攻坚三年行动": "root_cause_2024", "重大事故隐患专项排查整治2023行动": "major_hazard_2023",
    "“五一”期间大检查大整治": "may_day_inspection",
}  # fmt: skip
_DIGITS = "零一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass
class Figures:
    """A county's year; the parts make up their totals."""

    year: int
    accidents: int
    deaths: int
    accidents_before: int
    deaths_before: int
    split: dict[str, int]
    """Accidents by field."""
    checked: int
    found: int
    own: int
    on_site: int
    rectified: int
    major: int
    major_own: int
    major_rectified: int
    penalties: int
    fines: int
    """In 100 yuan."""
    notices: int
    fields: dict[str, tuple[int, int, int]]
    """Field → enterprises checked, hazards found, rectified."""
    campaign: str
    campaign_found: int
    campaign_rectified: int


@dataclass
class Plant:
    """A contradiction to be written: its kind, and the wrong number once it is in the text."""

    kind: str = ""
    number: str = ""
    done: bool = False
    options: list[str] = field(default_factory=list)

    def here(self, where: str) -> bool:
        """Whether to plant at this place; true once."""
        if self.done or not self.options or self.options[0] != where:
            return False
        self.done = True
        return True


@dataclass
class Summary:
    """A text, and the number that was planted in it, in plain digits."""

    text: str
    number: str = ""


OPTIONS = {
    "parts": ("own", "on_site", "pending", "major_own", "table", "split", "subset"),
    "rectified": ("overall", "major", "field", "row", "campaign"),
    "rate": ("overall", "major", "before", "change"),
    "twice": ("found", "major", "accidents", "campaign", "fines"),
    "unit": ("yuan", "small", "share", "half"),
    "year": ("accidents", "accidents_pct", "deaths", "then"),
    "ledger": ("found", "rectified", "major", "fines", "penalties", "field"),
}
"""Where each kind can be planted."""


def draw(chance: random.Random, year: int) -> Figures:
    """Figures that agree with one another."""
    found, major = chance.randint(1500, 6000), chance.randint(25, 190)
    names = chance.sample(FIELDS, chance.randint(3, 5))
    split = {name: chance.randint(1, 6) for name in chance.sample(FIELDS[:7], 3)}
    fields = {}
    for name in names:
        seen = chance.randint(12, 90)
        fields[name] = (chance.randint(5, 60), seen, chance.randint(seen // 2, seen - 1))
    in_campaign = chance.randint(20, 250)
    return Figures(
        year=year, accidents=sum(split.values()), deaths=chance.randint(2, 9), split=split,
        accidents_before=sum(split.values()) + chance.choice((-2, -1, 1, 3, 7)),
        deaths_before=chance.randint(2, 15),
        checked=chance.randint(200, 4000), found=found, own=chance.randint(20, found // 3),
        on_site=chance.randint(found // 3, found // 2), rectified=chance.randint(2 * found // 3, found - 4),
        major=major, major_own=chance.randint(3, major - 5),
        major_rectified=chance.randint(major // 2, major - 2),
        penalties=chance.randint(20, 400), fines=chance.randint(400, 90_000), notices=chance.randint(30, 900),
        fields=fields, campaign=chance.choice(tuple(CAMPAIGNS)), campaign_found=in_campaign,
        campaign_rectified=chance.randint(in_campaign // 2, in_campaign - 1),
    )  # fmt: skip


class Writer:
    """Writes one summary in one style."""

    def __init__(self, chance: random.Random, figures: Figures, plant: Plant, *, asides: bool = True) -> None:
        self.chance, self.f, self.plant, self.with_asides = chance, figures, plant, asides
        self.digits = chance.choice((0, 1, 1, 2))
        self.numerals = chance.choice(("plain", "plain", "wide", "thousands", "chinese"))
        self.layout = chance.choice(("prose", "numbered", "bullets", "sections"))
        self.unit = chance.choice("条处项个")

    # -- numbers

    def n(self, value: int) -> str:
        """A count as this document prints it."""
        if self.numerals == "wide":
            return str(value).translate(_WIDE)
        if self.numerals == "thousands":
            return f"{value:,}"
        if self.numerals == "chinese" and value < 100:
            return chinese(value)
        return str(value)

    def pct(self, part: float, whole: float, off: float = 0) -> str:
        """A percentage at the document's digits; a planted one is off by more than its rounding."""
        digits = max(1, self.digits) if off else self.digits
        return f"{100 * part / whole + off:.{digits}f}" + self.chance.choice("%％")

    def money(self, hundreds: int) -> str:
        """A sum of so many hundred yuan: in 万元 with two digits, or in yuan."""
        return f"{hundreds / 100:.2f}万元" if self.chance.random() < 0.7 else f"{hundreds * 100}元"

    def planted(self, where: str, right: int, low: int, high: int) -> int:
        """A number, or where it is planted here another between ``low`` and ``high`` (not the right one)."""
        if not self.plant.here(where):
            return right
        value = self.chance.choice([n for n in (low, (low + high) // 2, high) if n != right and n >= 0])
        self.plant.number = str(value)
        return value

    def off(self, where: str) -> float:
        """By how many points a rate is off."""
        return self.chance.choice((-11.3, -4.7, 3.9)) if self.plant.here(where) else 0

    # -- paragraphs

    def opening(self) -> str:
        """The accidents, with their changes and their fields."""
        f = self.f
        change, gone = f.accidents - f.accidents_before, f.deaths - f.deaths_before
        off = self.off("change") if self.plant.kind == "rate" else 0
        words = [
            f"{f.year}年，全县共发生生产安全事故{self.n(f.accidents)}起，死亡{self.n(f.deaths)}人",
            self._moved("起数", change, f.accidents_before, "起", off),
            self._moved("死亡人数", gone, f.deaths_before, "人", 0),
        ]
        split = dict(f.split)
        if self.plant.kind == "parts" and self.plant.here("split"):
            name = next(iter(split))
            split[name] = f.accidents + self.chance.randint(1, 9)
            self.plant.number = str(split[name])
        members = "、".join(f"{name}事故{self.n(count)}起" for name, count in split.items())
        return "，".join(filter(None, words)) + f"。其中，{members}。"

    def _moved(self, what: str, change: int, before: int, unit: str, off: float) -> str:
        if change == 0:
            return f"{what}同比持平"
        way, rate = ("减少", "下降") if change < 0 else ("增加", "上升")
        number = f"{abs(100 * change / before) + off:.1f}%"
        if off:
            self.plant.number = number[:-1]
        return f"{what}同比{way}{self.n(abs(change))}{unit}、{rate}{number}"

    def overall(self) -> str:
        """What was found and rectified in the county."""
        f, u, kind = self.f, self.unit, self.plant.kind
        found = self.n(f.found)
        rectified = f.rectified
        if kind == "rectified":
            rectified = self.planted("overall", rectified, f.found + 2, f.found + 240)
        words = [f"全县各级共检查生产经营单位{self.n(f.checked)}家次", f"排查各类隐患{found}{u}"]
        words += self._sources()
        if kind == "parts" and self.plant.here("subset"):
            self.plant.number = str(f.found + 7)
            words.append(f"其中重大事故隐患{self.n(f.found + 7)}{u}")
        words.append(self.chance.choice((f"已整改{self.n(rectified)}{u}", f"完成整改{self.n(rectified)}{u}")))
        if rectified <= f.found:
            words.append(self._rest())
        return "，".join(filter(None, words)) + "。"

    def _sources(self) -> list[str]:
        f, u = self.f, self.unit
        kind = self.plant.kind
        where = self.plant.options[0] if self.plant.options and kind == "parts" else ""
        if where == "on_site" or (where != "own" and self.chance.random() < 0.4):
            deadline = f.found - f.on_site
            if kind == "parts":
                deadline = self.planted("on_site", deadline, max(1, deadline - 9), deadline + 40)
            return [f"其中立即整改{self.n(f.on_site)}{u}、限期整改{self.n(deadline)}{u}"]
        office = f.found - f.own
        if kind == "parts":
            office = self.planted("own", office, max(1, office - 30), office + 12)
        both = [f"企业自查上报{self.n(f.own)}{u}", f"部门检查发现{self.n(office)}{u}"]
        self.chance.shuffle(both)
        return [f"其中{both[0]}", both[1]]

    def _rest(self) -> str:
        f, u, kind = self.f, self.unit, self.plant.kind
        where = self.plant.options[0] if self.plant.options else ""
        if kind == "parts" and where == "pending":
            pending = self.planted("pending", f.found - f.rectified, f.found - f.rectified + 5, f.found)
            return f"未整改{self.n(pending)}{u}"
        if kind == "rate" and where == "overall":
            wrong = self.pct(f.rectified, f.found, self.off("overall"))
            self.plant.number = wrong[:-1]
            return f"整改率{wrong}"
        rate = self.pct(f.rectified, f.found)
        return self.chance.choice(
            (f"整改率{rate}", f"隐患整改率达{rate}", f"未整改{self.n(f.found - f.rectified)}{u}")
        )

    def majors(self) -> str:
        """The major hazards, with their sources and their rate."""
        f, u, kind = self.f, self.unit, self.plant.kind
        office, done = f.major - f.major_own, f.major_rectified
        if kind == "parts":
            office = self.planted("major_own", office, max(1, office - 3), office + 8)
        if kind == "rectified":
            done = self.planted("major", done, f.major + 1, f.major + 40)
        rate = ""
        if done <= f.major:
            off = self.off("major") if kind == "rate" else 0
            rate = f"，整改率{self.pct(done, f.major, off)}"
            if off:
                self.plant.number = rate[4:-1]
        if kind == "rate" and self.plant.here("before"):
            wrong = self.pct(done, f.major, self.chance.choice((-11.3, -4.7)))
            self.plant.number = wrong[:-1]
            counts = f"全县共排查重大事故隐患{self.n(f.major)}{u}，已整改{self.n(done)}{u}"
            return f"重大事故隐患整改率{wrong}，{counts}。"
        return (
            f"全县共排查重大事故隐患{self.n(f.major)}{u}，其中企业自查发现{self.n(f.major_own)}{u}、"
            f"部门检查发现{self.n(office)}{u}，已整改{self.n(done)}{u}{rate}。"
        )

    def enforcement(self) -> str:
        """Penalties and fines."""
        f = self.f
        fines, rate = self.money(f.fines), ""
        if self.plant.kind == "unit":
            fines, rate = self._odd_units(fines)
        notices, penalties = self.n(f.notices), self.n(f.penalties)
        return f"全年下达整改通知书{notices}份，作出行政处罚{penalties}起，罚款{fines}。{rate}"

    def _odd_units(self, fines: str) -> tuple[str, str]:
        if self.plant.here("yuan"):
            self.plant.number = f"{self.f.fines / 100 + 1:.4f}"
            fines = f"{self.plant.number}元"
        elif self.plant.here("small"):
            self.plant.number = str(self.f.fines % 800 + 30)
            fines = f"{self.plant.number}元"
        elif self.plant.here("share"):
            self.plant.number = f"{100 + self.chance.randint(2, 60)}.4"
            return fines, f"隐患整改率达{self.plant.number}%。"
        elif self.plant.here("half"):
            self.plant.number = f"{self.f.notices}.5"
            return fines, f"全年责令停产停业{self.plant.number}家。"
        return fines, ""

    def details(self) -> str:
        """Field by field: a table with its total, bullets or prose."""
        where = self.plant.options[0] if self.plant.options else ""
        if where in ("table", "row") or (where != "field" and self.chance.random() < 0.35):
            return self._table()
        lines = [self._field(name, *values) for name, values in self.f.fields.items()]
        if self.layout == "bullets":
            return "\n".join(f"- {line}" for line in lines)
        return "".join(lines) if self.layout == "prose" else "\n".join(lines)

    def _field(self, name: str, seen: int, found: int, done: int) -> str:
        if self.plant.kind == "rectified":
            done = self.planted("field", done, found + 1, found + 15)
        lead = self.chance.choice((f"{name}领域，", f"{name}方面，", f"{name}行业领域："))
        counts = f"发现隐患{self.n(found)}{self.unit}，已整改{self.n(done)}{self.unit}"
        return f"{lead}检查企业{self.n(seen)}家，{counts}。"

    def _table(self) -> str:
        rows = [["行业领域", "检查企业（家）", f"发现隐患（{self.unit}）", f"已整改（{self.unit}）"]]
        sums = [sum(values[at] for values in self.f.fields.values()) for at in range(3)]
        if self.plant.kind == "parts":
            sums[1] = self.planted("table", sums[1], sums[1] - 3, sums[1] + 20)
        for name, (seen, found, done) in self.f.fields.items():
            wrong = (
                self.planted("row", done, found + 1, found + 30) if self.plant.kind == "rectified" else done
            )
            rows.append([name, str(seen), str(found), str(wrong)])
        rows.append(["合计", *map(str, sums)])
        lines = [" | ".join(row) for row in rows]
        if self.chance.random() < 0.5:
            lines = [f"| {line} |" for line in lines]
            lines.insert(1, "|---|---|---|---|")
        return "\n".join(lines)

    def campaign(self) -> str:
        """A named campaign's own figures."""
        f, u = self.f, self.unit
        done = f.campaign_rectified
        if self.plant.kind == "rectified":
            done = self.planted("campaign", done, f.campaign_found + 1, f.campaign_found + 60)
        return f"{f.campaign}中，排查隐患{self.n(f.campaign_found)}{u}，已整改{self.n(done)}{u}。"

    def closing(self) -> str:
        """What the problems section says again."""
        f, u = self.f, self.unit
        repeats: dict[str, Callable[[], str]] = {
            "found": lambda: f"全县共排查各类隐患{self._again('found', f.found)}{u}，分布不均。",
            "major": lambda: f"全县共排查重大事故隐患{self._again('major', f.major)}{u}，仍有一些没有整改。",
            "accidents": lambda: (
                f"{f.year}年全县共发生生产安全事故{self._again('accidents', f.accidents)}起。"
            ),
            "campaign": lambda: (
                f"{f.campaign}共排查隐患{self._again('campaign', f.campaign_found)}{u}，面还不够宽。"
            ),
            "fines": lambda: f"全年罚款{self._fines_again()}，力度不足。",
        }
        where = self.plant.options[0] if self.plant.kind == "twice" else self.chance.choice(list(repeats))
        return repeats[where]()

    def _again(self, where: str, right: int) -> str:
        if self.plant.kind != "twice":
            return self.n(right)
        return self.n(self.planted(where, right, max(1, right - 9), right + 9))

    def _fines_again(self) -> str:
        if self.plant.kind == "twice" and self.plant.here("fines"):
            wrong = self.f.fines + self.chance.choice((-200, 300))
            self.plant.number = str(wrong * 100)
            return f"{wrong / 100:.2f}万元"
        return f"{self.f.fines / 100:.2f}万元"

    def asides(self) -> str:
        """Sentences that look like contradictions and are none."""
        chance, u, n = self.chance, self.unit, self.n
        done, waiting = chance.randint(40, 300), chance.randint(2, 15)
        some, visits = chance.randint(12, 90), chance.randint(100, 400)
        rate = f"{100 * done / (done + waiting):.2f}%"
        sentences = [
            f"道路交通隐患治理完成{n(done)}起，治理完成率{rate}，剩余{n(waiting)}起已完成治理，正等待审核。",
            f"春节期间组织开展安全生产大检查，全县共排查隐患{n(some)}{u}，均已整改到位。",
            f"11月份，全县共排查隐患{n(some)}{u}，已整改{n(some - 3)}{u}。",
            f"开展夜间巡查{visits}次/{visits - 31}家，发放宣传资料1.2万余份。",
            "全年未发生较大及以上事故，特种设备领域未发现重大事故隐患。",
            f"参训人数同比增长{chance.randint(3, 60)}.3%，组织培训场次与去年持平。",
            f"其他行业领域排查隐患{n(some)}{u}，已整改{n(some)}{u}，整改率100%。",
            f"挂牌督办重大隐患{n(waiting)}{u}，已销号{n(waiting - 1)}{u}。",
            f"隐患整改率较上年提高{chance.randint(1, 9)}个百分点。",
        ]
        return "".join(chance.sample(sentences, 3))

    # -- the whole

    def text(self) -> str:
        """The document."""
        middle = [self.overall, self.majors, self.enforcement, self.details, self.campaign]
        if self.chance.random() < 0.5:
            middle[1], middle[2] = middle[2], middle[1]
        last = self.asides() if self.with_asides else "广泛开展宣传教育。"
        parts = [self.opening(), *(write() for write in middle), last]
        county = self.chance.choice(COUNTIES)
        title = self.chance.choice(("{}{}年安全生产工作总结", "{}{}年度安全生产工作情况报告"))
        lines = [title.format(county, self.f.year), *self._laid_out(parts), "存在的问题", self.closing()]
        return "\n".join(lines) + "\n"

    def _laid_out(self, parts: Sequence[str]) -> list[str]:
        if self.layout == "numbered":
            return [f"{number}.{part}" if "|" not in part else part for number, part in enumerate(parts, 1)]
        if self.layout == "sections":
            heads = ("总体情况", "隐患排查", "督查督办", "执法检查", "分领域情况", "集中治理", "其他工作")
            return [
                line
                for head, part in zip(heads, parts, strict=True)
                for line in (f"（{chinese(heads.index(head) + 1)}）{head}", part)
            ]
        if self.layout == "bullets":
            return [part if part.startswith(("-", "|")) or "|" in part else f"- {part}" for part in parts]
        return list(parts)


def chinese(value: int) -> str:
    """A number below 100 in Chinese numerals."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def write(chance: random.Random, kind: str = "", option: str = "") -> Summary:
    """A summary; with a kind (not ``year`` or ``ledger``), one contradiction of it stands in the text."""
    options = [option or chance.choice(OPTIONS[kind])] if kind else []
    plant = Plant(kind, options=options)
    text = Writer(chance, draw(chance, chance.randint(2015, 2024)), plant).text()
    if kind and not plant.done:
        raise AssertionError(f"nothing was planted: {kind} {options}")
    return Summary(text, plant.number)


def write_years(chance: random.Random, option: str = "") -> tuple[Summary, Summary]:
    """This year's and last year's summary; with an option, last year's figure differs from what 同比 says."""
    now, before = draw(chance, 2023), draw(chance, 2022)
    before.split = {"工贸": now.accidents_before}
    before.accidents, before.deaths = now.accidents_before, now.deaths_before
    then = before.accidents
    if option in ("accidents", "accidents_pct"):
        before.accidents += chance.choice((-2, 1, 3))
        before.split = {"工贸": before.accidents}
    if option == "deaths":
        before.deaths += chance.choice((-1, 1, 2))
    writer = Writer(chance, now, Plant())
    text = writer.text()
    if option == "then":
        text += f"去年同期全县共发生生产安全事故{writer.n(then + chance.choice((2, 5)))}起。\n"
    if option == "accidents_pct":
        text = _without_numbers(text, now)
    return Summary(text, option), Summary(Writer(chance, before, Plant()).text())


def _without_numbers(text: str, now: Figures) -> str:
    """Only the percentage of the change is left of 同比减少3起、下降12.0%."""
    head, _, rest = text.partition("起数同比")
    return head + "起数同比" + rest[rest.find("、") + 1 :] if now.accidents != now.accidents_before else text


@dataclass(frozen=True)
class Entry:
    """A county's books in one line: what a ledger counts."""

    indicator: str
    sector: str
    campaign: str
    value: float


def ledger(figures: Figures) -> list[Entry]:
    """The ledger of a county whose figures these are; what belongs to no field is commerce's."""
    f, code = figures, CAMPAIGNS[figures.campaign]
    entries = [Entry("hazards_found", SECTORS[name], "", found) for name, (_, found, _) in f.fields.items()]
    entries += [
        Entry("hazards_rectified", SECTORS[name], "", done) for name, (_, _, done) in f.fields.items()
    ]
    rest = [
        ("hazards_found", f.found - f.campaign_found - sum(found for _, found, _ in f.fields.values())),
        ("hazards_rectified", f.rectified - f.campaign_rectified - sum(d for _, _, d in f.fields.values())),
        ("hazards_self_reported", f.own), ("hazards_department_found", f.found - f.own),
        ("hazards_pending", f.found - f.rectified), ("major_hazards_found", f.major),
        ("major_hazards_rectified", f.major_rectified), ("major_hazards_self_reported", f.major_own),
        ("major_hazards_department_found", f.major - f.major_own), ("penalties_issued", f.penalties),
        ("fines", f.fines * 100), ("notices_issued", f.notices),
    ]  # fmt: skip
    entries += [Entry(indicator, "commerce", "", value) for indicator, value in rest]
    entries.append(Entry("hazards_found", "commerce", code, f.campaign_found))
    return [*entries, Entry("hazards_rectified", "commerce", code, f.campaign_rectified)]


def write_with_ledger(chance: random.Random, option: str = "") -> tuple[Summary, list[Entry]]:
    """A summary and the county's ledger; with an option, one figure of the ledger was another."""
    figures = draw(chance, 2023)
    text = Writer(chance, figures, Plant(), asides=False).text()
    off = chance.choice((-4, -2, 3, 9))
    changes = {
        "found": {"found": figures.found + off},
        "rectified": {"rectified": figures.rectified + off},
        "major": {"major": figures.major + off},
        "fines": {"fines": figures.fines + 11 * off},
        "penalties": {"penalties": figures.penalties + off},
    }
    if option == "field":
        name, (seen, found, done) = next(iter(figures.fields.items()))
        return Summary(text), ledger(
            replace(figures, fields=figures.fields | {name: (seen, found - 3, done)})
        )
    return Summary(text), ledger(replace(figures, **changes[option]) if option else figures)
