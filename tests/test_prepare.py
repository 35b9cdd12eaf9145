"""Preparation: conservation, quarantine, duplicates, whole or not at all, repeatable."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import prepare, raw
from analysis.messages import AnalysisError
from analysis.settings import Folders
from analysis.store import Store
from tests.workbook_files import COUNTY, LEDGER, csv_file, ledger_row, project, xls, xlsx


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = project(tmp_path)
    (found.raw / "2023").mkdir()
    return found


def ledger(
    folders: Folders, name: str, *rows: list[Any], header: tuple[str, ...] = LEDGER, year: int = 2023
) -> Path:
    return xlsx(folders.raw / str(year) / name, {"台账": [header, *rows]})


def run(folders: Folders, year: int = 2023) -> prepare.Preparation:
    return prepare.prepare_year(folders, year)[0]


def stored(folders: Folders, table: Any = "hazards") -> pd.DataFrame:
    return Store(folders.processed).rows(table, [2023], COUNTY)


def quarantined(folders: Folders) -> pd.DataFrame:
    path = folders.processed / "quarantine" / "year=2023" / f"county={COUNTY}" / "part-0.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def digest(folders: Folders) -> dict[str, str]:
    """All that is processed, by content; the manifest's file times left out."""
    found = {}
    for path in sorted(folders.processed.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".json":
                manifest = json.loads(content)
                for seen in manifest["inputs"].values():
                    del seen["mtime_ns"]
                content = json.dumps(manifest, sort_keys=True).encode()
            found[path.relative_to(folders.processed).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


# --- conservation and quarantine


def test_every_row_read_is_accounted_for(folders: Folders) -> None:
    rows = [
        ledger_row(1),
        ledger_row(2, 隐患描述="1.灯具损坏 2.通道堵塞"),
        ledger_row(3, 行业领域="太空"),
        ledger_row(1),
        ledger_row(4, 发现日期="2022-12-31"),
        [],
        ["合计"],
    ]
    ledger(folders, "a.xlsx", *rows)
    (tally,) = run(folders).tallies
    assert (tally.read, tally.kept, tally.quarantined, tally.superseded) == (6, 3, 2, 1)
    assert (tally.skipped_blank, tally.skipped_title, tally.skipped_total, tally.cells_split) == (1, 1, 1, 1)
    assert tally.conserved
    assert len(stored(folders)) == tally.kept


def test_quarantine_says_where_what_and_why(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1), ledger_row(2, 发现日期="2023-02-30", 隐患级别="特大"))
    run(folders)
    lines = quarantined(folders)
    assert lines[["file", "sheet", "row", "column", "value", "reason"]].to_numpy().tolist() == [
        ["2023/a.xlsx", "台账", "3", "found_on", "2023-02-30", "date_impossible"],
        ["2023/a.xlsx", "台账", "3", "level", "特大", "value_unknown"],
    ]
    assert lines["message"].str.contains("发现日期").any()


@pytest.mark.parametrize(
    ("header", "cell", "column", "reason"),
    [
        ("企业名称", "", "enterprise", "value_missing"),
        ("行业领域", "太空", "sector", "value_unknown"),
        ("发现日期", "2022-05-26", "found_on", "outside_year"),
        ("发现日期", "2024-01-01", "found_on", "outside_year"),
        ("整改完成日期", "2023-05-25", "rectified_on", "days_out_of_order"),
        ("整改完成日期", "2053-05-25", "rectified_on", "date_far"),
        ("整改期限", "5月20日前", "due_on", "days_out_of_order"),
        ("录入日期", "2023-05-25", "recorded_on", "days_out_of_order"),
        ("整改状态", "快了", "status", "value_unknown"),
        ("专项行动", "没听说过的行动", "campaign", "value_unknown"),
    ],
)
def test_a_row_that_breaks_the_schema_is_put_apart(
    folders: Folders, header: str, cell: str, column: str, reason: str
) -> None:
    if header in LEDGER:
        ledger(folders, "a.xlsx", ledger_row(1), ledger_row(2, **{header: cell}))
    else:
        ledger(folders, "a.xlsx", [*ledger_row(1), ""], [*ledger_row(2), cell], header=(*LEDGER, header))
    (tally,) = run(folders).tallies
    assert (tally.kept, tally.quarantined) == (1, 1)
    assert quarantined(folders)[["row", "column", "reason"]].to_numpy().tolist() == [["3", column, reason]]


def test_quarantine_cells_cannot_start_a_formula_nor_hold_a_number_of_a_person(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1, 行业领域="@SUM(1)"), ledger_row(2, 行业领域="问13812345678"))
    run(folders)
    assert quarantined(folders)["value"].to_list() == ["'@SUM(1)", "问[电话]"]


