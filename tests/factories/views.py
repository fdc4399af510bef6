"""Sample view models: one calm and one loud day at a dairy, enough to fill every page."""

import math
from datetime import UTC, datetime, timedelta

from statusportal.http.views import devices, shell
from tests.factories import maintenance_views

NOW = datetime(2026, 11, 19, 10, 48, tzinfo=UTC)


def ago(**parts: float) -> datetime:
    return NOW - timedelta(**parts)


RIGHTS = frozenset(
    {
        "member:invite",
        "organisation:administer",
        "device:share",
        "device:administer",
        "model:administer",
        "connection:administer",
        "credential:administer",
        "audit:view",
        "customer:find",
    }
)


def me(role: str = "customer", *, staff: bool = False) -> shell.Me:
    engdal = shell.OrganisationChoice("o1", "Engdal Mejeri")
    return shell.Me(
        id="p1",
        name="Aisha Rahman" if staff else "Mette Kragh",
        initials="AR" if staff else "MK",
        role=role,
        organisations=(engdal, shell.OrganisationChoice("o2", "Engdal Logistik")),
        current_organisation=engdal,
        staff_role="admin" if staff else None,
        rights=RIGHTS if staff else frozenset(),
        unread=5,
    )


def days(**loud: str) -> tuple[str, ...]:
    bars = ["normal"] * 90
    for place, health in loud.items():
        bars[int(place[1:])] = health
    return tuple(bars)


def card(
    name: str, health: str = "normal", reason: str = "Measuring normally for 41 days.", **more
) -> devices.DeviceCard:
    defaults = {
        "id": name.lower().replace(" ", "-"),
        "model": "Aurora M3",
        "serial": "AM3-20391",
        "site": "Videbæk",
        "connectivity": devices.Connectivity("online", ago(seconds=4)),
        "days": days(d89=health),
    }
    return devices.DeviceCard(name=name, health=health, reason=reason, **{**defaults, **more})


def attention() -> tuple[devices.DeviceCard, ...]:
    return (
        card(
            "Culture bank freezer",
            "failure",
            "The second cooling stage has stopped. It is −66.8 °C inside and warming by 3 °C an hour.",
            model="Polar 86",
            serial="PL86-0931",
            site="Videbæk, cold room",
            since_at=ago(hours=4, minutes=8),
            days=days(d61="off_spec", d62="off_spec", d89="failure"),
            unread=2,
            note="Jonas arrives 11:30",
        ),
        card(
            "Laboratory UPS",
            "off_spec",
            "The battery runs warm, 34 °C. Expect 21 minutes on battery instead of 34.",
            since_at=ago(hours=12, minutes=33),
            open_entries=1,
            unread=1,
        ),
        card(
            "Machining centre 1",
            "check_function",
            "Calibration is running. Measurements do not count until it is done.",
            until_at=NOW + timedelta(hours=4),
        ),
        card(
            "Compressor, filling hall",
            "maintenance_required",
            "The oil filter is due in 9 days. The compressor runs normally until then.",
            since_at=ago(days=3),
        ),
    )


def silent() -> tuple[devices.DeviceCard, ...]:
    return (
        card(
            "Milk analyser 3, reserve",
            "unknown",
            "Nothing heard since Tuesday 17:02. It was normal then.",
            connectivity=devices.Connectivity("offline", ago(hours=41)),
        ),
        card(
            "Conductivity meter",
            "unknown",
            "Added Monday. It has not sent anything yet.",
            connectivity=devices.Connectivity("never_seen"),
            days=("unknown",) * 90,
        ),
    )


def cards() -> dict[str, tuple[devices.DeviceCard, ...]]:
    normal = (
        card("Milk analyser 2, line B", unread=2),
        card("Milk analyser 1, reception"),
        card("Process chiller", reason="Water leaves at 2.1 °C, as it should."),
    )
    return {"attention": attention(), "normal": normal, "silent": silent()}


