"""View models of labels, what a stranger reads, claim secrets and taking a machine."""

from dataclasses import dataclass, field
from datetime import datetime

from statusportal.http.views.devices import Connectivity
from statusportal.http.views.shell import Form, Health, Option


@dataclass(frozen=True, slots=True)
class LabelView:
    """What stands on a machine. `path` draws the dark modules of a symbol of `side` modules, a module a unit."""

    address: str
    path: str
    side: int
    model: str
    serial: str
    maker: str
    scan: str


@dataclass(frozen=True, slots=True)
class SlipView:
    """A claim secret as it was made, this once, and what it is for."""

    secret: str
    model: str
    serial: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SecretRow:
    """What became of a claim secret: open, used, revoked or expired."""

    id: str
    state: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """Template `scanned.html`: what a label tells a stranger. Without a model it is any machine, or none.

    `health` and `connectivity` are set where the owner shows them.
    """

    maker: str
    here: str
    model: str = ""
    serial: str = ""
    health: Health | None = None
    connectivity: Connectivity | None = None


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Template `claim.html`. Fields: secret; organisation, where the reader takes machines for several."""

    organisations: tuple[Option, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class LabelSheetPage:
    """Template `admin/labels.html`. Fields: organisation, grid. `trouble` says why there can be no labels yet."""

    organisations: tuple[Option, ...]
    grids: tuple[Option, ...]
    form: Form
    labels: tuple[LabelView, ...] = ()
    count: int = 0
    paper_href: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ClaimSecretsPage:
    """Template `admin/claims.html`. Fields: model, serials, expires_at, form_of. `slips` are shown this once."""

    models: tuple[Option, ...]
    forms: tuple[Option, ...]
    idempotency_key: str
    form: Form = field(default_factory=Form)
    slips: tuple[SlipView, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceLabelPage:
    """Template `admin/device_label.html`: a machine's label, what it tells strangers, and who may take it.

    `level_form`: level; absent where nobody has the machine. `secret_form`: expires_at. `slip` was just made.
    """

    id: str
    name: str
    model: str
    serial: str
    badge_href: str
    levels: tuple[Option, ...]
    level_form: Form
    label: LabelView | None = None
    trouble: str = ""
    is_shown: bool = False
    may_issue: bool = False
    is_in_stock: bool = False
    secrets: tuple[SecretRow, ...] = ()
    secret_form: Form = field(default_factory=Form)
    slip: SlipView | None = None
