"""The page: one offline file, escaped, in its edition, with contents that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from nbformat import NotebookNode, v4
from tests.report.conftest import ENTERPRISES, FILE, HOSTILE, QUOTE, ROW_ID, cell
from tests.report.test_display import Reader

from analysis.messages import AnalysisError
from analysis.report import page
from analysis.report.display import Show, Text
from analysis.report.page import ReportMeta

Notebook = Callable[[str], NotebookNode]
Meta = Callable[[str], ReportMeta]
VOLATILE = re.compile(r"<div data-volatile>.*?</div>", re.DOTALL)


def test_page_states_what_it_is(html: dict[str, str]) -> None:
    """Title, county, period, cutoff day, edition and the mark of invented data."""
    text = Reader(html["leadership"]).text
    for words in ("示例县", "2023年", "数据截至 2023年12月31日", "内部资料", "示例数据", HOSTILE[0]):
        assert words in text
    assert '<html lang="zh-CN">' in html["leadership"]


def test_real_data_carries_no_sample_mark(notebook: Notebook, meta: Meta) -> None:
    assert "示例数据" not in page.render(notebook("internal"), replace(meta("internal"), sample=False))


def test_page_runs_nothing_and_fetches_nothing(html: dict[str, str]) -> None:
    """No script, event, frame or form; every address is a fragment, a data image or a sibling report."""
    for text in html.values():
        read = Reader(text)
        assert not read.tags & {
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "svg",
            "audio",
            "video",
        }
        assert not any(name.startswith("on") for name in read.attributes)
        addresses = set(re.findall(r'(?:href|src)="([^"]*)"', text))
        assert {a for a in addresses if not a.startswith(("#", "data:"))} <= {
            "../index.html",
            "2_enforcement_trend.html",
        }
        assert "default-src 'none'" in text
        assert "@import" not in text
        assert not re.search(r"url\((?!%23)", text), "an address that is no part of its own drawing"


def test_every_link_leads_to_one_place(html: dict[str, str]) -> None:
    """Ids are unique, and contents, permalinks and findings point at ids that exist."""
    for text in html.values():
        ids = Reader(text).ids
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]*)"', text)) <= set(ids)


def test_finding_links_its_figure_by_caption(html: dict[str, str]) -> None:
    """A key is turned into the caption; one that is not on the page leaves no link and no key behind."""
    assert '<a href="#figure-rate">隐患最多的行业排在前</a>' in html["internal"]
    assert "see-" not in html["internal"]
    assert ">absent<" not in html["internal"]


def test_headings_become_contents_with_stable_anchors(html: dict[str, str]) -> None:
    """The first-level heading is the registry's to give; equal headings get numbers."""
    contents = html["internal"].split('aria-label="目录"')[1].split("</nav>")[0]
    assert re.findall(r'href="#([^"]+)"', contents)[0] == "主要数字"
    assert 'href="#主要数字-2"' in contents
    assert ">题目<" not in html["internal"]


def test_markdown_is_escaped_and_has_no_mathematics(html: dict[str, str]) -> None:
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt; <strong>要点</strong> $x$" in html["internal"]


def test_lines_of_chinese_join_without_a_space(notebook: Notebook, meta: Meta) -> None:
    """A wrapped line in the source is no space in Chinese, but one in Latin script."""
    book = v4.new_notebook(cells=[v4.new_markdown_cell("不能拆分。\n检查对象\nper cent\nof all")])
    assert "不能拆分。检查对象\nper cent\nof all" in page.render(book, meta("internal"))


def test_question_stands_once(meta: Meta) -> None:
    """A notebook opens with its question for JupyterLab; the page has it in its head."""
    book = v4.new_notebook(cells=[v4.new_markdown_cell(f"# 题目\n\n{meta('internal').question}\n\n正文")])
    assert Reader(page.render(book, meta("internal"))).text.count("为什么？") == 1


def test_code_without_output_waits_for_what_it_leads_to(meta: Meta) -> None:
    """Setting-up cells share the disclosure of the first cell that shows something, and none is lost."""
    codes = [
        v4.new_code_cell("year = 2023"),
        cell(Show("internal")(Text("甲")), "first"),
        v4.new_code_cell("end"),
    ]
    html = page.render(v4.new_notebook(cells=codes), meta("internal"))
    assert re.findall(r"<code>(.*?)</code>", html, re.DOTALL) == ["year = 2023\n\nfirst", "end"]


def test_code_stands_in_the_internal_edition_only(html: dict[str, str]) -> None:
    assert Reader(html["internal"]).text.count(f"秘密 = '{HOSTILE[0]}'") == 1
    assert "秘密" not in html["leadership"] + html["public"]
    assert "show(" not in html["leadership"] + html["public"]