def test_a_lost_row_is_a_fault_of_the_package_and_nothing_is_written(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(folders, "a.xlsx", ledger_row(1), ledger_row(2))
    monkeypatch.setattr(prepare.Batch, "kept", property(lambda batch: batch.frame.iloc[1:]))
    with pytest.raises(RuntimeError, match="conserved"):
        run(folders)
    assert digest(folders) == {}


# --- duplicates


def test_the_same_ledger_twice_counts_once(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1), ledger_row(2))
    ledger(folders, "b.xlsx", ledger_row(1), ledger_row(2))
    found = run(folders)
    assert [(tally.kept, tally.superseded) for tally in found.tallies] == [(0, 2), (2, 0)]
    assert quarantined(folders)[["file", "row", "reason", "value"]].to_numpy().tolist() == [
        ["2023/a.xlsx", "2", "superseded", "2023/b.xlsx#台账#2"],
        ["2023/a.xlsx", "3", "superseded", "2023/b.xlsx#台账#3"],
    ]


def test_a_hazard_with_corrected_fields_replaces_the_earlier_record(folders: Folders) -> None:
    """The later 录入日期 wins, even from a file that comes first by name."""
    header = (*LEDGER, "隐患编号", "录入日期")
    ledger(folders, "a.xlsx", [*ledger_row(1, 隐患级别="重大"), "YH-7", "2023-06-10"], header=header)
    ledger(folders, "b.xlsx", [*ledger_row(1, 隐患级别="一般"), "YH-7", "2023-06-01"], header=header)
    run(folders)
    assert stored(folders)[["hazard_id", "level"]].to_numpy().tolist() == [["YH-7", "major"]]


def test_row_numbers_are_no_identity(folders: Folders) -> None:
    """Two offices that both number from 1 have different hazards."""
    header = (*LEDGER, "编号")
    ledger(folders, "a.xlsx", [*ledger_row(1), 1], header=header)
    ledger(folders, "b.xlsx", [*ledger_row(2), 1], header=header)
    assert sum(tally.kept for tally in run(folders).tallies) == 2


def test_spaces_and_widths_do_not_make_another_hazard(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1, 企业名称="示例 1 号厂（总部）"))
    ledger(folders, "b.xlsx", ledger_row(1, 企业名称="示例1号厂(总部)"))
    assert len(stored(folders)) == 1 if run(folders) else False


def test_penalties_are_one_by_document_and_party(folders: Folders) -> None:
    header = [
        "行政相对人名称",
        "行政处罚决定书文号",
        "处罚类别",
        "罚款金额（万元）",
        "处罚决定日期",
        "处罚机关",
    ]
    row = ["甲厂", "示应急罚〔2023〕1号", "罚款", 1, "2023-06-01", "示例县消防救援大队"]
    for name in ("a.xlsx", "b.xlsx"):
        xlsx(folders.raw / "2023" / name, {"s": [header, row, ["乙厂", *row[1:]]]})
    found = run(folders)
    assert [(tally.kept, tally.superseded) for tally in found.tallies] == [(0, 2), (2, 0)]
    assert stored(folders, "penalties")["sector"].to_list() == ["fire", "fire"]


