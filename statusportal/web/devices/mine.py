"""My devices: how many need me, in a sentence; those as cards, the worst first; the rest as quiet rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from statusportal.access.permissions import Permission
from statusportal.availability.queries import days_of
from statusportal.availability.vocabulary import Day
from statusportal.discussion.queries import unread_of_devices
from statusportal.entries.queries import open_counts
from statusportal.foundation.paging import MOST, Slice
from statusportal.foundation.vocabulary import Connectivity as Heard
from statusportal.foundation.vocabulary import Health as State
from statusportal.http import portal
from statusportal.http.policies import checked_by
from statusportal.http.views.devices import Connectivity, DeviceCard, MyDevicesPage
from statusportal.http.views.shell import FilterLink, Pages
from statusportal.overview.devices import DeviceFilters, DeviceLine, count_by_health, my_devices
from statusportal.web.devices.blueprint import devices
from statusportal.web.paging import asked
from statusportal.web.reasons import reason_words
from statusportal.web.shell import me
from statusportal.work import Work

_ATTENTION = (State.FAILURE, State.CHECK_FUNCTION, State.OFF_SPEC, State.MAINTENANCE_REQUIRED)
_SILENT = (Heard.OFFLINE, Heard.NEVER_SEEN)
_MOST_CHIPS = 6


@devices.get("/", endpoint="my_devices")
@checked_by(Permission.DEVICE_VIEW)
def my_devices_page() -> str:
    """Show my devices."""
    with portal.reading() as work:
        return render_template("my_devices.html", page=_page(work))


def _page(work: Work) -> MyDevicesPage:
    filters = _filters()
    found = my_devices(work, Slice(MOST, request.args.get("cursor")), filters)
    ids = [line.id for line in found.items]
    maker = _Cards(work, ids)
    everything = DeviceFilters(organisation_id=_organisation_id())
    counts = count_by_health(work, everything)
    groups = _grouped(found.items)
    return MyDevicesPage(
        headline=_headline(counts),
        summary=ngettext("%(num)d machine.", "%(num)d machines.", sum(counts.values())),
        updated_at=work.now,
        filters=_chips(counts, found.items),
        attention=maker.cards(groups["attention"]),
        normal=maker.cards(groups["normal"]),
        silent=maker.cards(groups["silent"]),
        pages=Pages(next_href=_next_href(found.next_cursor) if found.next_cursor else None),
        is_filtered=bool(set(request.args) - {"cursor"}),
    )


def _next_href(cursor: str) -> str:
    kept = {name: value for name, value in request.args.items() if name != "cursor"}
    return f"{url_for('devices.my_devices')}?{urlencode({**kept, 'cursor': cursor})}"


def _organisation_id() -> UUID | None:
    """Return the organisation that somebody with several works in."""
    shell = me()
    if shell is None or shell.staff_role or shell.current_organisation is None:
        return None
    return UUID(shell.current_organisation.id)


def _filters() -> DeviceFilters:
    only = request.args.get("only", "")
    return DeviceFilters(
        health=tuple(one.value for one in _ATTENTION) if only == "attention" else (),
        connectivity=tuple(one.value for one in _SILENT) if only == "silent" else (),
        model=asked("model"),
        site=asked("site"),
        q=asked("q"),
        organisation_id=_organisation_id(),
    )


def _grouped(lines: Sequence[DeviceLine]) -> dict[str, list[DeviceLine]]:
    groups: dict[str, list[DeviceLine]] = {"attention": [], "normal": [], "silent": []}
    for line in lines:
        if line.connectivity in _SILENT:
            groups["silent"].append(line)
        elif line.health in _ATTENTION:
            groups["attention"].append(line)
        else:
            groups["normal"].append(line)
    return groups


class _Cards:
    """Make cards of lines; what several cards need is read for all of them at once."""

    def __init__(self, work: Work, ids: Sequence[UUID]) -> None:
        self.open_entries = open_counts(work, ids)
        self.unread = unread_of_devices(work, ids)
        self.days: Mapping[UUID, Sequence[Day]] = days_of(work, ids)

    def cards(self, lines: Sequence[DeviceLine]) -> tuple[DeviceCard, ...]:
        """Return a card for each line."""
        return tuple(self._card(line) for line in lines)

    def _card(self, line: DeviceLine) -> DeviceCard:
        return DeviceCard(
            id=str(line.id),
            name=line.name,
            model=line.model_name,
            serial=line.serial,
            site=line.site,
            health=line.health.value,
            reason=reason_words(line.reason),
            connectivity=Connectivity(line.connectivity.value, line.last_sample_at),
            days=tuple(day.worst.value for day in self.days.get(line.id, ())),
            since_at=line.since,
            open_entries=self.open_entries.get(line.id, 0),
            unread=self.unread.get(line.id, 0),
            note=line.organisation_name if portal.actor().is_staff else "",
        )


def _headline(counts: Mapping[State, int]) -> str:
    """Say in a sentence how many need me."""
    failed = counts[State.FAILURE]
    others = sum(counts[one] for one in _ATTENTION) - failed
    sentences = []
    if failed:
        sentences.append(ngettext("%(num)d machine has failed.", "%(num)d machines have failed.", failed))
    if others:
        sentences.append(ngettext("%(num)d needs attention.", "%(num)d need attention.", others))
    if not sentences and not sum(counts.values()):
        nothing: str = _("My devices")
        return nothing
    well: str = _("Every machine that speaks is well.")
    return " ".join(sentences) or well


def _place(line: DeviceLine) -> str:
    """Return where a machine stands, without the room behind the comma."""
    return line.site.split(",")[0].strip()


def _chips(counts: Mapping[State, int], lines: Sequence[DeviceLine]) -> tuple[FilterLink, ...]:
    """Return the filters; sites and models come from the machines in sight."""
    here = url_for("devices.my_devices")
    only, site, model = (request.args.get(name, "") for name in ("only", "site", "model"))
    attention = sum(counts[one] for one in _ATTENTION)
    chips = [
        FilterLink(_("All"), here, sum(counts.values()), is_current=not (only or site or model)),
        FilterLink(_("Needs attention"), f"{here}?only=attention", attention, is_current=only == "attention"),
        FilterLink(_("Silent"), f"{here}?only=silent", counts[State.UNKNOWN], is_current=only == "silent"),
    ]
    for name, current in (("site", site), ("model", model)):
        found = Counter(
            (_place(line), _place(line)) if name == "site" else (line.model_slug, line.model_name) for line in lines
        )
        for (value, label), count in found.most_common(_MOST_CHIPS):
            if value and (len(found) > 1 or value == current):
                href = f"{here}?{urlencode({name: value})}"
                chips.append(FilterLink(label, href, count, is_current=value == current, name=name))
    return tuple(chips)