def my_devices() -> devices.MyDevicesPage:
    return devices.MyDevicesPage(
        headline="One machine has failed. Three need attention.",
        summary="Nine machines at two sites.",
        updated_at=ago(seconds=4),
        filters=(
            shell.FilterLink("All", "?", 9, is_current=True),
            shell.FilterLink("Needs attention", "?health=attention", 4),
            shell.FilterLink("Videbæk", "?site=videbaek", 6),
        ),
        pages=shell.Pages(next_href="?cursor=x"),
        **cards(),
    )


def no_devices() -> devices.MyDevicesPage:
    return devices.MyDevicesPage(headline="No machine yet.", summary="", updated_at=NOW)


def curve() -> tuple[tuple[datetime, float | None], ...]:
    points: list[tuple[datetime, float | None]] = []
    for minute in range(0, 408, 4):
        rise = max(0, minute - 160) * 0.054
        value = -80.2 + rise + math.sin(minute / 11) * 0.15
        points.append((ago(minutes=408 - minute), None if 60 <= minute < 84 else round(value, 2)))
    return tuple(points)


def chart(*, frozen: bool = False) -> devices.Chart:
    return devices.Chart(
        signal="inside_temperature",
        label="Inside temperature",
        unit="°C",
        caption="today",
        from_at=ago(minutes=408),
        to_at=NOW + timedelta(minutes=72),
        points=curve(),
        high=-75.0,
        health="failure",
        pins=(
            devices.Pin("A", ago(minutes=248), -80.1, "06:40, the second stage stops", "#c-1"),
            devices.Pin("B", ago(minutes=152), -75.0, "08:16, the limit is crossed", "#c-2"),
        ),
        intervals=(
            devices.HealthInterval("normal", ago(minutes=408), ago(minutes=248)),
            devices.HealthInterval("failure", ago(minutes=248), NOW),
        ),
        frozen_at=ago(minutes=152) if frozen else None,
        ranges=()
        if frozen
        else (
            shell.FilterLink("8 h", "?range=8h", is_current=True, name="8h"),
            shell.FilterLink("7 d", "?range=7d", name="7d"),
            shell.FilterLink("90 d", "?range=90d", name="90d"),
        ),
        signals=()
        if frozen
        else (
            shell.FilterLink("Inside temperature", "?signal=inside_temperature", is_current=True),
            shell.FilterLink("Stage 1 current", "?signal=stage_1_current"),
        ),
        source="" if frozen else "/api/v1/devices/d1/telemetry?signal=inside_temperature",
    )


def signals() -> tuple[devices.SignalValue, ...]:
    value = devices.SignalValue
    return (
        value("inside", "Inside temperature", -66.8, "°C", 1, health="failure", high=-75.0, was="limit −75, was −80.1"),
        value("stage_2", "Stage 2 current", 0.0, "A", 1, health="failure", low=3.8, high=5.2),
        value("stage_1", "Stage 1 current", 4.4, "A", 1, low=3.8, high=5.2),
        value("room", "Room temperature", 21.6, "°C", 1, high=28.0),
        value("door", "Door", "Closed", was="2 openings today"),
    )


def live_part() -> devices.LivePart:
    return devices.LivePart(
        device_id="d1",
        verdict=devices.Verdict(
            health="failure",
            reason="The second cooling stage has stopped. It is −66.8 °C inside and warming by 3 °C an hour.",
            since_at=ago(hours=4, minutes=8),
            outlook="At this pace it reaches −50 °C at about 16:00.",
            on_it_name="Jonas Lindqvist",
            on_it_initials="JL",
            on_it_note="on his way, about 11:30",
            can_do="Keep both doors closed.",
            can_do_note="Move samples before 16:00.",
            last_word="Compressor 2 is on the van.",
            last_word_href="/entries/e1",
            last_word_by="Jonas",
            last_word_at=ago(minutes=12),
        ),
        connectivity=devices.Connectivity("online", ago(seconds=4)),
        signals=signals(),
        version=7,
    )


