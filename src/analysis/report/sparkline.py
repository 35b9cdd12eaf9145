"""A small line of yearly values: plain SVG, since the index must not wait for a plotting library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

WIDTH, HEIGHT, MARGIN = 110, 25, 4
_LINE, _LAST = "#0072B2", "#D55E00"

Point = tuple[float, float]


def sparkline(values: Sequence[float | None]) -> str:
    """SVG of the values in order, the last one marked; a missing value is a gap in the line."""
    points = _points(values)
    marks = "".join(_mark(point, 1.6, _LINE) for point in points if point)
    last = _mark(points[-1], 3, _LAST) if points and points[-1] else ""
    lines = "".join(f'<path d="M{a[0]} {a[1]}L{b[0]} {b[1]}"/>' for a, b in _segments(points))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><g fill="none" stroke="{_LINE}" stroke-width="1.5">{lines}</g>'
        f"{marks}{last}</svg>"
    )


def _points(values: Sequence[float | None]) -> list[Point | None]:
    known = [value for value in values if value is not None]
    low, span = min(known, default=0.0), (max(known, default=0.0) - min(known, default=0.0)) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    height = HEIGHT - 2 * MARGIN
    return [
        None
        if value is None
        else (round(MARGIN + step * place, 1), round(MARGIN + height * (1 - (value - low) / span), 1))
        for place, value in enumerate(values)
    ]


def _segments(points: Sequence[Point | None]) -> Iterator[tuple[Point, Point]]:
    return ((a, b) for a, b in pairwise(points) if a and b)


def _mark(point: Point, radius: float, colour: str) -> str:
    return f'<circle cx="{point[0]}" cy="{point[1]}" r="{radius}" fill="{colour}"/>'
