"""The desk of the listener: who a machine is, and what becomes of its messages.

It waits for the database, so it is asked from threads of its own and never from the loop that serves the sockets.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
import structlog
from limits import parse
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from statusportal.access.actor import SYSTEM, Actor
from statusportal.access.counting import Counters
from statusportal.access.vocabulary import ActorKind
from statusportal.credentials.recognising import machines_of_credentials, note_credential_used
from statusportal.foundation.errors import Overloaded, TooMany
from statusportal.foundation.ids import secret_digest
from statusportal.http.identity import actor_of_bearer, actor_of_fingerprint
from statusportal.ingest.metrics import count_receipt
from statusportal.ingest.mqtt.packets import Reason
from statusportal.ingest.mqtt.parcels import Parcel, portions
from statusportal.ingest.mqtt.session import RECEIVE_MAXIMUM
from statusportal.ingest.rates import WINDOW_S, most_at_once
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from statusportal.telemetry.store.port import Receipt, Rejection
from statusportal.work import Works

log = structlog.get_logger()

_TOKENS_REMEMBERED: Final = 10_000
_WAIT_S: Final = 1.0
_PORTION: Final = 10_000
_AWAY = (OperationalError, InterfaceError, PoolExhausted)


class StoreWaits(Exception):
    """Say that nothing was kept now, and after how many seconds the same may be tried again."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks to be let in: the address, a token as user name, and the certificate that TLS has proved."""

    address: str
    token: str
    certificate: bytes | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """Who was let in."""

    credential_id: UUID
    source: Source


class Desk:
    """Sign machines in and keep their messages, by the same ways as the HTTP edge."""

    def __init__(self, works: Works) -> None:
        self._works = works
        self._misses = MovingWindowRateLimiter(Counters())
        # Digests of tokens that opened something: who comes with one of them is not guessing.
        self._known: OrderedDict[str, None] = OrderedDict()

    def sign_in(self, caller: Caller) -> Machine | Reason:
        """Return the machine behind a token, or behind a certificate where no token came; or why there is none."""
        if not caller.token and caller.certificate is None:
            return Reason.NO_USER_NAME
        per_minute = self._works.settings.mqtt_tries_per_minute
        limit = parse(f"{per_minute or 1}/minute")
        digest = secret_digest(caller.token) if caller.token else ""
        if per_minute and digest not in self._known and not self._misses.test(limit, caller.address):
            return Reason.TOO_MANY_TRIES
        try:
            actor = self._actor_of(caller)
        except SQLAlchemyError:
            return Reason.UNAVAILABLE
        if actor is None or actor.kind is not ActorKind.MACHINE or actor.credential_id is None:
            self._misses.hit(limit, caller.address)
            log.info("mqtt.turned_away", address=caller.address)
            return Reason.NOT_AUTHORIZED
        if digest:
            self._remember(digest)
        return Machine(actor.credential_id, Source.machine(actor))

    def keep(self, source: Source, parcels: Sequence[Parcel]) -> None:
        """Store what the parcels of one machine hold, and give each its verdict.

        Raises: StoreWaits when those still without a verdict were not kept, and may come again as they are.
        """
        most = min(
            filter(None, (self._works.settings.samples_per_request, most_at_once(self._works, source))), default=0
        )
        for parcel in parcels:
            if parcel.is_sealed:
                parcel.open(most, is_gateway=source.device_id is None)
                count_receipt(Receipt(rejected=tuple(parcel.rejections)))
        for portion in portions(parcels, most or _PORTION):
            self._store(source, portion)

    def still_open(self, credential_ids: Collection[UUID], used: Collection[UUID]) -> set[UUID]:
        """Return which of the credentials still open something; those in `used` are noted as used where that is due.

        Raises: StoreWaits when the database does not say.
        """
        try:
            with self._works.reading(SYSTEM) as work:
                machines = machines_of_credentials(work, credential_ids)
            for machine in machines:
                if machine.is_touch_due and machine.credential_id in used:
                    with self._works.writing(SYSTEM) as work:
                        note_credential_used(work, machine.credential_id)
        except SQLAlchemyError as err:
            raise StoreWaits(_WAIT_S) from err
        return {machine.credential_id for machine in machines}

    def limits_answer(self, source: Source, packet_maximum: int) -> bytes:
        """Write what a client of ThingsBoard's is told when it asks for its limits.

        Source: ThingsBoard's client for Python, which paces itself by it and waits until it is told.
        """
        settings = self._works.settings
        is_gateway = source.device_id is None
        per_second = settings.gateway_samples_per_second if is_gateway else settings.samples_per_second
        points = f"{per_second * WINDOW_S}:{WINDOW_S}" if per_second else ""
        limits = {"messages": "", "telemetryMessages": "", "telemetryDataPoints": points}
        answer = {"maxPayloadSize": packet_maximum, "maxInflightMessages": RECEIVE_MAXIMUM, "rateLimits": limits}
        return msgspec.json.encode(answer | ({"gatewayRateLimits": limits} if is_gateway else {}))

    def _actor_of(self, caller: Caller) -> Actor | None:
        if caller.token:
            return actor_of_bearer(self._works, caller.token)
        return actor_of_fingerprint(self._works, hashlib.sha256(caller.certificate or b"").hexdigest())

    def _remember(self, digest: str) -> None:
        self._known[digest] = None
        self._known.move_to_end(digest)
        if len(self._known) > _TOKENS_REMEMBERED:
            self._known.popitem(last=False)

    def _store(self, source: Source, parcels: Sequence[Parcel]) -> None:
        readings = [reading for parcel in parcels for reading in parcel.readings]
        try:
            receipt = store_readings(self._works, source, readings)
        except TooMany as err:
            raise StoreWaits(err.retry_after_s) from err
        except (Overloaded, *_AWAY) as err:
            raise StoreWaits(_WAIT_S) from err
        owners = [parcel for parcel in parcels for _ in parcel.readings]
        refused: dict[int, list[Rejection]] = {}
        for rejection in receipt.rejected:
            refused.setdefault(id(owners[rejection.index]), []).append(rejection)
        for parcel in parcels:
            parcel.close(refused.get(id(parcel), ()))