def today() -> devices.TimelineGroup:
    event = devices.TimelineEvent
    word = event(
        ago(minutes=12),
        "Jonas: “Compressor 2 is on the van.”",
        "/entries/e1",
        icon="wrench",
        role="engineer",
        facts=("official update",),
    )
    crossed = event(
        ago(hours=2, minutes=32),
        "Inside temperature crossed −75 °C",
        "/entries/e2",
        "off_spec",
        code="P-110",
        facts=("still active",),
    )
    seen = event(ago(hours=3, minutes=56), "Aisha Rahman acknowledged, after 12 minutes", icon="eye", is_minor=True)
    stopped = event(
        ago(hours=4, minutes=8),
        "The second cooling stage stopped",
        "/entries/e1",
        "failure",
        code="P-302",
        facts=("9 comments",),
        unread=2,
    )
    return devices.TimelineGroup("Today", (word, crossed, seen, stopped))


def happened() -> tuple[devices.TimelineGroup, ...]:
    warm = devices.TimelineEvent(
        ago(days=28), "Warm after a long door opening", "/entries/e3", "off_spec", facts=("resolved in 1 h 50 min",)
    )
    return (today(), devices.TimelineGroup("October", (warm,)))


def timeline(*, empty: bool = False) -> devices.Timeline:
    return devices.Timeline(
        device_id="d1",
        filters=(shell.FilterLink("All", "?", is_current=True), shell.FilterLink("Status", "?kind=transition")),
        groups=() if empty else happened(),
    )


def similar() -> tuple[devices.SimilarEntry, ...]:
    return (
        devices.SimilarEntry("Stage 2 does not start: P-302", "/entries/e4", "Article, confirmed on 11 machines."),
        devices.SimilarEntry(
            "Stage 2 stopped after a power dip", "/entries/e5", "Another Polar 86, solved in 3 h", "normal"
        ),
    )


def readers() -> tuple[devices.Reader, ...]:
    return (
        devices.Reader("building", "Engdal Mejeri, 6 people"),
        devices.Reader("wrench", "Nordværk service, 3 people"),
        devices.Reader("people", "Polar 86 owners: not shared", is_in=False),
    )


def device() -> devices.DevicePage:
    return devices.DevicePage(
        id="d1",
        name="Culture bank freezer",
        model="Polar 86",
        serial="PL86-0931",
        site="Videbæk, cold room",
        firmware="2.8.0",
        live=live_part(),
        availability=devices.Availability(
            days=days(d14="maintenance_required", d40="unknown", d61="off_spec", d62="off_spec", d89="failure"),
            first_on=ago(days=89).date(),
            normal_percent=97.6,
            reported_percent=99.8,
            exceptions=(devices.NotNormalDay("Today: second cooling stage stopped", "failure", 14880, "/entries/e1"),),
        ),
        timeline=timeline(),
        chart=chart(),
        facts=(devices.Fact("Serial", "PL86-0931", is_code=True), devices.Fact("Reports", "every 10 s")),
        maintenance=(devices.Fact("Last", "5 October 2026"), devices.Fact("Next", "April 2027")),
        readers=readers(),
        similar=similar(),
        planned=maintenance_views.notice(),
        maintenance_href="/devices/d1/maintenance",
        availability_href="/devices/d1/availability",
    )


def silent_device() -> devices.DevicePage:
    return devices.DevicePage(
        id="d2",
        name="Conductivity meter",
        model="Lumen C1",
        serial="LC1-5540",
        site="Videbæk",
        firmware="",
        live=devices.LivePart(
            "d2",
            devices.Verdict("unknown", "Added Monday. It has not sent anything yet."),
            devices.Connectivity("never_seen"),
        ),
        availability=devices.Availability(("unknown",) * 90, ago(days=89).date()),
        timeline=timeline(empty=True),
    )
