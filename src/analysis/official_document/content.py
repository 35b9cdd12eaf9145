"""What the Word brief says: the figures of the HTML brief in the sentences of an official document.

The sentences keep to wordings that ``analysis extract`` reads back, since next year's summary is written from
them: each figure names what it counts, and what is proposed stands under a heading of what is to come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from analysis.chapters import brief, decisions
from analysis.chapters.brief import Amount, Brief
from analysis.report import findings, formats
from analysis.report.display import Displayable, Evidence
from analysis.report.edition import Edition
from analysis.report.findings import Finding
from analysis.report.tables import DataTable, how_many

NUMERALS = "一二三四五六七八九十"
NAMED_UP_TO = 36
"""Characters of a sentence by which the annex names it."""
ROWS_NAMED = 30
"""Of more rows the annex gives the number a sheet; the HTML brief names them all."""


@dataclass(frozen=True)
class Entry:
    """A figure or sentence of the text with what it rests on, for the annex."""

    figure: str
    evidence: tuple[Evidence, ...]
    basis: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, its title where it has one, and the figures in it."""

    title: str
    text: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """A part of the text under a heading."""

    title: str
    paragraphs: tuple[Paragraph, ...]


def sections(view: Brief) -> tuple[Section, ...]:
    """The brief's parts in their order: accidents, major hazards, sectors, enforcement, proposals."""
    return (
        Section("生产安全事故", _sentences(brief.accidents(view))),
        Section("重大隐患与整改", (_major_hazards(view), _rates(view), _own_reports(view))),
        Section("行业领域", _sentences(brief.sectors(view))),
        Section("执法跟进", _sentences(brief.followed_up(view))),
        Section("下一步工作建议", _sentences(decisions.proposals(view))),
    )


def body(parts: Iterable[Section]) -> list[dict[str, object]]:
    """The text for the template: headings 一、, paragraphs （一） where a part has several."""
    return [
        {"heading": f"{NUMERALS[number]}、{part.title}", "paragraphs": _numbered(part.paragraphs)}
        for number, part in enumerate(parts)
    ]


def annex(parts: Iterable[Section], edition: Edition) -> list[dict[str, str]]:
    """The evidence for the template: a row a figure, as much of it as the edition tells."""
    return [
        {
            "place": f"{NUMERALS[number]}{_lead(paragraph, order, part.paragraphs)[:3]}",
            "figure": entry.figure,
            "evidence": "\n".join(_told(entry, edition)),
        }
        for number, part in enumerate(parts)
        for order, paragraph in enumerate(part.paragraphs)
        for entry in paragraph.entries
        if entry.evidence or entry.basis
    ]


def _numbered(paragraphs: tuple[Paragraph, ...]) -> list[dict[str, str]]:
    return [
        {"lead": _lead(paragraph, order, paragraphs), "text": paragraph.text}
        for order, paragraph in enumerate(paragraphs)
    ]


def _lead(paragraph: Paragraph, order: int, among: tuple[Paragraph, ...]) -> str:
    if len(among) == 1:
        return ""
    return f"（{NUMERALS[order]}）" + (f"{paragraph.title}。" if paragraph.title else "")


def _told(entry: Entry, edition: Edition) -> Iterator[str]:
    """The lines of an entry: each source with its rows or its sentence, then how the figure was made."""
    for evidence in entry.evidence:
        told = evidence.told(edition, ROWS_NAMED)
        count = f"{told.count}条" if told.count else ""
        where = "；".join(filter(None, (told.document, told.quote and f"“{told.quote}”", *told.places)))
        what = f"{told.note}：{told.source}{count}" if told.note else f"{told.source}{count}"
        yield f"{what}（{where}）" if where else what
    if entry.basis:
        yield entry.basis


# --- sentences


def _sentences(shown: Iterable[Displayable | DataTable]) -> tuple[Paragraph, ...]:
    """The findings among what the page shows, a paragraph each."""
    return tuple(Paragraph("", one.text, (_entry(one),)) for one in shown if isinstance(one, Finding))


