"""What the commands print: what was done, what failed and what to do (runs: see live.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from analysis.messages import AnalysisError, Message, word
from analysis.sources import listing

if TYPE_CHECKING:
    from analysis.doctor import Finding
    from analysis.prepare import Outcome, Preparation, Tally
    from analysis.reconcile import Contradiction, Mismatch
    from analysis.settings import Folders
    from analysis.sources.facts import Extraction, Fact

_OUT = Console(highlight=False)
_ERR = Console(stderr=True, highlight=False)


def show_error(error: AnalysisError) -> None:
    """Print what went wrong and what to do, on standard error."""
    _ERR.print(escape(str(error)), style="red", soft_wrap=True)


def show_outcomes(outcomes: Iterable[Outcome]) -> bool:
    """Print what came of each county's year as it comes, and tell whether all could be prepared."""
    from analysis.prepare import Preparation, PreparationError

    well = True
    for outcome in outcomes:
        if isinstance(outcome, Preparation):
            _show_preparation(outcome)
        else:
            well = False
            show_error(PreparationError(outcome.messages))
    return well


def _show_preparation(preparation: Preparation) -> None:
    """Where the rows of each file and sheet went, as a sum that adds up, and why."""
    _OUT.print(f"{preparation.year} {escape(preparation.county_name)}", style="bold")
    for tally in preparation.tallies:
        _OUT.print(escape(_account(tally)), soft_wrap=True)
    for message in preparation.messages:
        _OUT.print(escape(message.text()), style="yellow", soft_wrap=True)


def _account(tally: Tally) -> str:
    """One line: what was read is what was kept, quarantined, superseded or dropped; the rest was skipped."""
    parts = ("kept", "quarantined", "superseded", "dropped")
    total = " + ".join(f"{word(part)} {getattr(tally, part):,}" for part in parts)
    skipped = tally.skipped_blank + tally.skipped_title + tally.skipped_total
    rest = [(word("skipped"), skipped), (word("personal"), sum(tally.personal.values()))]
    place = f"  {tally.file} {tally.sheet or ''} [{tally.table}]"
    return f"{place}: {word('read')} {tally.read:,} = {total}" + "".join(f"; {w} {n:,}" for w, n in rest if n)


def checked(folders: Folders, year: int) -> bool:
    """Prepare a year, print its contradictions, and tell whether there is none but warnings."""
    from analysis import raw
    from analysis.lock import only_writer
    from analysis.prepare import prepare_year
    from analysis.reconcile.year import check_year

    try:
        sources = raw.sources_of(folders, year)
        if not all(raw.is_current(folders, source) for source in sources):
            with only_writer(folders.processed):
                prepare_year(folders, year)
        found = [one for source in sources for one in check_year(folders, source)]
    except AnalysisError as error:
        show_error(error)
        return False
    for one in sorted(found, key=lambda one: one.warning):
        _OUT.print(escape(one.message.text()), style="yellow" if one.warning else "red", soft_wrap=True)
        for line in _members(one):
            _OUT.print(escape(f"    {line}"), soft_wrap=True)
    wrong = sum(not one.warning for one in found)
    _OUT.print(word("contradictions").format(year=year, wrong=wrong, warnings=len(found) - wrong))
    return not wrong


def planned(folders: Folders, year: int, county: str, as_of: str) -> bool:
    """Print the commitments for a year with state and figures; an error is printed, and False returned."""
    from analysis import book, parameters
    from analysis.chapters import commitments

    try:
        given = parameters.check(
            {"year": year, "county": county, "as_of": as_of, "processed": str(folders.processed)}
        )
        view = commitments.Commitments(book.of(given), year)
        found = [*commitments.answer(view)]
    except AnalysisError as error:
        show_error(error)
        return False
    for line in commitments.lines(view):
        _OUT.print(escape(line), soft_wrap=True)
    for finding in found:
        _OUT.print(escape(finding.text), style="bold", soft_wrap=True)
    return True


def _members(group: Contradiction | Mismatch) -> Iterator[str]:
    """Warnings that are told together, those of one line of the document in one line."""
    for _, members in groupby(getattr(group, "members", ()), key=lambda member: member.first.line):
        told = [replace(member.message, file=None) for member in members]
        words = [replace(message, row=None).text().rstrip("。.") for message in told]
        yield told[0].place() + " " + "；".join(words)


def show_extraction(extraction: Extraction, form: str) -> None:
    """Print a document's figures as csv, json or a table, then how many of its numbers became figures.

    The numbers that did not are listed with their place; on standard error where the output is for machines.
    """
    if form == "csv":
        sys.stdout.write(listing.as_csv(extraction.facts))
    elif form == "json":
        sys.stdout.write(listing.as_json(extraction))
    else:
        _OUT.print(_facts_table(extraction.facts))
    console = _OUT if form == "table" else _ERR
    for message in (listing.coverage(extraction), *map(listing.unread_line, extraction.unread)):
        console.print(escape(message.text()), soft_wrap=True)


def _facts_table(facts: Sequence[Fact]) -> Table:
    table = Table(*map(word, ("line", "sector", "indicator", "value", "unit", "quote")), box=None)
    for fact in facts:
        cells = (fact.line, fact.sector, fact.indicator, listing.plain(fact.value), fact.unit, fact.quote)
        table.add_row(*(escape(str(cell)) for cell in cells))
    return table


def show_written(paths: Sequence[Path], folders: Folders) -> None:
    """Print the files that a command wrote."""
    for path in paths:
        _OUT.print(escape(Message("written", _shown(path, folders.root)).text()), soft_wrap=True)


def show_examination(findings: Sequence[Finding]) -> None:
    """Print what was looked at, whether it is well, and what to do where it is not."""
    for finding in findings:
        _OUT.print("✓" if finding.well else "✗", end=" ", style="green" if finding.well else "red")
        _OUT.print(escape(finding.message.text()), soft_wrap=True)


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