def test_editions_keep_their_secrets(html: dict[str, str]) -> None:
    """File names and hashes are internal; names are the leadership's where a hazard is overdue."""
    for words in (*ENTERPRISES[1:], QUOTE, FILE, ROW_ID, "ab" * 32):
        assert words in html["internal"]
        assert words not in html["leadership"] + html["public"]
    assert ENTERPRISES[0] in html["leadership"]
    assert ENTERPRISES[0] not in html["public"]


@pytest.mark.parametrize("edition", ["leadership", "public"])
def test_unmasked_output_is_refused(edition: str, notebook: Notebook, meta: Meta) -> None:
    """A frame shown bare, or a cell of another edition, must not be published."""
    bare = v4.new_output("execute_result", data={"text/html": f"<table>{ENTERPRISES[1]}</table>"})
    for stray in (v4.new_code_cell("frame", outputs=[bare]), cell(Show("internal")(Text("密")))):
        book = notebook(edition)
        book.cells.append(stray)
        with pytest.raises(AnalysisError, match="未按"):
            page.render(book, meta(edition))


def test_internal_shows_bare_outputs_sanitised(notebook: Notebook, meta: Meta) -> None:
    book = notebook("internal")
    data = {"text/html": f'<table onclick="x()"><tr><td>{HOSTILE[1]}</td></tr></table><iframe src="//x">'}
    book.cells.append(v4.new_code_cell("", outputs=[v4.new_output("display_data", data=data)]))
    plain = {"text/plain": HOSTILE[0]}
    book.cells.append(v4.new_code_cell("", outputs=[v4.new_output("display_data", data=plain)]))
    read = Reader(page.render(book, meta("internal")))
    assert not read.tags & {"iframe", "script"}
    assert not read.attributes & {"onclick", "onerror"}


def test_streams_do_not_enter_a_report(notebook: Notebook, meta: Meta) -> None:
    """A warning on the error stream is no part of a leader's page."""
    book = notebook("public")
    book.cells.append(v4.new_code_cell("", outputs=[v4.new_output("stream", text=ENTERPRISES[0])]))
    assert ENTERPRISES[0] not in page.render(book, meta("public"))


def test_page_repeats_but_for_the_volatile_element(notebook: Notebook, meta: Meta) -> None:
    """Run time and what changed stand in one element; all else is the same, byte for byte."""
    first = page.render(notebook("internal"), meta("internal"))
    later = replace(meta("internal"), seconds=99.0, before=({"key": "gone", "label": "旧"},))
    second = page.render(notebook("internal"), later)
    assert first != second
    assert VOLATILE.sub("", first) == VOLATILE.sub("", second)


def test_what_changed_is_said_in_words(notebook: Notebook, meta: Meta) -> None:
    """140 major hazards now; 137 then: the figure changed, the rate is new, the fines stayed."""
    before = (
        {"key": "found", "label": "重大隐患", "value": 137, "unit": "项", "kind": "count"},
        {"key": "fines", "label": "罚款", "value": 101800, "unit": "元", "kind": "money"},
        {"key": "gone", "label": "培训", "value": 3, "unit": "场", "kind": "count"},
    )
    text = Reader(page.render(notebook("internal"), replace(meta("internal"), before=before))).text
    for words in ("重大隐患由 137 项 变为 140 项", "新增整改率 72.1%", "不再列出培训"):
        assert words in text
    assert "罚款由" not in text


def test_kept_notebook_of_an_edition_holds_masked_outputs_only(notebook: Notebook) -> None:
    """A failed run's traceback and a print may hold any name; they must not lie beside a public report."""
    book = notebook("public")
    failed = v4.new_output("error", ename="KeyError", evalue=ENTERPRISES[0], traceback=[ENTERPRISES[0]])
    stream = v4.new_output("stream", text=ENTERPRISES[0])
    book.cells.append(v4.new_code_cell("x", outputs=[failed, stream]))
    kept = page.without_secrets(book, "public")
    assert ENTERPRISES[0] not in str(kept)
    assert page.headlines(kept) == page.headlines(book)
    assert page.without_secrets(book, "internal") == book


def test_page_stays_within_its_budget(html: dict[str, str]) -> None:
    assert all(len(text.encode()) < 1_500_000 for text in html.values())


def test_headlines_are_read_back(notebook: Notebook) -> None:
    found = page.headlines(notebook("public"))
    assert [(h["key"], h["value"]) for h in found] == [("found", 140), ("rate", 101 / 140), ("fines", 101800)]
