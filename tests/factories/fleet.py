"""Models, devices and who has them, made by the portal's own verbs."""

import itertools
from datetime import datetime

from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation, Person
from statusportal.catalogue.modelling import (
    LimitWords,
    ModelWords,
    SignalWords,
    create_model,
    declare_signal,
    set_limit,
)
from statusportal.catalogue.models import DeviceModel
from statusportal.catalogue.vocabulary import Side
from statusportal.credentials.issuing import issue_device_credential, issue_gateway_credential
from statusportal.custody.granting import grant_access, revoke_grant
from statusportal.custody.transferring import transfer_device
from statusportal.fleet.models import AccessGrant, Device, Ownership
from statusportal.fleet.queries import ownership_at
from statusportal.fleet.service import create_device
from statusportal.foundation.vocabulary import Health
from statusportal.work import Works

_numbers = itertools.count(1)


def make_model(works: Works, slug: str = "", *, is_strict: bool = False, expected_interval_s: int = 60) -> DeviceModel:
    """Make a model without signals; open unless it is asked to be strict."""
    slug = slug or f"model-{next(_numbers)}"
    words = ModelWords(name=slug.capitalize(), is_strict=is_strict, expected_interval_s=expected_interval_s)
    with works.writing(SYSTEM) as work:
        return create_model(work, slug, words)


def make_limit(
    works: Works,
    model: DeviceModel,
    signal_name: str = "temperature",
    code: str = "temperature_high",
    *,
    threshold: float = 80.0,
    side: Side = Side.HIGH,
    hysteresis: float = 2.0,
    duration_s: int = 0,
    health: Health = Health.OFF_SPEC,
    unit: str = "°C",
) -> None:
    """Declare a signal on a model with one limit."""
    words = LimitWords(side=side, threshold=threshold, hysteresis=hysteresis, duration_s=duration_s, health=health)
    with works.writing(SYSTEM) as work:
        declare_signal(work, model.id, signal_name, SignalWords(unit=unit, label_en=signal_name.capitalize()))
        set_limit(work, model.id, signal_name, code, words)


def make_device(
    works: Works,
    organisation: Organisation,
    serial: str = "",
    model: DeviceModel | None = None,
    *,
    name: str = "",
    site: str = "",
    from_at: datetime | None = None,
) -> Device:
    """Make a device that the organisation has from `from_at`, or from now; of a model of its own if none is given."""
    kind = model or make_model(works)
    with works.writing(SYSTEM) as work:
        return create_device(work, organisation.id, kind.id, serial or f"SN-{next(_numbers)}", name, site, from_at)


def make_transfer(works: Works, device: Device, buyer: Organisation) -> Ownership:
    """Hand a device over now."""
    with works.writing(SYSTEM) as work:
        return transfer_device(work, device.id, buyer.id)


def make_grant(
    works: Works,
    device: Device,
    receiver: Organisation | Person,
    rights: Right = Right.VIEW,
    *,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> AccessGrant:
    """Let somebody at a device."""
    with works.writing(SYSTEM) as work:
        return grant_access(work, device.id, receiver, rights, from_at, to_at)


def end_grant(works: Works, grant: AccessGrant) -> None:
    """Revoke a grant now."""
    with works.writing(SYSTEM) as work:
        revoke_grant(work, grant.id)


def device_token(works: Works, device: Device) -> str:
    """Issue a token for a device and return its secret."""
    with works.writing(SYSTEM) as work:
        return issue_device_credential(work, device.id)[1]


def gateway_token(works: Works, organisation: Organisation) -> str:
    """Issue a token for a gateway and return its secret."""
    with works.writing(SYSTEM) as work:
        return issue_gateway_credential(work, organisation.id)[1]


def present_ownership_of(works: Works, device: Device) -> Ownership:
    """Return who has a device now."""
    with works.reading(SYSTEM) as work:
        found = ownership_at(work, device.id, work.now)
        assert found is not None
        return found
