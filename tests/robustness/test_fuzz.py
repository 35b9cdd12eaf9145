"""Any bytes and any text: read, put apart or refused with a message; no other exception, and no hang.

`make fuzz` runs the same with thousands of cases each; see docs/robustness.md for what they found.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import parameters, prepare
from analysis.messages import AnalysisError, UsageError
from analysis.period import Period
from analysis.sources import (
    delimited,
    documents,
    quantities,
    scoring_sheets,
    sidecars,
    summaries,
    workbooks,
)
from tests.robustness.test_corpus import no_hang
from tests.workbook_files import LEDGER, csv_file, ledger_row, project, xls, xlsx

FEWER = max(10, settings().max_examples // 5)
"""Cases of what starts a process or prepares a year each time."""
Mutation = Callable[[bytes], bytes]
NEVER_SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(autouse=True)
def _many_cases_in_one_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files of all cases go to one scratch folder, taken away at the end; what floods the memory aborts."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, before[1]))
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.chdir(folder)
        yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@st.composite
def mutations(draw: st.DrawFn) -> Mutation:
    """What a broken disk, a broken mail or an attacker does to a file: cut, flip, insert, repeat."""
    kind = draw(st.sampled_from(["cut", "flip", "insert", "repeat"]))
    places = draw(st.lists(st.floats(0, 1), min_size=1, max_size=6))
    noise = draw(st.binary(min_size=1, max_size=20))

    def mutate(content: bytes) -> bytes:
        for share in places:
            at = int(share * len(content))
            if kind == "cut":
                return content[:at]
            if kind == "flip":
                content = content[:at] + noise + content[at + len(noise) :]
            elif kind == "insert":
                content = content[:at] + noise + content[at:]
            else:
                content = content[:at] + content[max(0, at - 200) : at] * 3 + content[at:]
        return content

    return mutate


@cache
def sound(suffix: str) -> bytes:
    """A sound file of a kind."""
    rows = [LEDGER, *(ledger_row(number) for number in range(1, 4))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"台账{suffix}"
        if suffix == ".csv":
            csv_file(path, rows)
        else:
            (xlsx if suffix == ".xlsx" else xls)(path, {"台账": rows})
        return path.read_bytes()


def file_of(content: bytes, name: str) -> Path:
    path = Path.cwd() / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@NEVER_SLOW
@given(mutate=mutations())
def test_a_mutated_table_is_read_or_refused(suffix: str, mutate: Mutation) -> None:
    read_or_refused(suffix, mutate)


@settings(NEVER_SLOW, max_examples=FEWER)
@given(mutate=mutations())
def test_a_mutated_old_workbook_is_read_or_refused(mutate: Mutation) -> None:
    """Each in a process of its own; what ends that process is refused like any other damage."""
    read_or_refused(".xls", mutate)


def read_or_refused(suffix: str, mutate: Mutation) -> None:
    path = file_of(mutate(sound(suffix)), f"台账{suffix}")
    read = delimited.read_csv if suffix == ".csv" else workbooks.read
    with no_hang():
        try:
            read(path, path.name)
        except AnalysisError as error:
            assert error.message.file == path.name


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30),
    st.sampled_from(
        ["合计", "2023年2月30日", "二〇二三年五月", "３万元", "-1", "=1+1", "﻿", "１２。５％", "无", "/"]
    ),
)


@settings(NEVER_SLOW, max_examples=FEWER)
@given(rows=st.lists(st.lists(CELLS, max_size=8), max_size=6), header=st.booleans())
def test_any_cells_are_kept_or_put_apart(rows: list[list[object]], header: bool) -> None:
    """Through the whole of a preparation, beside a sound row that must not be lost."""
    with tempfile.TemporaryDirectory() as folder:
        folders = project(Path(folder))
        table = [[*LEDGER], *(row for row in rows)] if header else rows
        xlsx(folders.raw / "2023" / "表.xlsx", {"表": table})
        csv_file(folders.raw / "2023" / "良好.csv", [LEDGER, ledger_row(7777)])
        with no_hang():
            (outcome,) = prepare.prepare_years(folders, [2023])
        if isinstance(outcome, prepare.Preparation):
            assert all(tally.conserved for tally in outcome.tallies)
            assert sum(tally.kept for tally in outcome.tallies if tally.file == "2023/良好.csv") == 1


@given(
    content=st.binary(max_size=300), name=st.sampled_from(["总结.txt", "总结.docx", "总结.pdf", "总结.html"])
)
def test_any_bytes_as_a_document_are_read_or_refused(content: bytes, name: str) -> None:
    magic = {".docx": b"PK\x03\x04", ".pdf": b"%PDF-1.7\n"}.get(Path(name).suffix, b"")
    with no_hang():
        try:
            documents.read_text(file_of(magic + content, name))
        except AnalysisError as error:
            assert error.message.text()


NUMERALS = st.text(
    "0123456789０１９一二两三十百千万亿零〇点.,，、%％‰元条家起余近约至-—～ 分之半第年月日()（）", max_size=40
)
WORDS = st.sampled_from(
    "共检查企业 发现隐患 重大隐患 整改率 同比上升 其中 罚款 人次 截至 2023年 煤矿 。 ；".split()  # noqa: SIM905
)
SENTENCES = st.lists(st.one_of(WORDS, NUMERALS, st.text(max_size=5)), max_size=30).map("".join)


@given(text=st.one_of(NUMERALS, SENTENCES, st.text(max_size=200)))
def test_quantities_stand_where_they_say(text: str) -> None:
    with no_hang():
        for found in quantities.scan(text):
            assert 0 <= found.start < found.end <= len(text)


@given(text=SENTENCES)
def test_any_summary_gives_figures_with_their_place(text: str) -> None:
    with no_hang():
        found = summaries.extract(text, name="总结.txt")
    for fact in found.facts:
        assert text[fact.start : fact.end]


@given(name=st.one_of(st.sampled_from(parameters.names()), st.text(max_size=12)), word=st.text(max_size=40))
def test_any_parameter_is_a_plain_value_or_refused(name: str, word: str) -> None:
    try:
        found = parameters.parse([(name, word)])
    except UsageError as error:
        assert error.message.text()
    else:
        assert {type(value) for value in found.values()} <= {int, str}


@given(word=st.one_of(st.text(max_size=15), st.from_regex(r"[0-9]{4}(-[HQ0-9]{1,4})?", fullmatch=True)))
def test_any_period_is_one_or_refused(word: str) -> None:
    try:
        assert Period.parse(word)
    except UsageError as error:
        assert error.message.text()


LINES = """
files:
  '*.xlsx':
    table: hazards
    columns: {a: b}
    unit: {fine: 万元}
as_of: 2023-02-30
as_of: 99999999999
source: [1]
- title: a
  subject: township
  items: [{id: 1, steps: [{at: .inf}]}]
  grades: {a: b}
- id: a
  action: drop
  match: {row: x}
  reason: !!python/object/apply:os.system [id]
&a [*a]
<<: *a
"""
YAML = st.one_of(
    st.text(max_size=80),
    st.text("[]{}:,-&*!|>#%@`'\"? \n\taé县0", max_size=60),
    st.lists(st.sampled_from(LINES.splitlines()), max_size=8).map("\n".join),
)


@pytest.mark.parametrize(
    "read", [sidecars.about, sidecars.mappings, sidecars.corrections, scoring_sheets.read]
)
@given(text=YAML)
def test_any_yaml_is_read_or_refused(read: Callable[..., object], text: str) -> None:
    path = file_of(text.encode("utf-8", "replace"), "about.yaml")
    with no_hang():
        try:
            read([(path, path.name)])
        except AnalysisError as error:
            assert error.message.file == path.name
