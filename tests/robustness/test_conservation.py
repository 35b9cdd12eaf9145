"""Sums of counts and money through the aggregation are the rows'; a report that says otherwise is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import account, conservation, indicators, prepare
from analysis.batch import Batch
from analysis.messages import AnalysisError
from analysis.period import Period
from analysis.scope import Scope
from analysis.sources.cells import no_problems
from analysis.store import Store
from tests.conftest import COUNTY
from tests.workbook_files import LEDGER, csv_file, ledger_row, project

SCOPE = Scope(COUNTY, Period(2023, "H1"), date(2023, 5, 31), (2022,))
LINEAGE = {"file": "2023/a.xlsx", "sheet": "s"}


def hazard(row: int, day: date, **other: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "enterprise": "示例厂",
        "sector": "industry",
        "level": "general",
        "source": "department",
    }
    usual |= {"hazard_id": str(row), "description": "护栏缺失", "part": 0, "found_on": day}
    return {**LINEAGE, "row": row, **usual, **other}


@pytest.fixture
def store(put: Callable[..., Store]) -> Store:
    put("hazards", 2022, [hazard(1, date(2022, 3, 1)), hazard(2, date(2022, 7, 1), level="major")])
    late = date(2023, 6, 2)
    found = [
        hazard(3, date(2023, 1, 1), level="major", source="self_reported", sector="mining"),
        hazard(4, date(2023, 5, 31), township=None),
        hazard(5, date(2023, 5, 1), recorded_on=late),
        hazard(6, late),
    ]
    put("hazards", 2023, found)
    fines = [(date(2023, 1, 5), "0.10"), (date(2023, 2, 5), "0.20"), (date(2023, 6, 1), "7.00")]
    decision = {"party": "示例厂", "body": "示例局"}
    decisions = [
        {**LINEAGE, **decision, "row": n, "document_number": str(n), "decided_on": day, "fine": Decimal(fine)}
        for n, (day, fine) in enumerate(fines)
    ]
    put("penalties", 2023, decisions)
    months = [
        {**LINEAGE, "row": month, "month": month, "inspections": 10 * month, "fines": Decimal("1000.01")}
        for month in (1, 5, 6)
    ]
    put("enforcement", 2023, months)
    incident = {"occurred_at": pd.Timestamp("2023-05-31 23:59"), "deaths": 2}
    put("incidents", 2023, [{**LINEAGE, "row": 1, "sector": "mining", **incident}])
    return put("enterprises", 2023, [{**LINEAGE, "row": 1, "sector": "mining", "regulated_enterprises": 9}])


def test_sums_of_the_indicators_are_those_counted_by_hand(store: Store) -> None:
    found = indicators.read(store, SCOPE)
    conservation.require(store, SCOPE, found)
    sums = found[found["year"] == 2023].groupby(["source", "indicator"])["value"].sum()
    assert sums["ledger", "hazards_found"] == 2, "not the one recorded late, nor the one after the cutoff"
    assert sums["ledger", "major_hazards_self_reported"] == 1
    assert sums["ledger", "fines"] == pytest.approx(0.30, abs=1e-9)
    assert sums["return", "inspections"] == 60, "June was not over"
    assert sums["return", "fines"] == pytest.approx(2000.02, abs=1e-9)
    assert sums["ledger", "deaths"] == 2


@pytest.mark.parametrize(
    "indicator", ["hazards_found", "fines", "inspections", "regulated_enterprises", "deaths"]
)
def test_a_row_that_the_aggregation_lost_or_doubled_is_refused_by_name(store: Store, indicator: str) -> None:
    found = indicators.read(store, SCOPE)
    row = found[(found["indicator"] == indicator) & (found["year"] == 2023)].head(1)
    for broken in (found.drop(row.index), pd.concat([found, row])):
        with pytest.raises(AnalysisError) as refused:
            conservation.require(store, SCOPE, broken)
        assert refused.value.message.code == "totals_disagree"
        assert refused.value.message.values["year"] == 2023


def test_a_cent_is_noticed(store: Store) -> None:
    found = indicators.read(store, SCOPE)
    fines = (found["indicator"] == "fines") & (found["source"] == "ledger")
    found.loc[found.index[fines][0], "value"] += 0.01
    with pytest.raises(AnalysisError):
        conservation.require(store, SCOPE, found)


def test_a_preparation_that_does_not_add_up_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = project(tmp_path)
    csv_file(folders.raw / "2023" / "台账.csv", [LEDGER, ledger_row(1), ledger_row(2)])
    true = indicators.stored
    monkeypatch.setattr(indicators, "stored", lambda *given: true(*given).slice(1))
    (outcome,) = prepare.prepare_years(folders, [2023])
    assert isinstance(outcome, prepare.Failure)
    assert outcome.messages[0].code == "totals_disagree"
    assert not (folders.processed / "manifest" / "year=2023" / f"county={COUNTY}.json").exists()


FATES = st.lists(st.sampled_from(["kept", "problem", "superseded", "dropped"]), max_size=12)


def batch_of(fates: list[str]) -> Batch:
    frame = pd.DataFrame({"file": pd.Series(["a"] * len(fates), dtype="str"), "sheet": None})

    def listed(fate: str) -> pd.DataFrame:
        chosen = [index for index, own in enumerate(fates) if own == fate]
        return (
            no_problems()
            if not chosen
            else pd.DataFrame({"index": chosen}).reindex(columns=no_problems().columns)
        )

    return Batch("hazards", frame, frame, listed("problem"), listed("superseded"), listed("dropped"))


@given(FATES)
def test_each_row_has_one_fate(fates: list[str]) -> None:
    found = account.tallies(batch_of(fates), [], {})
    if not fates:
        assert not found
        return
    (tally,) = found
    numbers = (tally.read, tally.kept, tally.quarantined, tally.superseded, tally.dropped)
    expected = [fates.count(fate) for fate in ("kept", "problem", "superseded", "dropped")]
    assert numbers == (len(fates), *expected)
    assert tally.conserved


def test_a_row_with_two_fates_is_a_fault_of_the_package() -> None:
    batch = batch_of(["problem", "kept"])
    twice = Batch(batch.table, batch.frame, batch.cells, batch.problems, superseded=batch.problems)
    with pytest.raises(RuntimeError, match="not conserved"):
        account.tallies(twice, [], {})
