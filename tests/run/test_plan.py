"""The plan: what is asked for is checked before a kernel starts, and only what changed runs again."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import prepare
from analysis.messages import AnalysisError, UsageError
from analysis.period import Period
from analysis.run import contents, plan, record
from analysis.run.job import Job
from analysis.run.plan import Request
from analysis.run.record import NotebookRecord, RunRecord
from analysis.settings import Folders

NAME, OTHER = "1_sector_imbalance", "2_enforcement_trend"
YEAR = (Period(2023),)
YEARLY = Request(YEAR, (NAME,))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Request(YEAR, ("1_sektor",)), "notebook_unknown"),
        (Request(YEAR, given={"edition": "secret"}), "parameter_value"),
        (Request(YEAR, given={"baseline": 5}), "parameter_unknown"),
        (Request(YEAR, given={"as_of": "2023-02-30"}), "parameter_value"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_runs(request_: Request, code: str) -> None:
    with pytest.raises(UsageError) as refusal:
        plan.check(request_)
    assert refusal.value.message.code == code
    assert refusal.value.exit_status == 2


def test_a_year_without_files_is_an_error_that_names_it(project: Folders) -> None:
    with pytest.raises(AnalysisError) as error:
        plan.editions(Request(YEAR), project, Period(2031))
    assert "2031" in str(error.value)


def test_an_unknown_county_is_answered_with_the_known_ones(project: Folders) -> None:
    with pytest.raises(UsageError) as error:
        plan.editions(Request(YEAR, county="甲县"), project, Period(2023))
    assert "示例县" in str(error.value)


def test_all_counties_together_are_a_region(project: Folders) -> None:
    """Asking for each county asks for their comparison too, in the period's own folder, above theirs."""
    two_counties(project)
    found = plan.editions(Request(YEAR, county="each"), project, Period(2023))
    assert [edition.county.code for edition in found] == ["990101", "990102", "990100"]
    region = found[-1]
    assert region.names == ("7_province",)
    assert region.folder == project.reports / "2023"
    assert found[0].folder == project.reports / "2023" / "990101"
    assert "7_province" not in found[0].names
    (alone,) = plan.editions(Request(YEAR, ("7_province",)), project, Period(2023))
    assert alone.county == region.county


def test_a_comparison_of_one_county_is_refused(project: Folders) -> None:
    request = Request(YEAR, ("7_province",))
    with pytest.raises(AnalysisError) as error:
        plan.editions(request, project, Period(2023))
    assert error.value.message.code == "region_too_small"
    with pytest.raises(UsageError) as error:
        plan.check(replace(request, county="示例县"))
    assert error.value.message.code == "region_of_one"


@pytest.mark.parametrize(
    ("codes", "region"),
    [(["990101", "990102"], "990100"), (["990101", "990201"], "990000"), (["110101", "990101"], "000000")],
)
def test_a_region_has_the_code_of_what_holds_its_counties(codes: list[str], region: str) -> None:
    """GB/T 2260: two digits a level, zeros below it."""
    assert plan.region_code(codes) == region


def two_counties(project: Folders) -> None:
    """The project's ledger in the folders of two counties."""
    (project.raw / "counties.csv").write_text(
        "code,name,sample\n990101,示例县,yes\n990102,样本县,yes\n", encoding="utf-8"
    )
    ledger = project.raw / "2023" / "台账.csv"
    for code in ("990101", "990102"):
        (project.raw / "2023" / code).mkdir()
        shutil.copy(ledger, project.raw / "2023" / code)
    ledger.unlink()


def test_other_editions_have_folders_of_their_own(project: Folders) -> None:
    (internal,) = plan.editions(Request(YEAR), project, Period(2023))
    (public,) = plan.editions(Request(YEAR, given={"edition": "public"}), project, Period(2023))
    assert internal.folder == project.reports / "2023"
    assert public.folder == project.reports / "public" / "2023"


