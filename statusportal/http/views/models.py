"""View models of the administration of device models, devices and their credentials."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.devices import Connectivity
from statusportal.http.views.shell import Form, Health, Option, Pages


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model in a list."""

    id: str
    name: str
    slug: str
    signals: int
    devices: int
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """Template `admin/models.html`. `form` creates one: name, slug."""

    models: tuple[ModelRow, ...]
    form: Form = field(default_factory=Form)
    pages: Pages = field(default_factory=Pages)


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal of a model with its limits.

    Fields sent by its editor: name, label, unit, kind, decimals, low, high, health (what leaving the limits means),
    pending_s (how long it must last).
    """

    id: str
    name: str
    label: str
    unit: str
    kind: str
    decimals: int | None = None
    low: float | None = None
    high: float | None = None
    health: Health = "off_spec"
    pending_s: int = 0
    form: Form = field(default_factory=Form)
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Template `admin/model.html`. `form`: name, expected_interval_s, is_strict. `new_signal` is the empty editor."""

    id: str
    name: str
    slug: str
    devices: int
    form: Form
    signals: tuple[SignalRow, ...]
    new_signal: Form = field(default_factory=Form)
    kinds: tuple[Option, ...] = ()
    healths: tuple[Health, ...] = ("off_spec", "maintenance_required", "check_function", "failure")


@dataclass(frozen=True, slots=True)
class AdminDeviceRow:
    """A device in the administration's list."""

    id: str
    name: str
    serial: str
    model: str
    organisation: str
    health: Health
    connectivity: Connectivity


@dataclass(frozen=True, slots=True)
class AdminDevicesPage:
    """Template `admin/devices.html`."""

    devices: tuple[AdminDeviceRow, ...]
    query: str = ""
    pages: Pages = field(default_factory=Pages)


@dataclass(frozen=True, slots=True)
class OwnershipRow:
    """Who owned it from when to when; `to_at` None is the owner now."""

    organisation: str
    from_at: datetime
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A token of a machine or gateway: never the token itself, only how it begins."""

    id: str
    label: str
    prefix: str
    created_at: datetime
    used_at: datetime | None = None
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class AdminDevicePage:
    """Template `admin/device.html`; `id` empty makes a new device.

    `form`: name, serial, model, organisation, site. `owner_form` hands it over: organisation, from.
    `token` is a credential that was just made: shown once.
    """

    id: str
    name: str
    form: Form
    models: tuple[Option, ...]
    organisations: tuple[Option, ...]
    ownerships: tuple[OwnershipRow, ...] = ()
    credentials: tuple[CredentialRow, ...] = ()
    owner_form: Form = field(default_factory=Form)
    token: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class CredentialsPage:
    """Template `admin/credentials.html`: gateway tokens of organisations. `form`: organisation, label."""

    credentials: tuple[CredentialRow, ...]
    organisations: tuple[Option, ...]
    form: Form = field(default_factory=Form)
    token: str = ""
