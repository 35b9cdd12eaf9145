"""The commands. No logic: each checks its words, calls one room and prints what it says.

Everything heavy is imported where it is needed, so that help and a run with nothing to do stay quick. Click
rather than typer, which cannot take papermill's repeatable ``-p NAME VALUE``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.messages import AnalysisError, Message
from analysis.settings import Folders

if TYPE_CHECKING:
    from analysis.run.job import EngineName

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_periods = click.argument("periods", nargs=-1, required=True, metavar="PERIOD...")
_raw = click.option("--raw", type=_FOLDER, help="folder of raw files")
_processed = click.option("--processed", type=_FOLDER, help="folder of processed tables")
_reports = click.option("--reports", type=_FOLDER, help="folder of reports")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="work-safety-analysis")
def app() -> None:
    """Yearly analysis of hazards, enforcement and rectification for county work-safety offices.

    PERIOD is 2023, 2019-2024, 2023-H1, 2023-Q2 or 2023-06.
    """


@app.command()
@_periods
@_raw
@_processed
def prepare(periods: tuple[str, ...], raw: Path | None, processed: Path | None) -> None:
    """Turn raw files into processed tables; print what was kept, quarantined, superseded, and why."""
    from analysis import progress
    from analysis.lock import only_writer
    from analysis.period import Period
    from analysis.prepare import prepare_years
    from analysis.run import preparing

    folders = Folders.find(raw=raw, processed=processed)
    years = sorted({period.year for word in periods for period in Period.parse(word)})
    with only_writer(folders.processed):
        well = progress.show_outcomes(prepare_years(folders, years, preparing.at_once))
    sys.exit(int(not well))


@app.command()
@_periods
@click.option("--notebook", "-n", multiple=True, help="run only this notebook; may be repeated")
@click.option("--county", default="", help="a county's code or name, or `each`")
@click.option("--as-of", default="", help="the day to look from, as 2023-11-30")
@click.option("--edition", default="internal", help="internal, leadership or public")
@click.option("-p", "parameter", nargs=2, multiple=True, metavar="NAME VALUE", help="a notebook's parameter")
@click.option("--jobs", type=click.IntRange(0), default=0, help="notebooks at a time; 0 is one per core")
@click.option(
    "--engine",
    type=click.Choice(("warm", "kernel")),
    default="warm",
    help="warm: processes that start with the imports done; kernel: a plain kernel for each notebook",
)
@click.option("--scheduler", default="", help="run on a Dask cluster: its scheduler, as tcp://host:8786")
@click.option("--force", is_flag=True, help="run what is up to date, too")
@click.option("--approved-by", default="", help="keep a record of the public edition as released by NAME")
@_raw
@_processed
@_reports
def run(
    periods: tuple[str, ...],
    notebook: tuple[str, ...],
    county: str,
    as_of: str,
    edition: str,
    parameter: tuple[tuple[str, str], ...],
    jobs: int,
    engine: EngineName,
    scheduler: str,
    force: bool,
    approved_by: str,
    raw: Path | None,
    processed: Path | None,
    reports: Path | None,
) -> None:
    """Prepare what changed, run the notebooks and write the HTML reports and their index."""
    from analysis import live, parameters
    from analysis.period import Period
    from analysis.run import jobs as runner
    from analysis.run.plan import Request

    words = (*parameter, ("as_of", as_of), ("edition", edition))
    request = Request(
        periods=tuple(dict.fromkeys(period for word in periods for period in Period.parse(word))),
        notebooks=notebook,
        county=county,
        given=parameters.parse(words),
        workers=jobs,
        force=force,
        engine=engine,
        scheduler=scheduler,
        approved_by=approved_by,
    )
    folders = Folders.find(raw=raw, processed=processed, reports=reports)
    with live.display() as display:
        report = runner.run(request, folders, display.tell)
    live.show_report(report, folders, request.edition)
    sys.exit(int(not report.well))


@app.command()
@click.argument("period")
@click.option("--docx", "target", type=_FILE, required=True, help="the Word document to write")
@click.option("--county", default="", help="a county's code or name")
@click.option("--as-of", default="", help="the day to look from, as 2023-11-30")
@click.option("--edition", default="internal", help="internal or leadership")
@click.option("--template", type=_FILE, help="a Word template of your own instead of the package's")
@_raw
@_processed
def brief(
    period: str,
    target: Path,
    county: str,
    as_of: str,
    edition: str,
    template: Path | None,
    raw: Path | None,
    processed: Path | None,
) -> None:
    """Write the leaders' brief as a Word document in the layout of official documents."""
    from analysis import live, official_document, parameters, progress
    from analysis.period import Period
    from analysis.run.plan import Request

    request = Request(
        periods=tuple(Period.parse(period)),
        notebooks=(official_document.NOTEBOOK,),
        county=county,
        given=parameters.parse((("as_of", as_of), ("edition", edition))),
    )
    folders = Folders.find(raw=raw, processed=processed)
    with live.display() as display:
        errors = official_document.write(
            request, folders, target, display.tell, template or official_document.TEMPLATE
        )
    progress.show_written([target], folders)
    for error in errors:
        progress.show_error(error)