def _entry(finding: Finding) -> Entry:
    short = finding.text if len(finding.text) <= NAMED_UP_TO else f"{finding.text[:NAMED_UP_TO]}……"
    return Entry(short, finding.sources, finding.basis)


def _major_hazards(view: Brief) -> Paragraph:
    clauses = (
        _counted(view, "major_hazards_found", "发现重大隐患"),
        _counted(view, "major_hazards_pending", "重大隐患未整改"),
        _counted(view, "major_hazards_overdue", "超期未整改重大隐患"),
    )
    return _paragraph("发现和整改", clauses, "重大隐患的发现和整改")


def _rates(view: Brief) -> Paragraph:
    clauses = (
        _this_year(view, "hazards_found", "排查隐患"),
        _this_year(view, "hazards_rectified", "完成整改"),
        _shared(view, "rectification_rate", "整改率"),
        _this_year(view, "hazards_verified", "验收销号"),
        _shared(view, "closure_rate", "闭环率"),
    )
    return _paragraph("整改率和闭环率", clauses, "整改率和闭环率")


def _own_reports(view: Brief) -> Paragraph:
    clauses = (
        _counted(view, brief.OWN, "企业自查重大隐患"),
        _shared(view, "self_report_share", "重大隐患自查占比"),
        _yearly(view, lambda year: brief.own_per_hundred(view, year), "自查密度", _decimal),
    )
    said = _paragraph("自查自报", clauses, "企业自查自报")
    compared = [one for one in brief.own_reports(view) if said.entries]
    text = "".join((said.text, *(one.text for one in compared)))
    return Paragraph(said.title, text, (*said.entries, *map(_entry, compared)))


def _paragraph(title: str, clauses: Iterable[tuple[Entry, ...]], what: str) -> Paragraph:
    """The clauses that have a figure as one sentence; where none has, that the data cannot show it."""
    known = [clause for clause in clauses if clause]
    if not known:
        return Paragraph(title, findings.cannot_show(what, "隐患台账，或总结文件中载明的数字").text, ())
    text = "；".join("，".join(entry.figure for entry in clause) for clause in known)
    return Paragraph(title, f"全县{text}。", tuple(entry for clause in known for entry in clause))


# --- clauses: a figure of the year, and last year's at the same cutoff


def _counted(view: Brief, indicator: str, words: str) -> tuple[Entry, ...]:
    return _yearly(view, lambda year: view.amount(indicator, year), words, _count)


def _this_year(view: Brief, indicator: str, words: str) -> tuple[Entry, ...]:
    return _counted(view, indicator, words)[:1] if view.amount(indicator, view.book.year).value else ()


def _shared(view: Brief, key: str, words: str) -> tuple[Entry, ...]:
    """A share; the rows of what it divides are those of the counts beside it."""
    return tuple(
        map(_in_numbers, _yearly(view, lambda year: brief.share(view, key, year), words, formats.share))
    )


def _yearly(
    view: Brief, amount: Callable[[int | None], Amount], words: str, form: Callable[[float], str]
) -> tuple[Entry, ...]:
    now, last = amount(view.book.year), amount(view.last_year)
    clauses = () if now.value is None else (Entry(f"{words}{form(now.value)}", now.evidence),)
    if last.value is None:
        return clauses
    return (*clauses, _in_numbers(Entry(f"上年同期{words}{form(last.value)}", last.evidence)))


def _in_numbers(entry: Entry) -> Entry:
    """The entry with the number of its rows: which ones they are, stands elsewhere."""
    counted = (
        one if one.rows is None else replace(one, rows=how_many(one.rows), quote="") for one in entry.evidence
    )
    return replace(entry, evidence=tuple(counted))


def _count(value: float) -> str:
    """A count as official documents write it, without separators."""
    return f"{round(value)}条"


def _decimal(value: float) -> str:
    return formats.number(value, 2)
