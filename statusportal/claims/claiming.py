"""Taking a machine with its secret, and the limits that make guessing hopeless."""

from dataclasses import replace
from uuid import UUID

from limits import RateLimitItemPerHour
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select

from statusportal.access.actor import Actor
from statusportal.access.counting import Counters
from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.audit.service import record_act
from statusportal.claims.errors import ClaimRefused, DeviceHasOwner
from statusportal.claims.models import ClaimSecret
from statusportal.claims.queries import is_open
from statusportal.claims.secrets import Mistyped, read_claim_secret
from statusportal.claims.service import withdraw_open_secrets
from statusportal.config import Settings
from statusportal.credentials.issuing import hand_on_credentials
from statusportal.custody.transferring import transfer_device
from statusportal.fleet.models import Ownership
from statusportal.fleet.queries import ownership_at
from statusportal.foundation.errors import Invalid, Sentence, TooMany
from statusportal.foundation.ids import secret_digest
from statusportal.work import Work

_WINDOW_S = 3600
# One address stands for an office, and the portal for everybody: each may miss this many times as often as a person.
_ADDRESS, _PORTAL = 5, 100
_tries = MovingWindowRateLimiter(Counters())


def claim_device(work: Work, typed: str, claimer: Actor, organisation_id: UUID, address: str) -> UUID:
    """Take a device out of stock for an organisation of the claimer's, from now, and return its id.

    Shape: the work is the portal's own, since neither secret nor stock is in the claimer's sight; the log names the
    claimer. A slip of the finger is told without a look at what secrets there are, so it costs no try.
    Raises: Forbidden, Invalid, ClaimRefused, TooMany, DeviceHasOwner.
    """
    require(claimer, Permission.DEVICE_CLAIM, organisation_id)
    try:
        secret = read_claim_secret(typed)
    except Mistyped as err:
        raise Invalid.field("/secret", err.sentence) from err
    tries = _Tries(work.settings, str(claimer.person_id), address)
    tries.count()
    row = _find_open(work, secret)
    if row is None:
        tries.miss()
        raise ClaimRefused
    tries.forget()
    return _take(work, row, claimer, organisation_id)


def record_refused_claim(work: Work) -> None:
    """Log that a secret opened nothing, in work of its own since the refused one is rolled back."""
    record_act(work, "claim.refused", "claim", "unknown")


def _find_open(work: Work, secret: str) -> ClaimSecret | None:
    """Return the open secret, held until the work is done: of two at once, the second finds it spent.

    One look-up by digest, whatever the secret is: unknown, spent, withdrawn and expired take the same time.
    """
    query = select(ClaimSecret).where(ClaimSecret.secret_digest == secret_digest(secret), is_open(work.now))
    return work.session.scalar(query.with_for_update())


def _take(work: Work, row: ClaimSecret, claimer: Actor, organisation_id: UUID) -> UUID:
    present = ownership_at(work, row.device_id, work.now)
    if present is None or present.id != row.ownership_id:
        raise DeviceHasOwner(Sentence("This machine has an owner. Ask them to hand it over to you."))
    row.used_at = work.now
    work.session.flush()
    withdraw_open_secrets(work, row.device_id)
    taken = transfer_device(work, row.device_id, organisation_id)
    hand_on_credentials(work, row.device_id, row.organisation_id, organisation_id)
    _record(replace(work, actor=claimer), row, taken)
    return row.device_id


def _record(work: Work, row: ClaimSecret, taken: Ownership) -> None:
    codes: dict[str, str | float | None] = {"claim_id": str(row.id), "ownership_id": str(taken.id)}
    record_act(work, "device.claimed", "device", row.device_id, organisation_id=taken.organisation_id, **codes)


class _Tries:
    """How often a person, an address, and everybody together may miss in an hour; 0 turns it off.

    A person's try is counted before the look-up, so that many at once gain nothing, and a right secret takes it back.
    The wide places count misses alone: who is over their own limit cannot use up everybody's.
    """

    def __init__(self, settings: Settings, person: str, address: str) -> None:
        # The data folder keeps two portals in one process apart, as in tests.
        portal, allowed = settings.instance_dir, settings.claim_tries_per_hour
        self._is_off = allowed == 0
        self._own = (RateLimitItemPerHour(allowed), (portal, "person", person))
        self._wide = (
            (RateLimitItemPerHour(allowed * _ADDRESS), (portal, "address", address)),
            (RateLimitItemPerHour(allowed * _PORTAL), (portal, "everybody")),
        )

    def count(self) -> None:
        if self._is_off:
            return
        item, key = self._own
        is_open = all(_tries.test(wide, *place) for wide, place in self._wide)
        if not is_open or not _tries.hit(item, *key):
            words = Sentence("Too many secrets that opened nothing. Try again in an hour.")
            raise TooMany(words, retry_after_s=_WINDOW_S)

    def miss(self) -> None:
        for item, key in () if self._is_off else self._wide:
            _tries.hit(item, *key)

    def forget(self) -> None:
        item, key = self._own
        _tries.clear(item, *key)
