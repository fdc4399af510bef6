"""View models of asking and reporting."""

from dataclasses import dataclass, field

from statusportal.http.views.devices import Connectivity, SignalValue, SimilarEntry
from statusportal.http.views.entries import AudienceChoice
from statusportal.http.views.shell import Form, Health, Option


@dataclass(frozen=True, slots=True)
class AskDevice:
    """A machine that can be asked about; `href` opens the form for it."""

    id: str
    label: str
    health: Health
    connectivity: Connectivity
    href: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AskPage:
    """Template `ask.html`. Without `device` it lists the machines to choose from.

    `draft_key` names the draft kept in this browser, and whose it is.
    Fields: kind, title, body, audience, health (staff), idempotency_key.
    """

    devices: tuple[AskDevice, ...]
    device: AskDevice | None = None
    form: Form = field(default_factory=Form)
    kinds: tuple[Option, ...] = ()
    healths: tuple[Health, ...] = ()
    audiences: tuple[AudienceChoice, ...] = ()
    adds: tuple[SignalValue, ...] = ()
    similar: tuple[SimilarEntry, ...] = ()
    idempotency_key: str = ""
    draft_key: str = ""
    then: tuple[str, ...] = ()
