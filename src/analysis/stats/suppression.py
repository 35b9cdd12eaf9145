"""Complementary cell suppression (附带隐藏) in tables that add up, and the attack that audits it.

Primary cells are given; further cells are hidden until whoever knows every equation, every bound and every
published cell still finds at least ``protection`` between the least and the greatest possible value of each
hidden one. Each cell is protected by the cheapest other table that fits what is published and holds another
value there, found by an integer programme, one cell after the other: the classical heuristic of Kelly,
Golden & Assad (Networks 22, 1992), whose exact form is Fischetti & Salazar-González (JASA 95, 2000); see
Hundepool et al., Statistical Disclosure Control (2012), chapter 4. What was hidden for one cell is found
again by the audit of the others, so nothing depends on the heuristic being optimal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Flags = NDArray[np.bool_]
_HIDDEN_COST = 1e-3
"""Cost of moving a cell that is hidden anyway; not zero, so that no programme has needless movement."""


class ProtectionImpossibleError(ValueError):
    """Cells that must stay published determine one that must not be known."""


@dataclass(frozen=True)
class Additive:
    """Whole numbers that add up.

    Args:
        values: The true value of each cell.
        equations: One row an equation, one column a cell; every row times the values is zero.
        lower: What everybody knows each cell to be at least.
        upper: What everybody knows each cell to be at most; infinite where nothing is known.
        costs: How much is lost when a cell is hidden; above zero.
    """

    values: NDArray[np.int64]
    equations: sparse.csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    costs: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse values that do not add up or break their own bounds."""
        if self.equations.shape[0] and np.any(self.equations @ self.values):
            raise ValueError("the cells do not add up")
        if np.any(self.values < self.lower) or np.any(self.values > self.upper):
            raise ValueError("a value lies outside its bounds")

    @cached_property
    def parts(self) -> NDArray[np.int32]:
        """Which cells are connected by equations: a number for each cell."""
        linked = abs(self.equations.T) @ abs(self.equations)
        return np.asarray(sparse.csgraph.connected_components(linked, directed=False)[1])

    def only(self, chosen: Flags) -> Additive:
        """The system of some cells, with the equations that touch them; they must be whole parts."""
        touched = np.asarray(abs(self.equations[:, chosen]).sum(axis=1)).ravel() > 0
        return Additive(
            self.values[chosen],
            sparse.csr_array(self.equations[touched][:, chosen]),
            self.lower[chosen],
            self.upper[chosen],
            self.costs[chosen],
        )


def suppress(
    system: Additive, primary: Flags, unpublished: Flags, fixed: Flags, protection: int = 3
) -> Flags:
    """Which cells to hide.

    Args:
        system: The cells.
        primary: Cells that must be hidden and protected.
        unpublished: Cells that are shown nowhere, whether or not they need protection.
        fixed: Cells that stay published whatever happens, since they are out already.
        protection: The least distance between the smallest and the greatest possible value.

    Returns:
        True for each cell to hide: the primary and the unpublished ones, and those that protect them. Every
        hidden cell is protected but the unpublished that are not primary.

    Raises:
        ProtectionImpossibleError: The fixed cells leave a cell without protection.
    """
    hidden = primary | unpublished
    for part in np.unique(system.parts[primary]):
        chosen = system.parts == part
        flags = (primary[chosen], hidden[chosen], unpublished[chosen], fixed[chosen])
        hidden[chosen] = _suppress_part(system.only(chosen), *flags, protection)
    return hidden


def _suppress_part(
    system: Additive, primary: Flags, hidden: Flags, unpublished: Flags, fixed: Flags, protection: int
) -> Flags:
    hidden, safe = hidden.copy(), np.zeros(len(primary), dtype=bool)
    while len(waiting := np.flatnonzero((primary | hidden & ~unpublished) & ~safe)):
        target = waiting[np.argmin(system.values[waiting])]
        change = _other_table(system, int(target), hidden, fixed, protection)
        hidden |= change != 0
        safe |= hidden & (np.abs(change) >= protection)
    return hidden


def _other_table(
    system: Additive, target: int, hidden: Flags, fixed: Flags, protection: int
) -> NDArray[np.int64]:
    """The cheapest change to another table that fits, in which the target differs by ``protection``."""
    costs = np.where(hidden, _HIDDEN_COST, system.costs)
    free = ~fixed | hidden
    room = np.where(free, system.upper - system.values, 0), np.where(free, system.values - system.lower, 0)
    rows = sparse.hstack([system.equations, -system.equations], format="csr")
    for way in (0, 1):
        least = np.zeros(2 * len(costs))
        least[target + way * len(costs)] = protection
        most = np.concatenate(room)
        most[target + (1 - way) * len(costs)] = 0
        if np.any(least > most):
            continue
        found = milp(
            np.concatenate([costs, costs]),
            constraints=LinearConstraint(rows, 0, 0) if rows.shape[0] else (),
            bounds=Bounds(least, most),
            integrality=np.ones(2 * len(costs), dtype=np.int64),
            options={"mip_rel_gap": 0.05},
        )
        if found.x is not None:
            up, down = np.split(np.rint(found.x).astype(np.int64), 2)
            return np.asarray(up - down)
    raise ProtectionImpossibleError(f"cell {target} cannot be protected")


def spans(system: Additive, hidden: Flags) -> dict[int, tuple[float, float]]:
    """The attack: the least and the greatest value that each hidden cell may have, by its place.

    What is not hidden is known; a hidden cell without an upper limit may be infinite.
    """
    known = replace(
        system,
        lower=np.where(hidden, system.lower, system.values),
        upper=np.where(hidden, system.upper, system.values),
    )
    found: dict[int, tuple[float, float]] = {}
    for part in np.unique(system.parts[hidden]):
        places = np.flatnonzero(system.parts == part)
        inside = known.only(system.parts == part)
        found |= {int(p): _span(inside, k) for k, p in enumerate(places) if hidden[p]}
    return found


def _span(system: Additive, place: int) -> tuple[float, float]:
    low, high = (_extreme(system, place, sign) for sign in (1, -1))
    return low, high


def _extreme(system: Additive, place: int, sign: int) -> float:
    aim = np.zeros(len(system.values))
    aim[place] = sign
    rows = LinearConstraint(system.equations, 0, 0) if system.equations.shape[0] else ()
    found = milp(
        aim,
        constraints=rows,
        bounds=Bounds(system.lower, system.upper),
        integrality=np.ones(len(aim), dtype=np.int64),
    )
    return sign * np.inf * -1 if found.x is None else float(np.rint(found.x[place]))
