"""View models of the administration of device models, devices and their credentials."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.devices import Connectivity
from statusportal.http.views.rules import AlarmCodeRow, RuleRow, VersionRow
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
class LimitRow:
    """A limit of a signal and its editor.

    Fields: code, side, threshold, hysteresis, duration_s, health, sentence_en, sentence_da, advice_en, advice_da.
    """

    code: str
    side: str
    threshold: float
    health: Health
    form: Form


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal of a model with its limits; `low` and `high` are the narrowest of them, `health` the worst.

    Fields of its editor: name, label_en, label_da, unit, kind, decimals, position, nature, expected_interval_s, lowest,
    highest, values. `new_limit` is the empty editor.
    """

    name: str
    label: str
    unit: str
    kind: str
    decimals: int | None = None
    low: float | None = None
    high: float | None = None
    health: Health = "off_spec"
    form: Form = field(default_factory=Form)
    limits: tuple[LimitRow, ...] = ()
    new_limit: Form = field(default_factory=Form)
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ModelDevice:
    """A device of the model, and who has it now."""

    id: str
    name: str
    serial: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Template `admin/model.html`. `form`: name, expected_interval_s, is_strict, description.

    `rules` are told in sentences, `codes` are the catalogue with an editor each, `versions` the newest ones.

    `new_signal` is the empty editor. Every form carries `version`, so that two editors do not undo each other.
    """

    id: str
    name: str
    slug: str
    devices: int
    form: Form
    signals: tuple[SignalRow, ...]
    new_signal: Form = field(default_factory=Form)
    kinds: tuple[Option, ...] = ()
    sides: tuple[Option, ...] = ()
    healths: tuple[Health, ...] = ("off_spec", "maintenance_required", "check_function", "failure")
    version: int = 1
    machines: tuple[ModelDevice, ...] = ()
    natures: tuple[Option, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    codes: tuple[AlarmCodeRow, ...] = ()
    new_code: Form = field(default_factory=Form)
    versions: tuple[VersionRow, ...] = ()


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
    can_add: bool = True


@dataclass(frozen=True, slots=True)
class OwnershipRow:
    """Who owned it from when to when, half-open; `is_ahead` has not begun yet."""

    organisation: str
    from_at: datetime
    to_at: datetime | None = None
    is_now: bool = False
    is_ahead: bool = False


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Who was let at a device by its owner, with what rights, until when; `to_at` None is until it is taken back."""

    id: str
    receiver: str
    from_at: datetime
    to_at: datetime | None = None
    may_comment: bool = False
    is_ahead: bool = False


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """What a machine or gateway signs in with: never the token itself, since only its hash is kept.

    `fingerprint` is that of a certificate, which is good from `starts_at` to `expires_at`; a token with an `expires_at`
    was given its last hour. `is_replaced` ends when its successor is first used, `is_waiting` is that successor.
    """

    id: str
    label: str
    created_at: datetime
    used_at: datetime | None = None
    organisation: str = ""
    is_revoked: bool = False
    fingerprint: str = ""
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    is_replaced: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class AdminDevicePage:
    """Template `admin/device.html`; `id` empty makes a new device.

    `form`: name, site, firmware, installed_on; for a new one also serial, model, organisation. `owner_form` hands it
    over: organisation, from. `grant_form` lets an organisation at it: to, rights, until. `token_form` names a token:
    label. `certificate_form`
    lets a certificate in: certificate, pem_file, name. `token` is a credential that was just made: shown once, with
    lines that try it; over MQTT where the portal listens for it.
    """

    id: str
    name: str
    form: Form
    models: tuple[Option, ...]
    organisations: tuple[Option, ...]
    serial: str = ""
    model: str = ""
    ownerships: tuple[OwnershipRow, ...] = ()
    credentials: tuple[CredentialRow, ...] = ()
    grants: tuple[GrantRow, ...] = ()
    receivers: tuple[Option, ...] = ()
    rights: tuple[Option, ...] = ()
    owner_form: Form = field(default_factory=Form)
    grant_form: Form = field(default_factory=Form)
    token_form: Form = field(default_factory=Form)
    certificate_form: Form = field(default_factory=Form)
    token: str = ""
    example: str = ""
    mqtt_example: str = ""
    is_owned: bool = True
    can_transfer: bool = True


@dataclass(frozen=True, slots=True)
class CredentialsPage:
    """Template `admin/credentials.html`: gateway tokens of organisations. `form`: organisation, label."""

    credentials: tuple[CredentialRow, ...]
    organisations: tuple[Option, ...]
    form: Form = field(default_factory=Form)
    token: str = ""
    mqtt_example: str = ""
