"""Write the sample county: python -m tools.sample_county [--seed N] [--out FOLDER] [--null]."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from .offices import year_files
from .plan import HERE, YEARS, load_plan
from .sidecars import county_list, sidecars
from .simulate import simulate
from .summaries import summary
from .worklog import worklog

SEED = 990101
RAW = HERE.parents[1] / "data" / "raw"


def main() -> None:
    """Simulate the county, then write every year's files as its offices keep them."""
    options = _options()
    plan = load_plan(null=options.null)
    tables = simulate(plan, options.seed)
    _write(options.out / "counties.csv", county_list(plan))
    for year in YEARS:
        folder = options.out / str(year)
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in year_files(tables[year], year):
            _write(folder / name, content)
        others = (
            *worklog(plan, year),
            *summary(plan, tables[year], year),
            *sidecars(plan, tables[year], year),
        )
        for name, content in others:
            _write(folder / name, content)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.sample_county", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=SEED, help="a county for each seed (default: the committed one)"
    )
    parser.add_argument("--out", type=Path, default=RAW, help="folder of the raw files (default: data/raw)")
    parser.add_argument("--null", action="store_true", help="plant no effect and no published figure")
    return parser.parse_args()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
