"""The sample store as one row a sample: plain, and the measure for what will take its place behind the port."""

import hashlib
import itertools
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import OperationalError

from devices.sentence import Sentence
from statusportal.fleet.models import Device
from statusportal.foundation.errors import Overloaded
from statusportal.foundation.ids import new_id
from statusportal.telemetry.models import JournalEntry, SampleConflict, Signal
from statusportal.telemetry.store.admission import admit
from statusportal.telemetry.store.port import Batch, Receipt
from statusportal.telemetry.store.sorting import Admitted, Clash, Group, KnownSignal, new_names, refuse_beyond
from statusportal.telemetry.store.statements import SampleRow, Statements, chunks, statements_for
from statusportal.telemetry.vocabulary import Packed, pack, unpack
from statusportal.work import GroupCommit, Work, Works

MOST_WAITING = 256

_SIGNAL = Signal.__table__
_SET_NEWEST = (
    update(Signal)
    .where(Signal.device_id == bindparam("in_device"), Signal.number == bindparam("in_number"))
    .values(
        last_at_ms=bindparam("at_ms"),
        last_kind=bindparam("kind"),
        last_real=bindparam("real"),
        last_text=bindparam("text"),
        last_quality=bindparam("quality"),
    )
)


class RowStore:
    """Keep each sample as a row of `sample`, and tell followers through the journal in the same commit."""

    def __init__(self, works: Works) -> None:
        self._most_signals = works.settings.signals_per_device
        self._statements: Statements = statements_for(works.engine.dialect.name)
        self._group = GroupCommit(works, self._store, most_waiting=MOST_WAITING)
        self._writer = new_id()
        self._sequence = itertools.count(1)
        self._callbacks: list[Callable[[], None]] = []

    def on_append(self, callback: Callable[[], None]) -> None:
        """Call back after each append that stored something, in the sender's thread."""
        self._callbacks.append(callback)

    def append(self, batch: Batch) -> Receipt:
        """Return once the batch is on stable storage.

        Raises: Overloaded when too many wait already, or the database takes nothing now.
        """
        samples, rejections = admit(batch)
        if not samples:
            return Receipt(rejected=tuple(rejections))
        try:
            receipt = self._group.submit(Admitted(batch, samples, rejections))
        except OperationalError as err:
            raise Overloaded(Sentence("The store cannot keep anything now. Send the same again later."), 5) from err
        if receipt.accepted:
            for callback in self._callbacks:
                callback()
        return receipt

    def _store(self, work: Work, items: Sequence[Admitted]) -> list[Receipt]:
        connection = work.session.connection()
        devices = {sample.device_id for item in items for sample in item.samples}
        _hold(connection, devices)
        group = Group(_signals_of(connection, devices))
        items = self._begin_signals(work, connection, items, group)
        doubtful = group.doubtful_keys(items)
        stored = self._statements.existing(connection, doubtful) if doubtful else {}
        receipts = [group.sort_out(item, stored) for item in items]
        if group.rows:
            self._statements.insert(connection, group.rows)
            _move_newest(connection, group)
            self._tell(work, connection, group)
        if group.clashes:
            _keep_conflicts(work, connection, group.clashes)
        return receipts

    def _begin_signals(
        self, work: Work, connection: Connection, items: Sequence[Admitted], group: Group
    ) -> Sequence[Admitted]:
        """Number the signals that are new; the rows of their devices are held, so that no other process numbers too."""
        begun = new_names(items, group.signals)
        if not begun:
            return items
        counts = _counts(group.signals)
        items = refuse_beyond(items, begun, counts, self._most_signals)
        rows = []
        for device_id, names in new_names(items, group.signals).items():
            for number, name in enumerate(names, counts.get(device_id, 0) + 1):
                group.signals[device_id, name] = KnownSignal(number, None)
                rows.append({"device_id": device_id, "number": number, "name": name, "first_at": work.now})
        if rows:
            connection.execute(insert(Signal), rows)
        return items

    def _tell(self, work: Work, connection: Connection, group: Group) -> None:
        # A sequence number that was given to a commit that failed stays unused: a gap harms nobody.
        row = {
            "writer": self._writer,
            "sequence": next(self._sequence),
            "committed_at": work.now,
            "body": msgspec.msgpack.encode(group.arrivals),
        }
        connection.execute(insert(JournalEntry), [row])


def _hold(connection: Connection, device_ids: set[UUID]) -> None:
    """Keep other processes from storing samples of the same devices until the commit.

    One kind of lock, taken first and in one order: two processes never wait for each other crosswise. SQLite has one
    writer.
    """
    if connection.dialect.name == "sqlite":
        return
    for ids in chunks(sorted(device_ids)):
        held = select(Device.id).where(Device.id.in_(ids)).order_by(Device.id).with_for_update(key_share=True)
        connection.execute(held)


def _signals_of(connection: Connection, device_ids: set[UUID]) -> dict[tuple[UUID, str], KnownSignal]:
    """Read what is known of the signals of devices that are held."""
    known = {}
    for ids in chunks(device_ids):
        query = (
            select(_SIGNAL.c.device_id, _SIGNAL.c.name, _SIGNAL.c.number, _SIGNAL.c.last_at_ms)
            .where(_SIGNAL.c.device_id.in_(ids))
            .order_by(_SIGNAL.c.device_id, _SIGNAL.c.number)
        )
        for device_id, name, number, last_at_ms in connection.execute(query):
            known[device_id, name] = KnownSignal(number, last_at_ms)
    return known


def _counts(signals: dict[tuple[UUID, str], KnownSignal]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    for device_id, _ in signals:
        counts[device_id] = counts.get(device_id, 0) + 1
    return counts


def _move_newest(connection: Connection, group: Group) -> None:
    before = {(device_id, one.number): one.last_at_ms for (device_id, _), one in group.signals.items()}
    moved: list[SampleRow] = []
    for series, row in group.newest.items():
        last_at_ms = before[series]
        if last_at_ms is None or row[2] > last_at_ms:
            moved.append(row)
    if moved:
        names = ("in_device", "in_number", "at_ms", "kind", "real", "text", "quality")
        connection.execute(_SET_NEWEST, [dict(zip(names, row, strict=True)) for row in moved])


def _keep_conflicts(work: Work, connection: Connection, clashes: Sequence[Clash]) -> None:
    """Keep each refused value once, however often it is sent again."""
    rows = {}
    for clash in clashes:
        refused = str(unpack(*pack(clash.sample.value)))
        identity = f"{clash.sample.device_id}|{clash.sample.signal}|{clash.sample.at_ms}|{refused}|{clash.source}"
        conflict_id = UUID(bytes=hashlib.sha256(identity.encode()).digest()[:16])
        rows[conflict_id] = {
            "device_id": clash.sample.device_id,
            "id": conflict_id,
            "signal_name": clash.sample.signal,
            "at_ms": clash.sample.at_ms,
            "kept": _shown(clash.kept),
            "refused": refused,
            "source": clash.source,
            "seen_at": work.now,
        }
    known = set(connection.scalars(select(SampleConflict.id).where(SampleConflict.id.in_(list(rows)))))
    fresh = [row for conflict_id, row in rows.items() if conflict_id not in known]
    if fresh:
        connection.execute(insert(SampleConflict), fresh)


def _shown(packed: Packed) -> str:
    return str(unpack(*packed))
