"""The first of the two steps: store. Readings are answered once they are durable; what they mean comes after.

The second is `follow`. A kill between the two delays a status and never loses it.
"""

from collections.abc import Sequence

from devices.reading import Reading
from statusportal.access.actor import SYSTEM
from statusportal.ingest.metrics import count_receipt
from statusportal.ingest.rates import spend
from statusportal.ingest.sources import Source, address
from statusportal.telemetry.store.opening import sample_store
from statusportal.telemetry.store.port import Receipt
from statusportal.work import Works


def store_readings(
    works: Works, source: Source, readings: Sequence[Reading], positions: Sequence[int] | None = None
) -> Receipt:
    """Keep readings of a source on stable storage, and say what became of each.

    Shape: `positions` are the readings' places in the sender's list, their order where None; rejections name them.
    Raises: TooMany over the source's rate, Overloaded when the store takes nothing now. Nothing was kept then.
    """
    spend(works, source, len(readings))
    with works.reading(SYSTEM) as work:
        batch = address(work, source, readings, positions or range(len(readings)))
    receipt = sample_store(works).append(batch)
    count_receipt(receipt)
    return receipt
