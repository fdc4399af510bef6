"""Which store a portal keeps its samples in: one a running process, since those who wait share a commit."""

from statusportal.telemetry.store.port import SampleReader, SampleStore
from statusportal.telemetry.store.rows import RowStore
from statusportal.telemetry.store.rows_reading import RowReader
from statusportal.work import Works

_READER = RowReader()


def sample_store(works: Works) -> SampleStore:
    """Return the store of a portal, opened at the first call."""
    return works.kept(RowStore)


def sample_reader() -> SampleReader:
    """Return what reads that store back, inside the work of whoever asks."""
    return _READER
