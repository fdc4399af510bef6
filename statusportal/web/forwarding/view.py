"""The pages of forwarding, put together."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.permissions import Permission
from statusportal.accounts.queries import organisations_named
from statusportal.administration.people import organisations_to_choose
from statusportal.fleet.queries import devices_by_id, words_seen
from statusportal.forwarding.models import Forwarding, Parcel
from statusportal.forwarding.queries import forwarding_for, my_forwardings, parcels_page, waiting_for
from statusportal.forwarding.queueing import MOST_WAITING
from statusportal.forwarding.service import WAITS_AT_MOST
from statusportal.forwarding.vocabulary import ForwardedKind, ForwardingState, ParcelState
from statusportal.foundation.ids import parse_id
from statusportal.foundation.paging import Slice
from statusportal.http.sentences import translated
from statusportal.http.views.forwardings import DeliveryRow, ForwardingPage, ForwardingRow, ForwardingsPage
from statusportal.http.views.shell import Form, Option
from statusportal.web.forms import filled
from statusportal.web.forwarding.form import KINDS
from statusportal.web.paging import page_links
from statusportal.work import Work

_NAMED_MOST = 20


def forwardings_page(work: Work, form: Form | None = None) -> ForwardingsPage:
    """Put the list together, with the form of a new one."""
    organisations = organisations_to_choose(work, Permission.FORWARDING_ADMINISTER)
    return ForwardingsPage(
        forwardings=forwarding_rows(work),
        organisations=tuple(Option(str(one.id), one.name) for one in organisations),
        form=form or filled({f"kind_{kind}": True for kind in KINDS}),
    )


def forwarding_rows(work: Work) -> tuple[ForwardingRow, ...]:
    """Return whom the actor's organisations give data to: those that go on first, then the newest."""
    return _rows(work, my_forwardings(work))


def forwarding_page(work: Work, forwarding_id: UUID, wanted: Slice | None, secret: str) -> ForwardingPage:
    """Put one receiver's page together.

    Raises: NotFound.
    """
    row = forwarding_for(work, forwarding_id)
    page = parcels_page(work, forwarding_id, wanted or Slice())
    return ForwardingPage(
        row=_rows(work, [row])[0],
        address=row.address,
        devices=_device_words(work, row),
        signals=tuple(row.signals),
        kinds=tuple(kind_word(one) for one in row.kinds),
        sent=row.sent,
        unsent=row.unsent,
        has_refused=any(one.state == ParcelState.DEAD and one.body is not None for one in page.items),
        waits_most=MOST_WAITING,
        waits_days=WAITS_AT_MOST.days,
        deliveries=tuple(_delivery(one) for one in page.items),
        pages=page_links(page, "forwardings.forwarding", forwarding_id=str(row.id)),
        secret=secret,
    )


def kind_word(kind: str) -> str:
    """Say what is sent."""
    words = {
        ForwardedKind.SAMPLE: _("Values"),
        ForwardedKind.STATUS: _("Changes of status"),
        ForwardedKind.ENTRY: _("Entries"),
        ForwardedKind.TEST: _("A greeting"),
    }
    return str(words[ForwardedKind(kind)])


def _rows(work: Work, rows: Sequence[Forwarding]) -> tuple[ForwardingRow, ...]:
    names = organisations_named(work, [one.organisation_id for one in rows])
    waiting = waiting_for(work, rows)
    return tuple(_row(one, names[one.organisation_id].name, waiting[one.id]) for one in rows)


def _row(row: Forwarding, organisation: str, waiting: int) -> ForwardingRow:
    return ForwardingRow(
        id=str(row.id),
        name=row.name,
        organisation=organisation,
        state=row.state,
        what=_what(row),
        created_at=row.created_at,
        last_sent_at=row.last_sent_at,
        ends_at=row.ends_at,
        waiting=waiting,
        trouble="" if row.state == ForwardingState.ENDED else translated(row.last_trouble),
    )


def _what(row: Forwarding) -> str:
    kinds = ", ".join(kind_word(one) for one in row.kinds)
    if not row.devices:
        return str(_("%(kinds)s of all machines", kinds=kinds))
    count = len(row.devices)
    return str(ngettext("%(kinds)s of %(num)d machine", "%(kinds)s of %(num)d machines", count, kinds=kinds))


def _device_words(work: Work, row: Forwarding) -> tuple[str, ...]:
    """Name the machines that were named, as far as they are still seen; a long list is cut where it is shown."""
    found = devices_by_id(work, [parse_id(one) for one in row.devices[:_NAMED_MOST]])
    words = words_seen(work, found.values())
    return tuple(f"{words[one].name} ({device.serial})" for one, device in found.items())


def _delivery(row: Parcel) -> DeliveryRow:
    is_waiting = row.state == ParcelState.WAITING
    return DeliveryRow(
        kind=kind_word(row.kind),
        count=row.item_count,
        state=row.state,
        tries=row.attempts,
        at=row.done_at or row.created_at,
        next_try_at=row.next_try_at if is_waiting and row.attempts else None,
        trouble=translated(row.trouble),
    )