@app.command()
@click.argument("file", type=_FILE)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "text"]), default="table")
def extract(file: Path, form: str) -> None:
    """Print every figure of a summary document with its place; text is what the offsets count in."""
    from analysis import progress
    from analysis.sources import documents, summaries

    document = documents.read_text(file)
    if form == "text":
        click.echo(document.text, nl=False)
    else:
        progress.show_extraction(summaries.extract(document.text, name=document.name), form)


@app.command()
@_periods
@_raw
@_processed
def check(periods: tuple[str, ...], raw: Path | None, processed: Path | None) -> None:
    """Print every contradiction of a year's summaries: within, against last year's, against the ledger."""
    from analysis import progress
    from analysis.period import Period

    folders = Folders.find(raw=raw, processed=processed)
    years = sorted({period.year for word in periods for period in Period.parse(word)})
    well = [progress.checked(folders, year) for year in years]
    sys.exit(int(not all(well)))


@app.command()
@click.argument("year", type=click.IntRange(1990, 2100))
@click.option("--county", default="", help="a county's code")
@click.option("--as-of", default="", help="the day to look from, as 2023-11-30")
@_raw
@_processed
def plan(year: int, county: str, as_of: str, raw: Path | None, processed: Path | None) -> None:
    """Print what was planned for YEAR: met, on the way, missed or not measurable, with figures."""
    from analysis import progress

    folders = Folders.find(raw=raw, processed=processed)
    sys.exit(int(not progress.planned(folders, year, county, as_of)))


@app.command()
@click.argument("file", type=_FILE)
@click.option("--year", type=int, help="year of the example rows' days; this year unless given")
def template(file: Path, year: int | None) -> None:
    """Write an empty workbook for a year's entries, with drop-downs, checked cells and an example row."""
    from datetime import date

    from analysis import progress
    from analysis import template as workbook

    progress.show_written([workbook.write(file, year or date.today().year)], Folders.find())


@app.command("new-year")
@click.argument("year", type=click.IntRange(1990, 2100))
@_raw
def new_year(year: int, raw: Path | None) -> None:
    """Make a year's raw folder with an empty workbook, about.yaml and an example of assessment.yaml."""
    from analysis import progress
    from analysis import template as workbook

    folders = Folders.find(raw=raw)
    progress.show_written(workbook.new_year(folders, year), folders)


@app.command()
@_raw
@_processed
@_reports
def doctor(raw: Path | None, processed: Path | None, reports: Path | None) -> None:
    """Check what the package needs of this machine, and say how to mend what is missing."""
    from analysis import doctor as examination
    from analysis import progress

    findings = examination.examine(Folders.find(raw=raw, processed=processed, reports=reports))
    progress.show_examination(findings)
    sys.exit(int(not all(finding.well for finding in findings)))


def main() -> None:
    """Run a command; an error the user can mend is one message and an exit status, never a traceback."""
    try:
        app()
    except AnalysisError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
    except OSError as error:
        named = Path(error.filename).name if isinstance(error.filename, str) else None
        click.echo(Message("disk_failed", file=named, values={"detail": error.strerror}).text(), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
