"""Connections as an administrator sees and changes them in a browser without scripts."""

import html
import re
from datetime import timedelta

import pytest

from devices.reading import Reading
from devices.sentence import Sentence
from statusportal.access.actor import SYSTEM
from statusportal.access.vocabulary import MemberRole, StaffRole
from statusportal.app import create_app
from statusportal.connections.queries import connection_for, connections_page, kept_secrets_of
from statusportal.connections.reporting import report_progress
from statusportal.connections.vocabulary import ConnectionState, Happening, HappeningKind, Progress
from statusportal.foundation.clock import to_ms
from statusportal.foundation.ids import new_id
from statusportal.foundation.paging import Slice
from statusportal.ingest.sources import Source
from statusportal.ingest.store import store_readings
from tests.factories.accounts import PASSWORD, make_organisation, make_person
from tests.factories.connections import make_connection, state_of
from tests.factories.fleet import make_device
from tests.factories.recordings import NAB_EXCERPT

BROKER = {"host": "127.0.0.1", "port": 9, "topics": ["plant/+/telemetry"], "username": "u", "password": "hunter2"}
TYPED = {
    "name": "Plant broker",
    "options.host": "127.0.0.1",
    "options.port": "1883",
    "options.topics": "plant/+/telemetry\r\nhall/+/telemetry",
    "options.format": "thingsboard-json",
    "options.username": "u",
    "options.password": "hunter2",
    "options.version": "5",
    "device": "topic[1]",
}


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


def signed_in(app, works, **person):
    make_person(works, email="ann@example.com", name="Ann", password=PASSWORD, **person)
    client = app.test_client()
    assert client.post("/api/v1/session", json={"email": "ann@example.com", "password": PASSWORD}).status_code == 204
    return client


@pytest.fixture
def admin(app, works):
    return signed_in(app, works, staff_role=StaffRole.ADMIN)


def post(client, address, form):
    token = client.get("/api/v1/session").json["csrf_token"]
    return client.post(address, data={**form, "csrf_token": token})


quoted = Sentence.quoting


def in_danish(client, address, form=None):
    """Read a page, or send a form, as somebody who reads Danish."""
    post(client, "/preferences/language", {"locale": "da"})
    return client.get(address) if form is None else post(client, address, form)


