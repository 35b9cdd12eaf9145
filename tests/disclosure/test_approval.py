"""Approving a public edition: what the record holds, where it lies, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis import raw
from analysis.disclosure import earlier
from analysis.messages import UsageError
from analysis.parameters import Parameters
from analysis.period import Period
from analysis.run import approval, plan
from analysis.run.plan import Edition, Request
from analysis.settings import Folders
from tests.conftest import COUNTY, Put
from tests.disclosure import county


@pytest.fixture
def edition(put: Put, tmp_path: Path) -> tuple[Edition, Folders]:
    """The public edition of a county of nine hazards, its page written."""
    store = put("hazards", 2023, county.hazards(2023)[:9])
    manifest = store.processed / "manifest" / "year=2023" / f"county={COUNTY}.json"
    manifest.parent.mkdir(parents=True)
    about = {"code": COUNTY, "name": "示例县", "sample": True}
    manifest.write_text(json.dumps({"county": about, "as_of": None}), encoding="utf-8")
    folders = Folders.find(processed=store.processed, reports=tmp_path / "reports")
    place = folders.reports / "public" / "2023"
    place.mkdir(parents=True)
    (place / "1_sector_imbalance.html").write_text("page", encoding="utf-8")
    given = Parameters(2023, edition="public", processed=str(store.processed))
    made = raw.County(**about)
    return Edition(given, made, place, ("1_sector_imbalance",), (made,)), folders


def test_a_record_says_who_approved_what_and_lies_in_the_office(edition: tuple[Edition, Folders]) -> None:
    """Every cell with its value or its reason, the pages' hashes; nothing of it below the public folder."""
    made, folders = edition
    file = approval.approve(made, folders, "张主任")
    content = json.loads(file.read_text(encoding="utf-8"))
    assert file == folders.reports / "releases" / COUNTY / "2023_2023-12-31.json"
    assert content["approved_by"] == "张主任"
    assert list(content["reports"]) == ["1_sector_imbalance.html"]
    assert {entry["reason"] for entry in content["hidden"]} >= {"few"}
    assert not any("value" in entry for entry in content["hidden"])
    assert "厂" not in json.dumps(content["published"] + content["hidden"], ensure_ascii=False)
    assert len(earlier.read_all(folders.releases(COUNTY))) == 1
    assert not list((folders.reports / "public").rglob("*.json"))


def test_a_release_makes_the_edition_run_again(edition: tuple[Edition, Folders]) -> None:
    """Records are an input: what is up to date without them is not so with one more."""
    made, folders = edition
    before = plan._read_by_all(made, folders)
    approval.approve(made, folders, "张主任")
    assert plan._read_by_all(made, folders) != before


@pytest.mark.parametrize("part", ["Q2", "H2", "05"])
def test_a_part_that_does_not_begin_in_january_is_not_made_public(part: str) -> None:
    """H1 and Q1 both public would give Q2; Q2 itself would be a new table beside them."""
    with pytest.raises(UsageError, match="1 月开始"):
        plan.check(Request((Period(2023, part),), given={"edition": "public"}))


def test_only_public_editions_are_approved() -> None:
    with pytest.raises(UsageError, match="公开版"):
        plan.check(Request((Period(2023),), given={"edition": "leadership"}, approved_by="张主任"))
