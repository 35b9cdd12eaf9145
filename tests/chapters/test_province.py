"""Report 7 on invented counties: one with three times the rate, one of mines alone, one small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from analysis.chapters import province, province_rates
from analysis.parameters import Parameters
from analysis.region import Region, open_region
from analysis.report import page
from analysis.report.page import ReportMeta
from analysis.stats import inequality
from tests.conftest import ROOT, writer
from tests.report.test_claim_guard import claims

NAME = "7_province"
PLACE = {"file": "2023/a.xlsx", "sheet": "s"}
RATES = {"gas": 0.2, "mining": 0.8}
"""Major hazards per enterprise, by sector."""
COUNTIES = {f"9901{number:02d}": f"示例{number}县" for number in range(1, 13)}
HIGH, MINES, SMALL = "990103", "990105", "990107"


def enterprises(code: str, sector: str) -> int:
    """How many enterprises an invented county has."""
    if code == SMALL:
        return 6
    return {"gas": 10, "mining": 300}[sector] if code == MINES else 150


def hazards(code: str, draw: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Invented major hazards of one county's year, each of an enterprise of its own."""
    row = 0
    for sector, rate in RATES.items():
        for _ in range(draw.poisson(enterprises(code, sector) * rate * (3 if code == HIGH else 1))):
            row += 1
            found = date(2023, 3, 1) + timedelta(days=int(draw.integers(200)))
            yield {
                **PLACE, "row": row, "part": 1, "hazard_id": f"{code}-{row}", "sector": sector,
                "level": "major", "enterprise": f"{sector}{row}", "description": "x", "status": "rectified",
                "township": "甲镇",
                "source": "self_reported" if row % 3 == 0 else "department", "found_on": found,
                "due_on": found + timedelta(days=30),
                "rectified_on": found + timedelta(days=20 + row % 2 * 20),
            }  # fmt: skip


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve invented counties as a preparation leaves them."""
    folder, draw = tmp_path_factory.mktemp("province"), np.random.default_rng(7)
    put = writer(folder)
    for code, name in COUNTIES.items():
        put("hazards", 2023, list(hazards(code, draw)), code)
        listed = [
            {**PLACE, "row": row, "sector": sector, "regulated_enterprises": enterprises(code, sector)}
            for row, sector in enumerate(RATES)
        ]
        put("enterprises", 2023, listed, code)
        manifest = folder / "manifest" / "year=2023" / f"county={code}.json"
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text(
            json.dumps({"county": {"code": code, "name": name, "sample": True}, "as_of": None})
        )
    return folder


@pytest.fixture(scope="module")
def region(processed: Path) -> Region:
    """The notebook's view of them."""
    return open_region({"year": 2023, "processed": str(processed), "In": ["# Parameters\nyear = 2023"]})


@pytest.fixture(scope="module")
def view(region: Region) -> province.Province:
    """The counties side by side."""
    return province.Province(region)


def test_a_county_of_mines_is_set_against_mines(view: province.Province) -> None:
    """Its plain rate is twice the others'; against its own mix of sectors it is as the others are."""
    found = province.compared(view, province.MEASURES[0])
    verdicts = dict(zip(found.frame.index, found.funnel.verdict, strict=True))
    crude = found.frame["events"] / found.frame["exposure"]
    assert crude[MINES] > 1.4 * crude.drop([HIGH, MINES]).mean()
    assert verdicts[MINES] == "within"
    assert verdicts[HIGH] == "high"


def test_expected_counts_are_those_of_the_sectors(view: province.Province) -> None:
    """Indirect standardisation by hand, and the expected counts add up to the observed ones."""
    found = province.compared(view, province.MEASURES[0])
    cells = found.cells.reset_index()
    rate = cells.groupby("sector")["events"].sum() / cells.groupby("sector")["exposure"].sum()
    by_hand = 10 * rate["gas"] + 300 * rate["mining"]
    assert found.frame.loc[MINES, "expected"] == pytest.approx(by_hand)
    assert found.frame["expected"].sum() == pytest.approx(found.frame["events"].sum())


def test_ranks_of_like_counties_overlap(view: province.Province) -> None:
    """Only the county that was made different stands apart; the small one's rank is anyone's."""
    found = province.compared(view, province.MEASURES[0])
    ranks = found.ranks.set_index(found.frame.index)
    assert ranks.loc[HIGH, "rank_high"] <= 2
    assert ranks.loc[SMALL, "rank_high"] - ranks.loc[SMALL, "rank_low"] > 6


def test_unevenness_splits_exactly_between_and_within(view: province.Province) -> None:
    found = province.compared(view, province.MEASURES[0])
    groups = found.cells.index.get_level_values("county")
    split = inequality.theil_split(found.cells["events"], found.cells["exposure"], groups)
    assert split is not None
    assert split.total == pytest.approx(split.between + split.within)
    assert set(split.groups) == set(COUNTIES)


def test_hazards_of_one_enterprise_are_one_clump(view: province.Province) -> None:
    """Each invented hazard has an enterprise of its own: nothing to correct for."""
    assert view.clumping.to_dict() == {"found": 1.0, "own": 1.0, "late": 1.0}


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_the_report_claims_nothing_outside_its_findings(region: Region, edition: str) -> None:
    html = rendered(region, edition)
    assert claims(html) == []
    assert "示例3县" in html
    assert f'href="{HIGH}/1_sector_imbalance.html"' in html
    assert "NaN" not in html


def rendered(region: Region, edition: str) -> str:
    """The whole page of the committed notebook on the invented counties."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{NAME}.ipynb", as_version=4)
    given = Parameters(2023, edition=edition)
    names: dict[str, Any] = {
        "region": Region(given, region.counties, region.scope, region.store, region.settings)
    }
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        source = "\n".join(line for line in cell.source.splitlines() if not line.startswith("region = "))
        if source.startswith("show("):
            bundle = eval(source, names)._repr_mimebundle_()  # noqa: S307 (a committed notebook)
            cell.outputs = [nbformat.v4.new_output("display_data", data=bundle)]
        elif "parameters" not in cell.metadata.get("tags", []):
            exec(source, names)  # noqa: S102 (a committed notebook)
    counties = ((COUNTIES[HIGH], (("行业", f"{HIGH}/1_sector_imbalance.html"),)),)
    meta = ReportMeta(
        NAME, "各县对比", "?", "各县", True, "2023年", date(2023, 12, 31), edition, counties=counties
    )
    return page.render(notebook, meta)


def test_counties_without_denominators_say_what_is_missing(tmp_path: Path, region: Region) -> None:
    """No enterprises and no hazards: no funnel, no rank, and no failure."""
    from analysis.store import Store

    empty = province.Province(
        Region(region.parameters, region.counties, region.scope, Store(tmp_path), region.settings)
    )
    (said,) = province_rates.shown(empty, province.MEASURES[0])
    assert "监管企业数" in str(said.html(page.Edition.INTERNAL))
    assert len(province.headlines(empty)) == 5
