"""Contradictions: those planted in invented summaries are found, and none is seen where there is none."""

from __future__ import annotations

import csv
import random
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import pytest

from analysis.reconcile import Contradiction, Records, check_against, check_document, check_years
from analysis.sources import documents, summaries
from analysis.sources.facts import Fact
from tests.reconcile.county_summaries import KINDS, OPTIONS, Entry, write, write_with_ledger, write_years

PLANTED = 42
"""Of each kind, spread over the places where it can stand; the least that counts as a trial is 30."""
FEWEST = 0.95
UNALTERED = 50
EXPLAINED = Path(__file__).with_name("explained.csv")
"""Contradictions of published documents that were looked through: figures and what they are."""


def read(text: str, name: str = "总结.txt") -> tuple[Fact, ...]:
    return summaries.extract(text, name=name).facts


def of_kind(kind: str) -> list[tuple[str, random.Random]]:
    """The places of a kind in turn, each with a generator of its own."""
    places = islice(cycle(OPTIONS[kind]), PLANTED)
    return [(place, random.Random(f"{kind}{place}{at}")) for at, place in enumerate(places)]  # noqa: S311


def unaltered() -> list[random.Random]:
    return [random.Random(f"unaltered{seed}") for seed in range(UNALTERED)]  # noqa: S311


def words(found: Contradiction) -> str:
    """Both places and the figures of a contradiction."""
    second = found.second.quote if found.second else ""
    return "|".join([found.first.quote, second, *map(str, found.values.values())])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("year", "ledger")])
def test_contradictions_within_a_document_are_found_at_their_place(kind: str) -> None:
    seen = 0
    for place, chance in of_kind(kind):
        summary = write(chance, kind, place)
        found = [one for one in check_document(read(summary.text)) if one.kind == kind]
        seen += any(summary.number in words(one) for one in found)
    assert seen >= FEWEST * PLANTED


def test_contradictions_with_last_years_document_are_found() -> None:
    pairs = [write_years(chance, place) for place, chance in of_kind("year")]
    found = [check_years(read(this.text), read(last.text, "上年.txt")) for this, last in pairs]
    assert sum(map(bool, found)) >= FEWEST * PLANTED


def test_contradictions_with_the_ledger_are_found() -> None:
    seen = 0
    for place, chance in of_kind("ledger"):
        summary, entries = write_with_ledger(chance, place)
        seen += any(not one.warning for one in check_against(read(summary.text), records(entries)))
    assert seen >= FEWEST * PLANTED


def records(entries: list[Entry]) -> Records:
    """The ledger as table ``indicators`` of one year."""
    frame = pd.DataFrame([entry.__dict__ for entry in entries])
    frame = frame.assign(source="ledger", year=2023, month=6, evidence="2023/台账.xlsx#s:2-9 (8)")
    return Records(lambda _day: frame, date(2023, 12, 31))


@pytest.mark.parametrize("chance", unaltered(), ids=range(UNALTERED))
def test_none_is_seen_in_an_unaltered_summary(chance: random.Random) -> None:
    assert [one.message.text() for one in check_document(read(write(chance).text))] == []


@pytest.mark.parametrize("chance", unaltered(), ids=range(UNALTERED))
def test_none_is_seen_where_the_years_and_the_ledger_agree(chance: random.Random) -> None:
    this, last = write_years(chance)
    summary, entries = write_with_ledger(chance)
    found = [
        *check_years(read(this.text), read(last.text, "上年.txt")),
        *(one for one in check_against(read(summary.text), records(entries)) if not one.warning),
    ]
    assert [one.message.text() for one in found] == []


def test_published_documents_contradict_themselves_only_where_it_is_explained(shared: Path) -> None:
    """Each was looked up in the text: the figures stand there, and do not agree."""
    with EXPLAINED.open(encoding="utf-8") as rows:
        known = {(row["document"], row["kind"], row["figures"]) for row in csv.DictReader(rows)}
    found = {
        (path.stem, one.kind, _figures(one))
        for path in sorted((shared / "gold").glob("*.txt"))
        for one in check_document(read(documents.read_text(path).text, path.stem))
    }
    assert found == known


def _figures(one: Contradiction) -> str:
    values = [one.first.value, *([one.second.value] if one.second else [])]
    return ";".join(f"{value:f}" for value in values)
