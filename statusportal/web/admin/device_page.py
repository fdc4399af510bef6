"""The page of a device in the administration, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from flask_babel import gettext as _

from statusportal.access.permissions import Permission
from statusportal.access.policy import actor_holds
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import organisations_page
from statusportal.administration.devices import (
    DeviceOwned,
    GrantSeen,
    Owned,
    device_looked_after,
    grants_given,
    models_to_choose,
    owners_of,
    tokens_of_device,
)
from statusportal.administration.people import organisations_to_choose
from statusportal.credentials.models import DeviceCredential
from statusportal.credentials.vocabulary import CredentialKind
from statusportal.fleet.queries import words_seen
from statusportal.foundation.clock import from_ms
from statusportal.foundation.paging import MOST, Slice
from statusportal.foundation.vocabulary import Connectivity, Health
from statusportal.http.views import devices as device_views
from statusportal.http.views import shell
from statusportal.http.views.models import AdminDevicePage, AdminDeviceRow, CredentialRow, GrantRow, OwnershipRow
from statusportal.http.views.shell import Form, Option
from statusportal.status.models import DeviceStatus
from statusportal.web.admin.examples import http_example, mqtt_example
from statusportal.web.forms import filled
from statusportal.work import Work

VIEW, COMMENT = "view", "comment"


@dataclass(frozen=True, slots=True)
class DeviceForms:
    """The forms of a device's page that came back with a trouble; the others show what stands."""

    words: Form | None = None
    owner: Form | None = None
    grant: Form | None = None
    token: Form | None = None
    certificate: Form | None = None


def device_page(
    work: Work,
    device_id: UUID,
    forms: DeviceForms | None = None,
    token: str = "",
) -> AdminDevicePage:
    """Put the page of a device together; a form that came back stands in place of its empty one."""
    sent = forms or DeviceForms()
    seen = device_looked_after(work, device_id)
    row = seen.device
    words = words_seen(work, [row])[row.id]
    values = {name: getattr(words, name) for name in ("name", "site", "firmware", "installed_on")}
    can_transfer = actor_holds(work.actor, Permission.DEVICE_ADMINISTER, None)
    receivers = [one for one in organisations_page(work, Slice(MOST)).items if one.id != seen.organisation_id]
    return AdminDevicePage(
        id=str(row.id),
        name=words.name,
        form=sent.words or filled(values),
        models=(),
        organisations=_options(receivers) if can_transfer else (),
        serial=row.serial,
        model=row.model.name,
        ownerships=tuple(_ownership(one, work.now) for one in owners_of(work, row.id)),
        credentials=credential_rows([(one, "") for one in tokens_of_device(work, row.id)]),
        grants=tuple(_grant(one, work.now) for one in grants_given(work, row.id)),
        receivers=_options(receivers),
        rights=(Option(VIEW, _("read")), Option(COMMENT, _("read and comment"))),
        owner_form=sent.owner or Form(),
        grant_form=sent.grant or Form(),
        token_form=sent.token or Form(),
        certificate_form=sent.certificate or Form(),
        token=token,
        example=http_example(token) if token else "",
        mqtt_example=mqtt_example(token),
        is_owned=seen.organisation is not None,
        can_transfer=can_transfer,
    )


def new_device_page(work: Work, form: Form) -> AdminDevicePage:
    """Put the form of a new device together."""
    choices = organisations_to_choose(work, Permission.DEVICE_ADMINISTER)
    return AdminDevicePage(
        id="",
        name="",
        form=form,
        models=tuple(Option(str(one.id), one.name) for one in models_to_choose(work)),
        organisations=tuple(Option(str(one.id), one.name) for one in choices),
    )


def device_row(one: DeviceOwned, now: datetime) -> AdminDeviceRow:
    """Present a device in a list."""
    return AdminDeviceRow(
        id=str(one.device.id),
        name=one.device.name_at(now),
        serial=one.device.serial,
        model=one.device.model.name,
        organisation=one.organisation or "",
        health=health_of(one.status),
        connectivity=connectivity_of(one.status),
    )


def health_of(status: DeviceStatus | None) -> shell.Health:
    """Return a device's health; nothing is known of one that was never heard."""
    return cast("shell.Health", status.health if status else Health.UNKNOWN.value)


def connectivity_of(status: DeviceStatus | None) -> device_views.Connectivity:
    """Return how a device is heard, and when it was last."""
    if status is None:
        return device_views.Connectivity(Connectivity.NEVER_SEEN.value)
    last = from_ms(status.last_sample_at_ms) if status.last_sample_at_ms is not None else None
    return device_views.Connectivity(cast("shell.ConnectivityState", status.connectivity), last)


def credential_rows(found: Sequence[tuple[DeviceCredential, str]]) -> tuple[CredentialRow, ...]:
    """Present credentials, each with its organisation's name where that is not clear from the page."""
    replaced = {row.replaces_id for row, _ in found if row.used_at is None}
    return tuple(_credential(row, organisation, is_replaced=row.id in replaced) for row, organisation in found)


def _credential(row: DeviceCredential, organisation: str, *, is_replaced: bool) -> CredentialRow:
    return CredentialRow(
        id=str(row.id),
        label=row.name,
        created_at=row.created_at,
        used_at=row.used_at,
        organisation=organisation,
        is_revoked=row.revoked_at is not None,
        fingerprint=row.secret_digest if row.kind == CredentialKind.CERTIFICATE else "",
        starts_at=row.starts_at,
        expires_at=row.expires_at,
        is_replaced=is_replaced,
        is_waiting=row.replaces_id is not None and row.used_at is None,
    )


def _options(rows: list[Organisation]) -> tuple[Option, ...]:
    return tuple(Option(str(one.id), one.name) for one in rows)


def _ownership(one: Owned, now: datetime) -> OwnershipRow:
    is_now = one.from_at <= now and (one.to_at is None or now < one.to_at)
    return OwnershipRow(one.organisation, one.from_at, one.to_at, is_now=is_now, is_ahead=one.from_at > now)


def _grant(one: GrantSeen, now: datetime) -> GrantRow:
    row = one.grant
    return GrantRow(
        id=str(row.id),
        receiver=one.receiver,
        from_at=row.from_at,
        to_at=row.to_at,
        may_comment=Right.COMMENT in one.rights,
        is_ahead=row.from_at > now,
    )
