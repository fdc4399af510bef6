"""From links and what they may open to the page on which they are made."""

from collections.abc import Sequence
from typing import cast
from urllib.parse import quote
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.permissions import Permission
from statusportal.access.policy import require
from statusportal.accounts.models import Organisation
from statusportal.accounts.queries import organisation_for
from statusportal.entries.models import StatusEntry
from statusportal.fleet.models import Device
from statusportal.fleet.queries import words_seen
from statusportal.foundation.paging import Page
from statusportal.http import portal
from statusportal.http.filters import reader_locale
from statusportal.http.views.sharing import LinkRow, LinksPage, ReceiverChoice, ThingChoice
from statusportal.http.views.shell import Health, Option, Pages
from statusportal.http.words import role_word
from statusportal.overview.supporting import devices_of_customer, open_customer, open_entries_of, people_of_customer
from statusportal.sharing.models import ShareLink
from statusportal.sharing.queries import links_of_device, links_of_entry, links_of_organisation
from statusportal.sharing.vocabulary import LinkLine, LinkScope, LinkState
from statusportal.web.forms import filled
from statusportal.web.paging import page_links, wanted_slice
from statusportal.web.reasons import reason_words
from statusportal.web.talk.words import entry_title
from statusportal.work import Work

_LASTS_DAYS = (1, 7, 30, 90)
_USUAL_DAYS = 7


def devices_links_page(work: Work, device: Device) -> LinksPage:
    """Return the page of the links to a device and to its entries.

    Raises: Forbidden.
    """
    found = links_of_device(work, device.id, wanted_slice())
    name = words_seen(work, [device])[device.id].name
    here = url_for("links.of_device", device_id=device.id)
    return _page(
        title=_("Links to %(thing)s", thing=name),
        place=name,
        back_href=url_for("devices.device", device_id=device.id),
        action=here,
        found=found,
        pages=page_links(found, "links.of_device", device_id=str(device.id)),
    )


def entrys_links_page(work: Work, entry: StatusEntry) -> LinksPage:
    """Return the page of the links to an entry.

    Raises: Forbidden.
    """
    found = links_of_entry(work, entry.id, wanted_slice())
    here = url_for("links.of_entry", entry_id=entry.id)
    return _page(
        title=_("Links to “%(thing)s”", thing=entry_title(entry)),
        place=entry_title(entry),
        back_href=url_for("entries.entry", entry_id=entry.id),
        action=here,
        found=found,
        pages=page_links(found, "links.of_entry", entry_id=str(entry.id)),
    )


def customers_links_page(work: Work, organisation_id: UUID) -> LinksPage:
    """Return support's page: what a customer has to show, who is there, and what was sent. Opening it is recorded.

    Raises: NotFound, Forbidden.
    """
    require(work.actor, Permission.LINK_SEND, organisation_for(work, organisation_id).id)
    organisation = open_customer(work, organisation_id)
    found = links_of_organisation(work, organisation.id, wanted_slice())
    return _page(
        title=_("Send a link"),
        place=organisation.name,
        back_href=url_for("support.customer", organisation_id=organisation.id),
        action=url_for("links.of_customer", organisation_id=organisation.id),
        found=found,
        pages=page_links(found, "links.of_customer", organisation_id=str(organisation.id)),
        things=_things(work, organisation),
        receivers=_receivers(work, organisation),
    )


def mail_href(email: str, row: ShareLink, address: str) -> str:
    """Return an address that opens the reader's own mail program with the link in a letter."""
    subject = _("A page for you")
    greeting = _("Dear %(name)s,", name=row.to_name) if row.to_name else _("Hello,")
    body = "\n\n".join((greeting, _("this page shows how it stands:"), address))
    return f"mailto:{quote(email)}?subject={quote(subject)}&body={quote(body)}"


def _page(  # noqa: PLR0913 - one keyword a part of the page
    *,
    title: str,
    place: str,
    back_href: str,
    action: str,
    found: Page[LinkLine],
    pages: Pages,
    things: Sequence[ThingChoice] = (),
    receivers: Sequence[ReceiverChoice] = (),
) -> LinksPage:
    longest = portal.settings().link_days
    return LinksPage(
        sends_mail=bool(portal.settings().smtp_url),
        title=title,
        place=place,
        back_href=back_href,
        action=action,
        things=tuple(things),
        receivers=tuple(receivers),
        lasts=tuple(
            Option(str(days), ngettext("%(num)d day", "%(num)d days", days))
            for days in _LASTS_DAYS
            if not longest or days <= longest
        ),
        links=tuple(link_row(line) for line in found.items),
        pages=pages,
        form=filled({"scope": "read", "lasts": _USUAL_DAYS, "thing": request.args.get("thing", "")}),
    )


def link_row(line: LinkLine) -> LinkRow:
    """Return a link as a list shows it; an open one can be ended."""
    return LinkRow(
        title=_title(line),
        is_device=line.entry_id is None,
        device=line.device_name,
        to_name=line.to_name,
        is_by_letter=line.mail_to is not None,
        mailed_at=line.mailed_at,
        may_comment=line.scope is LinkScope.COMMENT,
        maker=line.maker_name,
        made_at=line.created_at,
        state=line.state.value,
        ends_at=line.revoked_at or line.expires_at,
        opened_count=line.opened_count,
        first_opened_at=line.first_opened_at,
        last_opened_at=line.last_opened_at,
        was_on_phone=line.was_on_phone,
        comment_count=line.comment_count,
        end_action=url_for("links.end", link_id=line.id) if line.state in {LinkState.OPEN, LinkState.PAUSED} else "",
    )


def _title(line: LinkLine) -> str:
    if line.entry_id is None:
        return line.device_name
    if line.entry_headline is not None:
        return reason_words(line.entry_headline)
    return line.entry_title or str(_("An entry that you may not read any more"))


def _things(work: Work, organisation: Organisation) -> list[ThingChoice]:
    """Return what can be sent: open entries first, the worst on top, then the machines."""
    entries = [
        ThingChoice(
            value=f"entry:{entry.id}",
            label=entry_title(entry),
            detail=_("entry · %(device)s", device=device),
            health=cast("Health | None", entry.health),
        )
        for entry, device in open_entries_of(work, organisation.id)
        if entry.audience != "internal"
    ]
    machines = [
        ThingChoice(
            value=f"device:{one.device.id}",
            label=one.name,
            detail=_("machine · live values, all entries"),
            health=cast("Health", one.status.health) if one.status else None,
        )
        for one in devices_of_customer(work, organisation.id)
    ]
    return [*entries, *machines]


def _receivers(work: Work, organisation: Organisation) -> list[ReceiverChoice]:
    return [
        ReceiverChoice(str(one.person.id), one.person.name, role_word(one.role, locale=reader_locale()))
        for one in people_of_customer(work, organisation.id)
        if not one.person.is_disabled
    ]
