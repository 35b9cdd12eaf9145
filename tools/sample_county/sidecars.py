"""The YAML files beside the data, and the list of counties."""

from __future__ import annotations

from collections.abc import Iterator

from .plan import HERE, Plan
from .simulate import YearTables


def county_list(plan: Plan) -> bytes:
    """data/raw/counties.csv."""
    return f"code,name,sample\n{plan.county['code']},{plan.county['name']},yes\n".encode()


def sidecars(plan: Plan, tables: YearTables, year: int) -> Iterator[tuple[str, bytes]]:
    """about.yaml of every year; mapping, corrections and assessment where the year has them."""
    about = (
        f"as_of: {plan.as_of[year]}\n"
        "source: 示例数据，由 tools/sample_county 生成\n"
        f"note: 示例县（虚构）{year}年数据，全部为示例\n"
    )
    yield "about.yaml", about.encode()
    for path in sorted((HERE / "sidecar_files").glob(f"{year}_*.yaml")):
        name = path.name.removeprefix(f"{year}_")
        if plan.published or year != 2023 or name == "assessment.yaml":
            yield name, path.read_bytes()
