"""The portal as a connection's sink: serial numbers become devices, readings become durable, strangers are listed."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from devices.errors import SinkRefused, SinkUnavailable
from devices.formats.protocol import Reject
from devices.protocol import Receipt
from devices.reading import Reading
from devices.sentence import Sentence, joined, placed
from statusportal.access.actor import SYSTEM
from statusportal.catalogue.modelling import ModelWords, create_model
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.queries import find_model
from statusportal.connections.models import Connection
from statusportal.connections.reporting import forget_unknown_serials
from statusportal.fleet.queries import devices_by_serial
from statusportal.fleet.service import create_device
from statusportal.foundation.errors import Conflict, Invalid, Overloaded, PortalError
from statusportal.ingest.connection_ledger import Ledger
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.telemetry.store.port import Rejection
from statusportal.work import Work, Works

SERIAL_MOST = 100
REASONS_SHOWN = 3
_RETRY_S = 2.0
_AT_ONCE = 5_000


class PortalSink:
    """Store what one connection brings, for the devices that its organisation has now."""

    def __init__(self, works: Works, connection: Connection, ledger: Ledger) -> None:
        self._works = works
        self._organisation_id = connection.organisation_id
        self._connection_id = connection.id
        self._connection_name = connection.name
        self._is_creating = connection.is_creating_devices
        self._model_id = connection.model_id
        self._ledger = ledger

    def store(self, readings: Sequence[Reading]) -> Receipt:
        """Keep the readings of known machines on stable storage; list the others and refuse their samples.

        Raises: SinkUnavailable when the store takes nothing now: the same readings come again.
        """
        try:
            receipts = [
                self._store_some(readings[start : start + _AT_ONCE], start)
                for start in range(0, len(readings), _AT_ONCE)
            ]
        except Overloaded as err:
            raise SinkUnavailable(portal_reason(err), err.retry_after_s) from err
        except (OperationalError, InterfaceError, PoolExhausted) as err:
            raise SinkUnavailable(Sentence("The database does not answer."), _RETRY_S) from err
        except PortalError as err:
            raise SinkRefused(portal_reason(err)) from err
        return _summed(receipts)

    def _store_some(self, readings: Sequence[Reading], offset: int) -> Receipt:
        known = self._known_serials(readings)
        rejects = self._refuse_strangers(readings, known, offset)
        places = [index for index, reading in enumerate(readings) if reading.serial in known]
        if not places:
            return Receipt(rejected=tuple(rejects))
        source = Source.connection(self._connection_id, self._organisation_id)
        chosen = [readings[place] for place in places]
        stored = store_readings(self._works, source, chosen, [offset + place for place in places])
        self._tell_refused(stored.rejected)
        rejects += [Reject(one.index, one.signal, one.detail) for one in stored.rejected]
        return Receipt(stored.accepted, stored.duplicates, stored.conflicts, tuple(rejects))

    def _refuse_strangers(self, readings: Sequence[Reading], known: Container[str], offset: int) -> list[Reject]:
        rejects, heard = [], Counter[str]()
        for index, reading in enumerate(readings, offset):
            if reading.serial not in known:
                serial = str(reading.serial)[:SERIAL_MOST]
                heard[serial] += 1
                stranger = Sentence("No device has the serial number %(serial)s.", serial=repr(serial))
                rejects.append(Reject(index, reading.signal, stranger))
        if heard:
            self._ledger.hear_unknown(heard)
        return rejects

    def _known_serials(self, readings: Iterable[Reading]) -> set[str]:
        serials = {reading.serial for reading in readings if reading.serial and len(reading.serial) <= SERIAL_MOST}
        with self._works.reading(SYSTEM) as work:
            known = set(devices_by_serial(work, self._organisation_id, serials))
        missing = sorted(serials - known)
        if missing and self._is_creating:
            known |= self._create(missing)
        return known

    def _create(self, serials: list[str]) -> set[str]:
        created = set()
        for serial in serials:
            try:
                with self._works.writing(SYSTEM) as work:
                    create_device(work, self._organisation_id, self._model(work).id, serial)
                    forget_unknown_serials(work, self._organisation_id, self._connection_id, [serial])
            except (Conflict, Invalid) as err:
                self._ledger.refuse(
                    Sentence(
                        "No device could be made for %(serial)s: %(reason)s",
                        serial=repr(serial),
                        reason=portal_reason(err),
                    )
                )
            else:
                created.add(serial)
        return created

    def _model(self, work: Work) -> DeviceModel:
        """Return the chosen model, or an empty and open one that this connection's machines get."""
        chosen = find_model(work, self._model_id) if self._model_id else None
        slug = f"connection-{self._connection_id}"
        return chosen or find_model(work, slug) or create_model(work, slug, ModelWords(name=self._connection_name))

    def _tell_refused(self, rejections: Iterable[Rejection]) -> None:
        reasons = Counter(placed(one.signal, one.detail) if one.signal else one.detail for one in rejections)
        for reason, count in reasons.most_common(REASONS_SHOWN):
            several = Sentence("%(reason)s (%(count)s samples)", reason=reason, count=count)
            self._ledger.refuse(several if count > 1 else reason)


def _summed(receipts: Sequence[Receipt]) -> Receipt:
    return Receipt(
        sum(one.accepted for one in receipts),
        sum(one.duplicates for one in receipts),
        sum(one.conflicts for one in receipts),
        tuple(reject for one in receipts for reject in one.rejected),
    )


def portal_reason(err: PortalError) -> Sentence:
    """Say what the portal says, field by field where it is about fields."""
    if isinstance(err, Invalid):
        return joined(placed(one.pointer, _as_sentence(one.detail)) for one in err.errors)
    return _as_sentence(err.detail or str(err))


def _as_sentence(detail: str) -> Sentence:
    return detail if isinstance(detail, Sentence) else Sentence.quoting(detail)