def words(answer):
    """Return the page as somebody reads it."""
    body = re.sub(r"<(script|style).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_adapters_are_offered_and_the_chosen_one_asks_for_its_options(admin):
    offered = admin.get("/admin/connections/new")
    form = admin.get("/admin/connections/new?adapter=mqtt")

    assert re.findall(r"/admin/connections/new\?adapter=(\w+)", offered.text) == [
        "files",
        "mqtt",
        "replay",
        "simulated",
    ]
    assert {"options.host", "options.topics", "options.password"} <= set(re.findall(r'name="([^"]+)"', form.text))
    assert admin.get("/admin/connections/new?adapter=mqqt").status_code == 404


def test_made_connection_keeps_what_was_typed_and_hides_the_secret(admin, works, alpha):
    made = post(admin, "/admin/connections/new?adapter=mqtt", {**TYPED, "organisation": str(alpha.id)})

    with works.reading(SYSTEM) as work:
        row = connections_page(work, Slice()).items[0]
        secrets = kept_secrets_of(work, row)
    page = admin.get(f"/admin/connections/{row.id}")
    assert (made.status_code, made.location) == (303, f"/admin/connections/{row.id}")
    assert (row.name, row.organisation_id, row.mapping) == ("Plant broker", alpha.id, {"device": "topic[1]"})
    assert (row.options["port"], row.options["topics"]) == (1883, ["plant/+/telemetry", "hall/+/telemetry"])
    assert secrets == {"password"}
    assert "hunter2" not in page.text
    assert "Plant broker" in words(admin.get("/admin/connections"))


def test_wrong_port_stands_at_its_field_with_a_hint_and_nothing_is_kept(admin, works, alpha):
    form = {**TYPED, "organisation": str(alpha.id), "options.port": "88830"}

    answer = post(admin, "/admin/connections/new?adapter=mqtt", form)

    with works.reading(SYSTEM) as work:
        assert connections_page(work, Slice()).items == []
    assert answer.status_code == 422
    assert "Did you mean 8883?" in words(answer)
    assert 'value="88830"' in answer.text
    assert "hunter2" not in answer.text


def test_missing_organisation_is_asked_for(admin):
    answer = post(admin, "/admin/connections/new?adapter=mqtt", TYPED)

    assert answer.status_code == 422
    assert "Choose an organisation." in words(answer)


def test_change_without_the_secret_keeps_it(admin, works, alpha):
    connection_id = make_connection(works, alpha, "mqtt", BROKER, {"device": "topic[1]", "signals": {"a": "b"}})
    changed = {key: value for key, value in TYPED.items() if key != "options.password"}

    answer = post(admin, f"/admin/connections/{connection_id}", {**changed, "name": "Renamed"})

    with works.reading(SYSTEM) as work:
        row = connection_for(work, connection_id)
        secrets = kept_secrets_of(work, row)
    assert answer.status_code == 303
    assert (row.name, row.version, secrets) == ("Renamed", 2, {"password"})
    assert row.mapping == {"device": "topic[1]", "signals": {"a": "b"}}


def test_stopped_connection_goes_live_again(admin, works, alpha):
    connection_id = make_connection(works, alpha, "mqtt", BROKER)

    post(admin, f"/admin/connections/{connection_id}/run", {"do": "stop"})
    stopped = state_of(works, connection_id).is_enabled
    post(admin, f"/admin/connections/{connection_id}/run", {"do": "start"})

    assert (stopped, state_of(works, connection_id).is_enabled) == (False, True)


def test_test_shows_the_trouble_or_what_was_seen_and_stores_nothing(admin, works, alpha):
    dead = post(
        admin, "/admin/connections/test?adapter=mqtt", {**TYPED, "options.port": "9", "organisation": str(alpha.id)}
    )
    connection_id = make_connection(
        works, alpha, "replay", {"path": str(NAB_EXCERPT)}, {"device": "NAB-1"}, format_options={"time_zone": "UTC"}
    )
    form = {"name": "x", "options.path": str(NAB_EXCERPT), "device": "NAB-1"}
    seen = post(admin, f"/admin/connections/{connection_id}/test", form)

    assert (dead.status_code, seen.status_code) == (200, 200)
    assert "mqtt://127.0.0.1:9: Nobody answers" in words(dead)
    assert "NAB-1 value" in words(seen)
    with works.reading(SYSTEM) as work:
        assert [row.id for row in connections_page(work, Slice()).items] == [connection_id]


def test_page_tells_trouble_gaps_refusals_conflicts_and_unknown_serials(admin, works, clock, alpha):
    connection_id = make_connection(works, alpha, "mqtt", BROKER)
    make_device(works, alpha, "SN-1", from_at=clock.now() - timedelta(days=1))
    for value in (1.5, 2.5):
        source = Source.connection(connection_id, alpha.id)
        store_readings(works, source, [Reading("SN-1", "temperature", to_ms(clock.now()), value)])
    gap = Happening(
        HappeningKind.GAP,
        clock.now(),
        Sentence.quoting("The broker was away."),
        from_at=clock.now() - timedelta(minutes=7),
    )
    bad = Happening(
        HappeningKind.REFUSED,
        clock.now(),
        quoted("Not JSON."),
        topic="plant/<b>/x",
        excerpt="<script>alert(1)</script>",
    )
    progress = Progress(
        accepted=41_234,
        conflicts=1,
        state=ConnectionState.FAILED,
        last_error=quoted("Nobody answers."),
        last_error_at=clock.now(),
        happenings=(gap, bad),
        unknown={"SN-9": 3},
    )
    with works.writing(SYSTEM) as work:
        report_progress(work, alpha.id, connection_id, progress)

    page = admin.get(f"/admin/connections/{connection_id}")

    said = words(page)
    shown = ["Nobody answers.", "41,234", "The broker was away.", "Not JSON.", "SN-1", "1.5", "2.5", "SN-9"]
    assert [word for word in shown if word not in said] == []
    assert "<script>alert(1)" not in page.text
    add = html.unescape(re.search(r'href="(/admin/devices/new[^"]+)"', page.text)[1])
    assert add == f"/admin/devices/new?serial=SN-9&organisation={alpha.id}"
    assert 'value="SN-9"' in admin.get(add).text


def test_dead_broker_is_told_in_the_readers_language(admin, alpha):
    form = {**TYPED, "options.port": "9", "organisation": str(alpha.id)}

    answer = in_danish(admin, "/admin/connections/test?adapter=mqtt", form)

    assert "mqtt://127.0.0.1:9: Ingen svarer: forbindelsen blev afvist." in words(answer)


def test_wrong_options_are_told_in_the_readers_language(admin, alpha):
    typed = {**TYPED, "organisation": str(alpha.id)}
    wrong = {
        "options.port": ("88830", "Der var ventet højst 65535. Mente du 8883?"),
        "options.keepalive_s": ("soon", "Der var ventet et helt tal, ikke en tekst."),
        "options.version": ("4", "Der er intet valg '4'."),
        "options.topics": ("a/#/b", "'a/#/b' er ikke et emnefilter: + står alene, # står alene og sidst."),
        "options.format": ("native-jason", "Intet format hedder 'native-jason'. Der findes: "),
    }

    told = {
        name: words(in_danish(admin, "/admin/connections/new?adapter=mqtt", {**typed, name: value}))
        for name, (value, _) in wrong.items()
    }

    assert {name for name, (_, danish) in wrong.items() if danish not in told[name]} == set()


def test_stored_happenings_are_read_in_either_language(admin, works, clock, alpha):
    connection_id = make_connection(works, alpha, "mqtt", BROKER)
    fault = Sentence("The body is not JSON: %(given)s is no number in it.", given="NaN")
    lost = Sentence("Nobody answers: %(trouble)s.", trouble=Sentence("the connection was refused"))
    progress = Progress(
        state=ConnectionState.FAILED,
        last_error=lost,
        last_error_at=clock.now(),
        happenings=(Happening(HappeningKind.REFUSED, clock.now(), fault, topic="plant/1"),),
    )
    with works.writing(SYSTEM) as work:
        report_progress(work, alpha.id, connection_id, progress)
    address = f"/admin/connections/{connection_id}"

    english, danish = words(admin.get(address)), words(in_danish(admin, address))

    assert "Nobody answers: the connection was refused." in english
    assert "The body is not JSON: NaN is no number in it." in english
    assert "Ingen svarer: forbindelsen blev afvist." in danish
    assert "Indholdet er ikke JSON: NaN er ikke et tal dér." in danish


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.ENGINEER, MemberRole.CUSTOMER_ADMIN])
def test_others_find_no_connection_and_may_not_list_or_make_them(app, works, alpha, role):
    connection_id = make_connection(works, alpha, "mqtt", BROKER)
    is_staff = isinstance(role, StaffRole)
    given = {"staff_role": role} if is_staff else {"organisation": alpha, "role": role}
    client = signed_in(app, works, **given)

    one, nothing = client.get(f"/admin/connections/{connection_id}"), client.get(f"/admin/connections/{new_id()}")
    refused = [client.get("/admin/connections"), post(client, "/admin/connections/new?adapter=mqtt", TYPED)]
    stopped = post(client, f"/admin/connections/{connection_id}/run", {"do": "stop"})

    assert (one.status_code, stopped.status_code) == (404, 404)
    assert words(one) == words(nothing)
    assert [answer.status_code for answer in refused] == [403, 403]
    assert state_of(works, connection_id).is_enabled is True
