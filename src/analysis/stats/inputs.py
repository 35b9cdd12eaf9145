"""Arguments checked once: a mistake of the caller raises ValueError here, a gap in the data never does."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def as_floats(values: ArrayLike, name: str) -> FloatArray:
    """`values` as a one-dimensional float array.

    Raises:
        ValueError: ``values`` has not one dimension.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name}: one dimension expected, got {array.ndim}")
    return array


def as_counts(values: ArrayLike, name: str) -> FloatArray:
    """`values` in one dimension, finite and not negative (a missing count is the caller's to leave out).

    Raises:
        ValueError: A value is missing, infinite or negative.
    """
    array = as_floats(values, name)
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: every value must be a finite number; leave out what is missing")
    if (array < 0).any():
        raise ValueError(f"{name}: negative values are not counts")
    return array


def paired_counts(counts: ArrayLike, exposures: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Check counts and their exposures: of one length, none negative."""
    left, right = as_counts(counts, "counts"), as_counts(exposures, "exposures")
    require_same_length(counts=left, exposures=right)
    return left, right


def require_same_length(**arrays: NDArray[np.generic]) -> None:
    """ValueError with the names and lengths where the arrays differ in length.

    Raises:
        ValueError: The lengths differ; names and lengths are told.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"lengths differ: {lengths}")


def require_level(level: float) -> float:
    """Check that a confidence level lies strictly between 0 and 1.

    Raises:
        ValueError: It does not.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    return level


def number(value: float) -> float | None:
    """Give a plain float, or None for what is not finite: results carry no NaN."""
    return float(value) if np.isfinite(value) else None


def numbers(values: ArrayLike) -> tuple[float | None, ...]:
    """Apply `number` to each value."""
    return tuple(number(value) for value in np.asarray(values, dtype=np.float64))
