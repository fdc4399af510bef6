"""Verbs of tuning: give a device a limit of its own, and take it back."""

from dataclasses import dataclass
from uuid import UUID

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.audit.service import record_act_of_device
from statusportal.catalogue.profiling import profile_of
from statusportal.catalogue.queries import rules_of
from statusportal.catalogue.vocabulary import ModelRules
from statusportal.fleet.queries import device_for
from statusportal.fleet.service import ownership_for
from statusportal.foundation.errors import Faults, NotFound, Sentence
from statusportal.profiles.checking import check_profile
from statusportal.tuning.models import DeviceLimit
from statusportal.tuning.vocabulary import REASON_CHARACTERS, Band, band_of, forced
from statusportal.work import Work


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A device's own numbers for a rule, and why, for everybody who reads the device. Units: those of the rule."""

    band: Band
    reason: str


def set_own_limit(work: Work, device_id: UUID, code: str, own: OwnLimit) -> DeviceLimit:
    """Judge a device by its own numbers from the next sample on; to do it again replaces them.

    Raises: NotFound, also for a code without limits; Forbidden; Invalid with fields named as in `/high`.
    """
    device = device_for(work, device_id)
    ownership = ownership_for(work, device_id, Permission.DEVICE_TUNE, Right.MANAGE)
    rules = rules_of(work, [device.model_id])[device.model_id]
    models = band_of(rules, code)
    if models is None:
        raise NotFound
    faults = Faults()
    reason = faults.line("/reason", own.reason, most=REASON_CHARACTERS)
    _check_band(faults, own.band, models)
    if not faults.errors:
        _check_forced(faults, rules, code, own.band)
    faults.close()
    key = (ownership.organisation_id, device_id, ownership.id, code)
    row = work.session.get(DeviceLimit, key, with_for_update=True)
    if row is None:
        row = DeviceLimit(
            organisation_id=ownership.organisation_id, device_id=device_id, ownership_id=ownership.id, code=code
        )
        work.session.add(row)
    row.low, row.high, row.reason, row.at = own.band.low, own.band.high, reason, work.now
    row.person_id, row.person_role = work.actor.person_id, work.actor.badge_in(ownership.organisation_id)
    work.session.flush()
    _record(work, "device.limit_set", row)
    return row


def remove_own_limit(work: Work, device_id: UUID, code: str) -> None:
    """Judge a device by its model's numbers again; one without its own is left as it is.

    Raises: NotFound, Forbidden.
    """
    ownership = ownership_for(work, device_id, Permission.DEVICE_TUNE, Right.MANAGE)
    key = (ownership.organisation_id, device_id, ownership.id, code)
    row = work.session.get(DeviceLimit, key, with_for_update=True)
    if row is not None:
        work.session.delete(row)
        work.session.flush()
        _record(work, "device.limit_removed", row)


def _check_band(faults: Faults, own: Band, models: Band) -> None:
    """Let a device have its own number where its model has one, and no other."""
    if own.low is None and own.high is None:
        faults.note("/high" if models.high is not None else "/low", Sentence("is missing: say the machine's own limit"))
    for field in ("low", "high"):
        if getattr(own, field) is not None and getattr(models, field) is None:
            faults.note(f"/{field}", Sentence("is not a limit of this rule"))


def _check_forced(faults: Faults, rules: ModelRules, code: str, own: Band) -> None:
    """Hold the device's own numbers to what is asked of its model's."""
    profile = profile_of("x", forced(rules, code, own))
    found = Faults()
    check_profile(found, profile)
    for error in found.errors:
        _, table, index, *field = error.pointer.split("/")
        if table == "rules" and profile.rules[int(index)].code == code:
            name = field[0] if field[:1] in (["low"], ["high"]) else "high" if own.high is not None else "low"
            faults.note(f"/{name}", error.detail)


def _record(work: Work, act: str, row: DeviceLimit) -> None:
    record_act_of_device(
        work, row.device_id, act, "condition", row.code, organisation_id=row.organisation_id, code=row.code
    )
