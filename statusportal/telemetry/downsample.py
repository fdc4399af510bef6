"""Pure: many points in, few points of the same shape out."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from tsdownsample import MinMaxDownsampler, MinMaxLTTBDownsampler

from devices.reading import Value

Points: TypeAlias = Sequence[tuple[int, Value]]

FEWEST = 4
_SHAPE: Any = MinMaxLTTBDownsampler()  # type: ignore[no-untyped-call]  # tsdownsample publishes no types
_PEAKS: Any = MinMaxDownsampler()  # type: ignore[no-untyped-call]  # as above
# Peaks kept per bucket of a long series before the last, shape-preserving choice among them.
_FIRST_CUT = 8


def downsample(points: Points, most: int) -> list[tuple[int, Value]]:
    """Keep at most `most` of the points, chosen so that a line through them looks the same: peaks stay.

    Shape: points in order of time in and out; every point that comes out was in. The first and the last stay. Texts
    have no shape: of them the changes are kept, and evenly spread ones when even those are too many.
    """
    most = max(most, FEWEST)
    if len(points) <= most:
        return list(points)
    if any(isinstance(value, str) for _, value in points):
        return _changes(points, most)
    times, values = _columns(points)
    chosen = _SHAPE.downsample(times, values, n_out=most)
    return [points[int(index)] for index in chosen]


def thin_out(points: Points, most: int) -> list[tuple[int, Value]]:
    """Cut one piece of a very long series down, keeping the peaks, so that the whole never has to be in memory."""
    first_cut = most * _FIRST_CUT // 2 * 2
    if len(points) <= first_cut or any(isinstance(value, str) for _, value in points):
        return list(points)
    times, values = _columns(points)
    chosen = _PEAKS.downsample(times, values, n_out=first_cut)
    return [points[int(index)] for index in chosen]


def _columns(points: Points) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    times = np.fromiter((at_ms for at_ms, _ in points), dtype=np.int64, count=len(points))
    values = np.fromiter((float(value) for _, value in points), dtype=np.float64, count=len(points))
    return times, values


def _changes(points: Points, most: int) -> list[tuple[int, Value]]:
    changes = [point for before, point in zip([None, *points], points, strict=False) if _differs(before, point)]
    if points[-1] is not changes[-1]:
        changes.append(points[-1])
    if len(changes) <= most:
        return changes
    chosen = np.linspace(0, len(changes) - 1, most).astype(int)
    return [changes[int(index)] for index in chosen]


def _differs(before: tuple[int, Value] | None, point: tuple[int, Value]) -> bool:
    return before is None or before[1] != point[1]
