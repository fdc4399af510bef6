"""Words of labels."""

from dataclasses import dataclass
from enum import StrEnum


class PublicMinimum(StrEnum):
    """What a stranger who scans the label reads; each level holds the ones before it."""

    NOTHING = "nothing"
    MODEL = "model"
    HEALTH = "health"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on a machine: its address as a symbol, and what a hand would copy. There is no place for a secret."""

    address: str
    model: str
    serial: str
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What goes into the hand of the new owner: the secret and what it is for. There is no place for an address."""

    secret: str
    model: str
    serial: str
    maker: str
    works_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How labels lie on a sheet of A4. Lengths in millimetres; a step goes from a label to its neighbour."""

    columns: int
    rows: int
    width_mm: float
    height_mm: float
    left_mm: float
    top_mm: float
    step_x_mm: float
    step_y_mm: float

    @property
    def per_sheet(self) -> int:
        """Return how many labels a sheet holds."""
        return self.columns * self.rows


# Sheets that stationers sell everywhere. Source: the templates for Avery L7165, L7163 and L7160 of gLabels.
GRIDS: dict[str, Grid] = {
    "2x4": Grid(
        columns=2, rows=4, width_mm=99.1, height_mm=67.7, left_mm=4.7, top_mm=13.1, step_x_mm=101.6, step_y_mm=67.7
    ),
    "2x7": Grid(
        columns=2, rows=7, width_mm=99.1, height_mm=38.1, left_mm=4.7, top_mm=15.1, step_x_mm=101.6, step_y_mm=38.1
    ),
    "3x7": Grid(
        columns=3, rows=7, width_mm=63.5, height_mm=38.1, left_mm=7.2, top_mm=15.1, step_x_mm=66.0, step_y_mm=38.1
    ),
}
USUAL_GRID = "2x7"