def test_what_is_up_to_date_does_not_run_again(project: Folders, notebook: Callable[..., Path]) -> None:
    """A finished report runs again when its notebook or a year's data changes, and only then."""
    file = notebook(NAME, "1 + 1")
    prepare.prepare_year(project, 2023)
    (edition,) = plan.editions(Request(YEAR, (NAME,)), project, Period(2023))
    (job,) = plan.pending(edition, project, YEARLY)
    _finish(edition, job)
    assert not list(plan.pending(edition, project, YEARLY))
    assert list(plan.pending(edition, project, replace(YEARLY, force=True)))

    file.write_text(file.read_text().replace("1 + 1", "1 + 2"))
    (again,) = plan.pending(edition, project, YEARLY)
    assert again.fingerprint != job.fingerprint
    _finish(edition, again)

    ledger = project.raw / "2023" / "台账.csv"
    ledger.write_text(
        ledger.read_text(encoding="utf-8").replace("2023-03-01", "2023-03-02"), encoding="utf-8"
    )
    prepare.prepare_year(project, 2023)
    assert list(plan.pending(edition, project, YEARLY))


def test_an_edited_notebook_runs_again_and_no_other(project: Folders, notebook: Callable[..., Path]) -> None:
    edited, other = notebook(NAME, "1 + 1"), notebook(OTHER, "1 + 1")
    prepare.prepare_year(project, 2023)
    request = Request(YEAR, (NAME, OTHER))
    (edition,) = plan.editions(request, project, Period(2023))
    _finish(edition, *plan.pending(edition, project, request))
    edited.write_text(other.read_text().replace("1 + 1", "1 + 2"))
    assert [job.name for job in plan.pending(edition, project, request)] == [NAME]


def test_a_changed_ledger_runs_its_year_and_those_with_it_in_their_baseline(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    """Five baseline years: that of 2020 begins with 2015, that of 2021 with 2016."""
    notebook(NAME, "1 + 1")
    years = (2014, 2015, 2020, 2021)
    for year in years:
        _write_ledger(project, year, day="03-01")
    editions = {year: _prepared_edition(project, year) for year in years}
    for edition in editions.values():
        _finish(edition, *plan.pending(edition, project, YEARLY))

    _write_ledger(project, 2015, day="03-02")
    prepare.prepare_year(project, 2015)
    stale = {year for year, edition in editions.items() if list(plan.pending(edition, project, YEARLY))}
    assert stale == {2015, 2020}


def _write_ledger(project: Folders, year: int, day: str) -> None:
    content = (project.raw / "2023" / "台账.csv").read_text(encoding="utf-8")
    (project.raw / str(year)).mkdir(exist_ok=True)
    moved = content.replace("2023-03-01", f"{year}-{day}").replace("2023", str(year))
    (project.raw / str(year) / "台账.csv").write_text(moved, encoding="utf-8")


def _prepared_edition(project: Folders, year: int) -> plan.Edition:
    prepare.prepare_year(project, year)
    (edition,) = plan.editions(Request((Period(year),), (NAME,)), project, Period(year))
    return edition


def _finish(edition: plan.Edition, *jobs: Job) -> None:
    """Leave behind what a finished run of these jobs leaves."""
    done = [NotebookRecord(job.name, "t", "done", f"{job.name}.html", job.fingerprint, 1.0) for job in jobs]
    county = {"code": "990101", "name": "示例县", "sample": True}
    edition.folder.mkdir(parents=True, exist_ok=True)
    for job in jobs:
        (edition.folder / f"{job.name}.html").write_text("report")
    record.write(
        edition.folder,
        RunRecord("2023", county, "internal", "2023-12-31", {}, [], {}, "2023-12-31", 1.0, done),
    )


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 99}', '{"notebooks": [{"name": 1}]}'])
def test_a_broken_run_record_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / record.NAME).write_text(content)
    assert record.read(tmp_path) is None


def test_a_report_that_an_edition_no_longer_has_is_taken_away(project: Folders) -> None:
    """A page that once was public would stay in the public folder, and its figures in run.json."""
    folder = project.reports / "public" / "2023"
    (folder / "notebooks").mkdir(parents=True)
    files = [folder / "9_plan.html", folder / "notebooks" / "9_plan.ipynb"]
    for file in files:
        file.write_text("once public")
    open_, closed = (NotebookRecord(n, "t", "done", f"{n}.html", "", 1.0) for n in (NAME, "9_plan"))
    county = {"code": "990101", "name": "示例县", "sample": True}
    run = RunRecord("2023", county, "public", "2023-12-31", {}, [], {}, "2023-12-31", 1.0, [open_, closed])
    record.write(folder, run)
    contents.write(project.reports, "public")
    assert not any(file.exists() for file in files)
    assert [one.name for one in record.read(folder).notebooks] == [NAME]  # type: ignore[union-attr]
    assert "9_plan" not in (project.reports / "public" / "index.html").read_text(encoding="utf-8")
