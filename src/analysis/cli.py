"""The commands. No logic: each checks its words, calls one room and prints what it says.

Everything heavy is imported where it is needed, so that help and a run with nothing to do stay quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.messages import AnalysisError
from analysis.settings import Folders

app = typer.Typer(
    name="analysis",
    help="Yearly analysis of hazards, enforcement and rectification for county work-safety offices.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Periods = Annotated[list[str], typer.Argument(help="2023, 2019-2024, 2023-H1, 2023-Q2 or 2023-06")]
RawFolder = Annotated[Path | None, typer.Option("--raw", help="folder of raw files")]
ProcessedFolder = Annotated[Path | None, typer.Option("--processed", help="folder of processed tables")]
ReportsFolder = Annotated[Path | None, typer.Option("--reports", help="folder of reports")]


@app.command()
def prepare(periods: Periods, raw: RawFolder = None, processed: ProcessedFolder = None) -> None:
    """Turn raw files into processed tables; print what was kept, quarantined, superseded, and why."""
    from analysis import prepare as preparation
    from analysis import progress
    from analysis.period import Period

    folders = Folders.find(raw=raw, processed=processed)
    years = sorted({period.year for word in periods for period in Period.parse(word)})
    failed = False
    for year in years:
        try:
            progress.show_preparations(preparation.prepare_year(folders, year))
        except AnalysisError as error:
            failed = True
            progress.show_error(error)
    raise typer.Exit(int(failed))


@app.command()
def run(
    periods: Periods,
    notebook: Annotated[
        list[str] | None, typer.Option(help="run only this notebook; may be repeated")
    ] = None,
    county: Annotated[str, typer.Option(help="a county's code or name, or `each`")] = "",
    as_of: Annotated[str, typer.Option(help="the day to look from, as 2023-11-30")] = "",
    edition: Annotated[str, typer.Option(help="internal, leadership or public")] = "internal",
    parameter: Annotated[
        list[tuple[str, str]] | None, typer.Option("-p", help="a notebook parameter: -p NAME VALUE")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="notebooks at a time; 0 is one per core")] = 0,
    force: Annotated[bool, typer.Option("--force", help="run what is up to date, too")] = False,
    raw: RawFolder = None,
    processed: ProcessedFolder = None,
    reports: ReportsFolder = None,
) -> None:
    """Prepare what changed, run the notebooks and write the HTML reports and their index."""
    from analysis import parameters, progress
    from analysis.period import Period
    from analysis.run import jobs as runner
    from analysis.run.plan import Request

    words = [*(parameter or ()), *((("as_of", as_of),) if as_of else ()), ("edition", edition)]
    request = Request(
        periods=tuple(dict.fromkeys(period for word in periods for period in Period.parse(word))),
        notebooks=tuple(notebook or ()),
        county=county,
        given=parameters.parse(words),
        workers=jobs,
        force=force,
    )
    folders = Folders.find(raw=raw, processed=processed, reports=reports)
    with progress.Display() as display:
        report = runner.run(request, folders, display.step)
    progress.show_report(report, folders)
    raise typer.Exit(int(not report.well))


def main() -> None:
    """Run a command; an error the user can mend is one message and exit status 1, never a traceback."""
    try:
        app()
    except AnalysisError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