def test_a_penalised_person_has_no_name(folders: Folders) -> None:
    header = ["行政相对人名称", "行政相对人类别", "行政处罚决定书文号", "处罚决定日期", "处罚机关"]
    row = ["张三", "自然人", "示应急罚〔2023〕1号", "2023-06-01", "示例县应急管理局"]
    xlsx(folders.raw / "2023" / "a.xlsx", {"s": [header, row]})
    (tally,) = run(folders).tallies
    frame = stored(folders, "penalties")
    assert tally.personal == {"person": 1}
    assert frame["party"].to_list() == ["[自然人]"]
    assert frame["sector"].isna().all()  # the emergency bureau decides in many sectors


# --- whole or not at all


def test_all_bad_files_are_named_and_earlier_data_stay(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    run(folders)
    before = digest(folders)
    (folders.raw / "2023" / "b.xlsx").write_bytes(b"not a workbook")
    (folders.raw / "2023" / "c.csv").write_bytes(b"")
    with pytest.raises(prepare.PreparationError) as caught:
        run(folders)
    assert [message.file for message in caught.value.messages] == ["2023/b.xlsx", "2023/c.csv"]
    assert all(name in str(caught.value) for name in ("2023/b.xlsx", "2023/c.csv"))
    assert digest(folders) == before


def test_a_file_saved_while_it_was_read_is_not_trusted(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ledger(folders, "a.xlsx", ledger_row(1))
    read = prepare.read_file

    def save_meanwhile(*given: Any) -> Any:
        found = read(*given)
        os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(prepare, "read_file", save_meanwhile)
    with pytest.raises(AnalysisError, match=r"a\.xlsx"):
        run(folders)
    assert digest(folders) == {}


def test_killed_while_writing_it_is_prepared_again(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest is written last and taken away first, so a half-written year never counts as prepared."""
    ledger(folders, "a.xlsx", ledger_row(1))
    run(folders)
    whole = digest(folders)
    ledger(folders, "a.xlsx", ledger_row(1), ledger_row(2))

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(prepare, "_commit", killed)
        with pytest.raises(KeyboardInterrupt):
            run(folders)
    assert not raw.is_prepared(folders, 2023, COUNTY)
    ledger(folders, "a.xlsx", ledger_row(1))
    run(folders)
    after = digest(folders)
    assert {k: v for k, v in after.items() if "manifest" not in k} == {
        k: v for k, v in whole.items() if "manifest" not in k
    }


def test_a_county_that_fails_does_not_stop_another(tmp_path: Path) -> None:
    """Neither a file that cannot be read nor an empty folder."""
    folders = project(tmp_path, "990101,示例县,yes\n990102,样本县,yes\n990103,空县,yes\n")
    xlsx(folders.raw / "2023" / "990101" / "a.xlsx", {"s": [LEDGER, ledger_row(1)]})
    (folders.raw / "2023" / "990103").mkdir()
    (folders.raw / "2023" / "样本县").mkdir()
    (folders.raw / "2023" / "样本县" / "b.xls").write_bytes(b"x")
    with pytest.raises(prepare.PreparationError) as caught:
        prepare.prepare_year(folders, 2023)
    assert [done.county for done in caught.value.done] == ["990101"]
    assert [message.code for message in caught.value.messages][-1] == "year_empty"
    assert raw.is_prepared(folders, 2023, "990101")
    assert not raw.is_prepared(folders, 2023, "990102")


def test_a_year_that_fails_does_not_stop_another(folders: Folders) -> None:
    xlsx(folders.raw / "2022" / "a.xlsx", {"s": [LEDGER, ledger_row(1, 发现日期="2022-05-26")]})
    outcomes = {outcome.year: outcome for outcome in prepare.prepare_years(folders, [2021, 2022, 2023])}
    failed = {year for year, outcome in outcomes.items() if isinstance(outcome, prepare.Failure)}
    assert (failed, {*outcomes} - failed) == ({2021, 2023}, {2022})


# --- repeatable and incremental


def test_nothing_changed_is_told_without_reading(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger(folders, "a.xlsx", ledger_row(1, 行业领域="太空"), ledger_row(2))
    first = run(folders)
    monkeypatch.setattr(prepare, "read_file", lambda *_: pytest.fail("read again"))
    second = run(folders)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert (second.tallies, second.messages) == (first.tallies, first.messages)


def test_a_touched_file_is_the_same_and_a_changed_one_is_not(folders: Folders) -> None:
    path = ledger(folders, "a.xlsx", ledger_row(1))
    run(folders)
    os.utime(path, ns=(1, 1))
    assert raw.is_prepared(folders, 2023, COUNTY)
    ledger(folders, "a.xlsx", ledger_row(2))
    assert not raw.is_prepared(folders, 2023, COUNTY)


@pytest.mark.parametrize("name", ["b.csv", "mapping.yaml", "notes.docx.bak"])
def test_a_new_file_asks_for_preparation(folders: Folders, name: str) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    run(folders)
    (folders.raw / "2023" / name).write_text("files: {}\n", encoding="utf-8")
    assert not raw.is_prepared(folders, 2023, COUNTY)


def test_a_lost_table_asks_for_preparation(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    run(folders)
    next(folders.processed.rglob("*.parquet")).unlink()
    assert not raw.is_prepared(folders, 2023, COUNTY)


def test_what_is_no_longer_in_the_files_is_no_longer_in_the_store(folders: Folders) -> None:
    path = ledger(folders, "a.xlsx", ledger_row(1, 行业领域="太空"), ledger_row(2))
    run(folders)
    path.unlink()
    xlsx(folders.raw / "2023" / "底数.xlsx", {"s": [["行业领域", "监管企业数"], ["工贸", 1]]})
    run(folders)
    place = f"year=2023/county={COUNTY}/part-0.parquet"
    stored = sorted(name for name in digest(folders) if "manifest" not in name)
    assert stored == [f"enterprises/{place}", f"indicators/{place}"]


def test_the_same_files_give_the_same_bytes_whatever_the_environment(tmp_path: Path) -> None:
    """Hash seed, locale, time zone and the order in which files were made do not matter."""
    digests = []
    for number, order in enumerate(("ab", "ba")):
        folders = project(tmp_path / str(number))
        (folders.raw / "2023").mkdir()
        for name in order:
            csv_file(
                folders.raw / "2023" / f"{name}.csv", [LEDGER, ledger_row(1), ledger_row(2, 行业领域="太空")]
            )
        code = (
            "import sys; from analysis import prepare; from analysis.settings import Folders;"
            "prepare.prepare_year(Folders.find(sys.argv[1], sys.argv[2]), 2023)"
        )
        zone = {"PYTHONHASHSEED": str(number), "TZ": ("UTC", "Asia/Shanghai")[number], "LC_ALL": "C"}
        subprocess.run(
            [sys.executable, "-c", code, str(folders.raw), str(folders.processed)],
            check=True,
            env={**os.environ, **zone},
            cwd=Path(__file__).parents[1],
        )
        digests.append(digest(folders))
    assert digests[0] == digests[1]
    assert len(digests[0]) == 4, "hazards, indicators, quarantine, manifest"


def test_asking_whether_a_year_is_prepared_imports_nothing_heavy(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    run(folders)
    code = (
        "import sys; from analysis import raw; from analysis.settings import Folders;"
        "assert raw.is_prepared(Folders.find(sys.argv[1], sys.argv[2]), 2023, '990101');"
        "heavy = {'pandas', 'pyarrow', 'pydantic', 'pandera', 'numpy', 'yaml'} & {*sys.modules};"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code, str(folders.raw), str(folders.processed)], check=True)


# --- what lies in data/raw


def refusal(folders: Folders, year: int = 2023) -> str:
    with pytest.raises(AnalysisError) as caught:
        prepare.prepare_year(folders, year)
    return caught.value.message.code


def test_folders_that_say_nothing_are_refused(folders: Folders) -> None:
    assert refusal(folders, 2024) == "year_missing"
    assert refusal(folders) == "year_empty"
    (folders.raw / "2023" / "~$a.xlsx").write_bytes(b"x")
    assert refusal(folders) == "year_empty"


def test_counties_are_needed_and_checked(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    (folders.raw / "counties.csv").write_text("code,name,sample\n99,示例县,yes\n", encoding="utf-8")
    assert refusal(folders) == "counties_invalid"
    (folders.raw / "counties.csv").unlink()
    assert refusal(folders) == "counties_missing"


def test_files_of_several_counties_have_their_folders(tmp_path: Path) -> None:
    folders = project(tmp_path, "990101,示例县,yes\n990102,样本县,yes\n")
    path = xlsx(folders.raw / "2023" / "a.xlsx", {"s": [LEDGER, ledger_row(1)]})
    assert refusal(folders) == "raw_county_ambiguous"
    xlsx(folders.raw / "2023" / "样本县" / "子目录" / "a.xlsx", {"s": [LEDGER, ledger_row(1)]})
    assert refusal(folders) == "raw_county_unknown"
    path.unlink()
    (found,) = prepare.prepare_year(folders, 2023)
    assert (found.county, found.tallies[0].file) == ("990102", "2023/样本县/子目录/a.xlsx")


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are of another kind there")
def test_links_out_of_the_folder_and_pipes_are_refused(folders: Folders, tmp_path: Path) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    link = folders.raw / "2023" / "b.xlsx"
    link.symlink_to("/etc/passwd")
    assert refusal(folders) == "file_outside"
    link.unlink()
    os.mkfifo(link)
    assert refusal(folders) == "file_special"
    link.unlink()
    link.symlink_to(folders.raw / "2023" / "gone.xlsx")
    assert refusal(folders) == "file_special"


def test_files_that_no_reader_takes_are_named(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    (folders.raw / "2023" / "照片.jpg").write_bytes(b"x")
    told = [message.file for message in run(folders).messages if message.code == "file_ignored"]
    assert told == ["2023/照片.jpg"]


def test_about_gives_the_day_of_the_data(folders: Folders) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    (folders.raw / "2023" / "about.yaml").write_text(
        "as_of: 2023-07-05\nsource: 县安委办\n", encoding="utf-8"
    )
    assert str(run(folders).as_of) == "2023-07-05"
    assert str(run(folders).as_of) == "2023-07-05"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("about.yaml", "as_off: 2023-07-05", "yaml_unknown_key"),
        ("about.yaml", "as_of: 昨天", "yaml_value"),
        ("about.yaml", "as_of: [", "yaml_invalid"),
        ("mapping.yaml", "file: {}", "yaml_unknown_key"),
        ("mapping.yaml", "files: {a.xlsx: {colums: {}}}", "yaml_unknown_key"),
        ("mapping.yaml", "files: {a.xlsx: {table: secrets}}", "yaml_value"),
        ("mapping.yaml", "files: {a.xlsx: {columns: {甲: password}}}", "yaml_value"),
        ("mapping.yaml", "files: !!python/object/apply:os.system ['true']", "yaml_invalid"),
        ("mapping.yaml", "a: &a [x, x]\nfiles: [*a, *a]", "yaml_invalid"),
        (
            "corrections.yaml",
            "- {id: 1, table: hazards, match: {row: 2}, action: erase, reason: x}",
            "yaml_value",
        ),
        ("corrections.yaml", "- {id: 1, table: hazards, action: drop, reason: x}", "yaml_key_missing"),
        ("corrections.yaml", "id: 1", "yaml_invalid"),
        ("assessment.yaml", "- {title: a, subject: township, items: []}", "rules_missing"),
    ],
)
def test_yaml_is_read_safely_and_checked(folders: Folders, name: str, text: str, code: str) -> None:
    ledger(folders, "a.xlsx", ledger_row(1))
    (folders.raw / "2023" / name).write_text(text, encoding="utf-8")
    with pytest.raises(prepare.PreparationError) as caught:
        run(folders)
    assert [(message.code, message.file) for message in caught.value.messages] == [(code, f"2023/{name}")]


def test_old_workbooks_and_csv_go_the_same_way(folders: Folders) -> None:
    xls(folders.raw / "2023" / "a.xls", {"s": [LEDGER, ledger_row(1)]})
    csv_file(folders.raw / "2023" / "b.csv", [LEDGER, ledger_row(2)], "gb18030")
    assert [tally.kept for tally in run(folders).tallies] == [1, 1]
    assert stored(folders)["file"].to_list() == ["2023/a.xls", "2023/b.csv"]
