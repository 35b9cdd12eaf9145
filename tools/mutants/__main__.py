"""Change the code in one place, run its tests, and see whether they notice; `make mutants`.

cosmic-ray makes the changes (its operators on numbers, comparisons, arithmetic, signs, truth values, loops
and exceptions). A process forked from one that has loaded the libraries tests each, with the changed module
in the place of the true one; no file is touched. Only the tests that run the changed line without the change
are run with it. A mutant is killed by a test that fails or by its time running out. A sample is drawn with a
fixed seed, the same share from every module.

    python -m tools.mutants [--sample 600] [--seed 1] [--workers 2] [MODULE...]
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from tools.mutants import trial
from tools.mutants.reach import Reach
from tools.mutants.trial import CONSERVATION, STATISTICS

WITHOUT = ("core/RemoveDecorator", "core/VariableReplacer", "core/VariableInserter", "core/NoOp")
"""Decorators here are caches and data classes: without the former nothing changes but time."""

_OF_BITS = re.compile(r"core/ReplaceBinaryOperator_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)_(.Shift|Bit.*)")
"""Arithmetic to operations on bits: on floating-point numbers an error at once, so no test of the tests."""

Place = tuple[str, str, int]
"""A module, an operator, and which of the operator's places in the module."""


@dataclass(frozen=True)
class Mutant:
    """A module's source with one change, and where it is."""

    module: str
    line: int
    before: str
    after: str
    source: str


def main() -> int:
    """Try the sample and print what survived; the exit status tells whether 85 % were killed."""
    given = _arguments()
    places = {module: _places(module) for module in given.module or [*STATISTICS, *CONSERVATION]}
    total = sum(map(len, places.values()))
    chosen = _sample(places, given.sample, given.seed)
    print(f"{len(chosen)} mutants, drawn from {total} places in {len(places)} modules", flush=True)
    trial.preload()
    reach = trial.reach(list(places))
    with ThreadPoolExecutor(given.workers) as pool:
        survived = sum(pool.map(partial(_try, reach), chosen))
    share = 1 - survived / max(1, len(chosen))
    print(f"killed {len(chosen) - survived} of {len(chosen)}: {share:.1%}")
    return int(share < 0.85)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", nargs="*", help="as stats/rates")
    parser.add_argument("--sample", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    return parser.parse_args()


def _sample(places: dict[str, list[Place]], size: int, seed: int) -> list[Mutant]:
    """The same share of every module's places, in random order: a run cut short is a sample too."""
    chance = random.Random(seed)
    share = min(1.0, size / max(1, sum(map(len, places.values()))))
    drawn = [place for many in places.values() for place in chance.sample(many, round(share * len(many)))]
    return [mutant for place in chance.sample(drawn, len(drawn)) if (mutant := _mutant(*place))]


def _places(module: str) -> list[Place]:
    """Every change that the operators can make to a module."""
    nodes = list(ast_nodes(get_ast(_source(module))))
    names = sorted(
        name for name in plugins.operator_names() if name not in WITHOUT and not _OF_BITS.match(name)
    )
    return [
        (module, name, occurrence)
        for name in names
        for occurrence in range(
            sum(len(list(plugins.get_operator(name)().mutation_positions(node))) for node in nodes)
        )
    ]


def _source(module: str) -> str:
    return trial.source_of(module).read_text(encoding="utf-8")


def _mutant(module: str, name: str, occurrence: int) -> Mutant | None:
    """One change, unless it is no Python or touches annotations only, which are never run."""
    source = _source(module)
    mutated = mutate_code(source, plugins.get_operator(name)(), occurrence)
    try:
        if mutated is None or _code(mutated) == _code(source):
            return None
    except SyntaxError:
        return None
    pairs = enumerate(zip(source.splitlines(), mutated.splitlines(), strict=False), start=1)
    line, (before, after) = next((number, pair) for number, pair in pairs if pair[0] != pair[1])
    return Mutant(module, line, before.strip(), after.strip(), mutated)


def _code(source: str) -> str:
    """What is run of a source: its tree without annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant("")
    return ast.dump(tree)


def _try(reach: Reach, mutant: Mutant) -> bool:
    tests = reach.tests(trial.source_of(mutant.module), mutant.line)
    seconds = sum(reach.seconds[test] for test in tests)
    lives = trial.survives(mutant.module, mutant.source, tests, seconds)
    told = {"module": mutant.module, "line": mutant.line, "tests": len(tests)}
    told |= {"before": mutant.before, "after": mutant.after}
    print(json.dumps({"survived": lives, **told}, ensure_ascii=False), flush=True)
    return lives


if __name__ == "__main__":
    sys.exit(main())
