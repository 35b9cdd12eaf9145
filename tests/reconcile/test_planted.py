"""Contradictions: those planted in written summaries are found, and none is seen where there is none."""

from __future__ import annotations

import random

import pytest

from analysis import reconcile
from analysis.sources import summaries
from tests.sources.written_summaries import KINDS, write, write_years

PLANTED = 40
FEWEST = 0.95


def _check(text: str) -> list[reconcile.Contradiction]:
    return reconcile.check_document(summaries.extract(text, name="总结.txt").facts)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "year"])
def test_planted_contradictions_are_found(kind: str) -> None:
    """At least 95 of 100 contradictions of every kind, each at the numbers that were changed."""
    found = 0
    for seed in range(PLANTED):
        summary = write(random.Random(f"{kind}{seed}"), kind)  # noqa: S311
        seen = [c for c in _check(summary.text) if c.kind == kind]
        found += any(_places(c) & set(summary.planted) for c in seen)
    assert found >= FEWEST * PLANTED


def _places(contradiction: reconcile.Contradiction) -> set[str]:
    quotes = contradiction.first.quote + (contradiction.second.quote if contradiction.second else "")
    values = {str(value) for value in contradiction.values.values()}
    return values | {
        quotes[i:j] for i in range(len(quotes)) for j in range(i + 1, min(i + 12, len(quotes) + 1))
    }


def test_planted_contradictions_between_years_are_found() -> None:
    found = 0
    for seed in range(PLANTED):
        this, last = write_years(random.Random(f"year{seed}"), planted=True)  # noqa: S311
        seen = reconcile.check_years(
            *(summaries.extract(s.text, name="总结.txt").facts for s in (this, last))
        )
        found += bool(seen)
    assert found >= FEWEST * PLANTED


@pytest.mark.parametrize("seed", range(60))
def test_none_is_seen_where_the_figures_agree(seed: int) -> None:
    summary = write(random.Random(f"clean{seed}"))  # noqa: S311
    assert [c.message.text() for c in _check(summary.text)] == []


@pytest.mark.parametrize("seed", range(30))
def test_none_is_seen_between_years_that_agree(seed: int) -> None:
    this, last = write_years(random.Random(f"agree{seed}"), planted=False)  # noqa: S311
    facts = [summaries.extract(summary.text, name="总结.txt").facts for summary in (this, last)]
    assert [c.message.text() for c in reconcile.check_years(*facts)] == []
