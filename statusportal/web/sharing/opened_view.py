"""The pages that everybody knows, as they stand behind a link: nothing on them leads out of it but signing in."""

import re
from dataclasses import replace
from uuid import UUID

from flask import url_for

from statusportal.access.permissions import Permission
from statusportal.access.vocabulary import Right
from statusportal.accounts.models import Organisation
from statusportal.entries.models import StatusEntry
from statusportal.entries.queries import may_on
from statusportal.fleet.models import Device
from statusportal.foundation.ids import new_id
from statusportal.http.views.devices import Chart, DevicePage, LivePart, Timeline
from statusportal.http.views.entries import Attachment, CommentView, EntryPage, SystemLine
from statusportal.http.views.sharing import GuestComposer, Linked, SharedDevicePage, SharedEntryPage
from statusportal.http.views.shell import FilterLink, Form
from statusportal.sharing.queries import link_of_holder
from statusportal.sharing.vocabulary import LinkScope
from statusportal.web.devices.pages import device_page
from statusportal.web.shell import operator_name
from statusportal.web.talk.entry_view import entry_page
from statusportal.web.talk.thread_view import beyond_entry
from statusportal.web.talk.words import audience_words
from statusportal.work import Work

_DEVICE = re.compile(r"^/devices/[0-9a-f-]{36}")
_ENTRY = re.compile(r"^/entries/(?=[0-9a-f-]{36})")


def shared_entry_page(work: Work, link_id: str, entry: StatusEntry, form: Form | None = None) -> SharedEntryPage:
    """Return an entry's page for who came by a link."""
    reach = work.actor.link
    is_device = reach is not None and reach.entry_id is None
    return SharedEntryPage(
        linked=_linked(work, url_for("entries.entry", entry_id=entry.id)),
        entry=_entry_within(link_id, entry_page(work, entry)),
        composer=_composer(work, link_id, entry, form or Form()),
        back_href=url_for("shared.page", link_id=link_id) if is_device else "",
    )


def shared_device_page(work: Work, link_id: str, device: Device) -> SharedDevicePage:
    """Return a device's page for who came by a link."""
    return SharedDevicePage(
        linked=_linked(work, url_for("devices.device", device_id=device.id)),
        device=_device_within(link_id, device_page(work, device)),
    )


def within(link_id: str, href: str) -> str:
    """Return the address of the same thing behind a link; what a link does not open has none.

    Shape: `/devices/ID?range=24h#chart` gives `/shared/LINK?range=24h#chart`, `/entries/ID#c-1` gives
    `/shared/LINK/entries/ID#c-1`, an anchor stays as it is.
    """
    here = url_for("shared.page", link_id=link_id)
    if href.startswith("#"):
        return href
    if _ENTRY.match(href):
        return here + href
    return _DEVICE.sub(here, href) if _DEVICE.match(href) else ""


def _linked(work: Work, signed_in_href: str) -> Linked:
    row = link_of_holder(work)
    home = operator_name()
    if row.maker.staff_role is None:
        home = _organisation_name(work, row.organisation_id)
    return Linked(
        maker=row.maker.name,
        maker_place=home,
        to_name=row.to_name,
        is_device=row.entry_id is None,
        may_comment=row.scope == LinkScope.COMMENT,
        expires_at=row.expires_at,
        sign_in_href=url_for("session.sign_in", next=signed_in_href),
    )


def _organisation_name(work: Work, organisation_id: UUID) -> str:
    row = work.session.get(Organisation, organisation_id)
    return row.name if row else ""


def _composer(work: Work, link_id: str, entry: StatusEntry, form: Form) -> GuestComposer | None:
    if not may_on(work, entry, Permission.COMMENT_POST, Right.COMMENT):
        return None
    name = _organisation_name(work, entry.organisation_id)
    return GuestComposer(
        action=url_for("shared.comment", link_id=link_id, entry_id=entry.id),
        audience_words=audience_words(entry.audience, name, beyond_entry(work, entry)),
        form=form,
        idempotency_key=str(new_id()),
    )


def _entry_within(link_id: str, page: EntryPage) -> EntryPage:
    items = tuple(_silent(link_id, one) for one in page.thread.items)
    thread = replace(
        page.thread,
        items=items,
        orders=(),
        composer=None,
        earlier_href=within(link_id, page.thread.earlier_href),
        later_href=within(link_id, page.thread.later_href),
        first_new_href="",
    )
    return replace(page, thread=thread, next_lifecycles=(), can_dispute=False, edit_href="", links_href="", readers=())


def _silent(link_id: str, item: CommentView | SystemLine) -> CommentView | SystemLine:
    """Take the buttons off a comment and its replies; a guest writes at the end of the conversation."""
    if isinstance(item, SystemLine):
        return replace(item, href=within(link_id, item.href)) if item.href else item
    return replace(
        item,
        can_reply=False,
        href=within(link_id, item.href),
        evidence=tuple(replace(one, href=within(link_id, one.href)) for one in item.evidence),
        attachments=tuple(file_within(link_id, one) for one in item.attachments),
        replies=tuple(_silent(link_id, one) for one in item.replies),
    )


def file_within(link_id: str, file: Attachment) -> Attachment:
    """Return a file with its addresses behind a link."""
    return replace(
        file,
        href=within(link_id, file.href),
        file_href=within(link_id, file.file_href),
        image_href=within(link_id, file.image_href),
    )


def _device_within(link_id: str, page: DevicePage) -> DevicePage:
    return replace(
        page,
        live=_live_within(link_id, page.live),
        timeline=_timeline_within(link_id, page.timeline),
        chart=_chart_within(link_id, page.chart) if page.chart else None,
        readers=(),
        can_ask=False,
        export_formats=(),
        administer_href="",
        links_href="",
        looks=None,
    )


def _live_within(link_id: str, live: LivePart) -> LivePart:
    return replace(live, verdict=replace(live.verdict, last_word_href=within(link_id, live.verdict.last_word_href)))


def _timeline_within(link_id: str, timeline: Timeline) -> Timeline:
    groups = tuple(
        replace(group, events=tuple(replace(event, href=within(link_id, event.href)) for event in group.events))
        for group in timeline.groups
    )
    following = timeline.pages.next_href
    pages = replace(timeline.pages, next_href=within(link_id, following) if following else None)
    return replace(timeline, groups=groups, filters=_links_within(link_id, timeline.filters), pages=pages)


def _chart_within(link_id: str, chart: Chart) -> Chart:
    """Return the curve as it was drawn: the address that a script would read on from is not the link's."""
    ranges, signals = _links_within(link_id, chart.ranges), _links_within(link_id, chart.signals)
    return replace(chart, ranges=ranges, signals=signals, source="")


def _links_within(link_id: str, links: tuple[FilterLink, ...]) -> tuple[FilterLink, ...]:
    return tuple(replace(link, href=within(link_id, link.href)) for link in links)
