"""Samples in and out over HTTP, as a device's script and a person's script see it."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from statusportal.access.actor import SYSTEM
from statusportal.app import create_app
from statusportal.credentials.models import DeviceCredential
from statusportal.foundation.clock import to_ms
from statusportal.identity.issuing import issue_personal_token
from statusportal.ingest.follow import follow_once
from statusportal.passage.service import expire_due
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.fleet import device_token, gateway_token, make_device, make_limit, make_model, make_transfer

NAN_BODIES = [b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"ts": 1, "values": {"a": NaN}}']
UNREADABLE = [
    b"",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"a": "\xff"}',
    b"\xff\xfe",
    b"null",
    b"7",
    b'"text"',
    *NAN_BODIES,
]


@pytest.fixture
def app(settings, works):
    return create_app(settings, works)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def alpha(works):
    return make_organisation(works, "alpha")


@pytest.fixture
def device(works, alpha, clock):
    model = make_model(works, "oven")
    make_limit(works, model, threshold=90.0, hysteresis=5.0)
    return make_device(works, alpha, "A-1", model, from_at=clock.now() - timedelta(days=30))


@pytest.fixture
def send(works, client, device):
    headers = {"Authorization": f"Bearer {device_token(works, device)}"}

    def post(body, extra=None, **more):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content_type": "application/json", "headers": headers | (extra or {})} | more
        return client.post("/api/v1/telemetry", data=data, **given)

    return post


@pytest.fixture
def read(works, client, alpha):
    person = make_person(works, alpha)
    return reader_for(works, client, person)


def reader_for(works, client, person):
    with works.writing(actor_for(works, person)) as work:
        _, secret = issue_personal_token(work, "script", [], None)

    def get(path, **query):
        return client.get(f"/api/v1{path}", query_string=query, headers={"Authorization": f"Bearer {secret}"})

    return get


def counts(answer):
    return answer.status_code, *(answer.json[name] for name in ("accepted", "duplicates", "conflicts", "rejected"))


def test_three_forms_of_a_body_are_taken(send, clock):
    now_ms = to_ms(clock.now())

    long = send({"ts": now_ms, "values": {"temperature": 21.5, "door": False, "mode": "idle"}})
    many = send([{"ts": "2026-11-18T11:59:59.123456Z", "values": {"temperature": 20}}, {"temperature": 21.5}])
    flat = send({"pressure": 3})

    assert counts(long) == (200, 3, 0, 0, [])
    assert counts(many) == (200, 1, 1, 0, [])
    assert counts(flat) == (200, 1, 0, 0, [])


def test_duplicates_conflicts_and_rejects_are_counted_apart(send, clock):
    now_ms = to_ms(clock.now())
    send({"ts": now_ms, "values": {"temperature": 21.5}})

    answer = send(
        [
            {"ts": now_ms, "values": {"temperature": 21.5}},
            {"ts": now_ms, "values": {"temperature": 22.5}},
            {"ts": now_ms, "values": {"temperature": "warm", "pressure": 1.0}},
            {"ts": "yesterday", "values": {"pressure": 2.0}},
            {"ts": 631151999999, "values": {"pressure": 2.0}},
        ]
    )

    status, *found, rejected = counts(answer)
    assert (status, found) == (200, [1, 1, 1])
    assert [(one["index"], one["signal"]) for one in rejected] == [(2, "temperature"), (3, None), (4, "pressure")]
    assert rejected[0]["detail"] == "a number was declared, not a text"
    assert rejected[2]["detail"] == "the time is before 1990-01-01"


def test_nothing_usable_is_422_and_names_the_reasons(send):
    answer = send([{"ts": "never", "values": {"a": 1}}, {"ts": 1, "values": {"a": 1}}])

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert [one["pointer"] for one in answer.json["errors"]] == ["/0", "/1"]
    assert [one["index"] for one in answer.json["rejected"]] == [0, 1]
    assert send([]).status_code == 422
    assert send({"ts": 1700000000000, "values": {}}).status_code == 422


def test_duplicates_alone_are_usable(send):
    body = {"ts": 1763467200000, "values": {"a": 1}}
    send(body)

    assert counts(send(body)) == (200, 0, 1, 0, [])


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_unreadable_body_is_400(send, body):
    answer = send(body)

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["detail"]


def test_body_of_another_type_is_415(send):
    assert send({"a": 1}, content_type="text/plain").status_code == 415
    assert send({"a": 1}, content_type="application/x-www-form-urlencoded").status_code == 415


def test_without_a_usable_token_nothing_is_taken(works, client, send):
    person = make_person(works, make_organisation(works, "beta"))
    with works.writing(actor_for(works, person)) as work:
        _, personal = issue_personal_token(work, "script", [], None)

    answers = [
        client.post("/api/v1/telemetry", json={"a": 1}),
        client.post("/api/v1/telemetry", json={"a": 1}, headers={"Authorization": "Bearer spd_wrong"}),
        client.post("/api/v1/telemetry", json={"a": 1}, headers={"Authorization": f"Bearer {personal}"}),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 403]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}


def test_use_of_a_token_is_noted_seldom(works, send, clock):
    def used_at():
        with works.reading(SYSTEM) as work:
            return work.session.scalars(select(DeviceCredential.used_at)).one()

    before, first = used_at(), clock.now()
    send({"a": 1})
    clock.move(timedelta(minutes=59))
    send({"a": 1})
    kept = used_at()
    clock.move(timedelta(minutes=1))
    send({"a": 1})

    assert (before, kept, used_at()) == (None, first, first + timedelta(hours=1))


def test_too_many_samples_or_bytes_are_413(send):
    samples = [{"ts": 1763467200000 + index, "values": {"a": index}} for index in range(10_001)]

    many = send(samples)
    large = send(b'{"a": "' + b"x" * 5_300_000 + b'"}')

    assert (many.status_code, large.status_code) == (413, 413)
    assert counts(send(samples[:10_000]))[:2] == (200, 10_000)


def test_device_over_its_rate_is_told_when_to_come_back(works, settings, device):
    # Few enough to be sent within the window of ten seconds on any machine.
    works.settings = replace(settings, samples_per_second=10, samples_per_request=100)
    client = create_app(works.settings, works).test_client()
    headers = {"Authorization": f"Bearer {device_token(works, device)}"}
    full = [{"ts": 1763467200000 + index, "values": {"a": 1}} for index in range(100)]

    first = client.post("/api/v1/telemetry", json=full, headers=headers)
    answer = client.post("/api/v1/telemetry", json={"a": 1}, headers=headers)

    assert first.status_code == 200

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 10


def test_gateway_names_its_devices(works, client, alpha, device):
    foreign = make_device(works, make_organisation(works, "beta"), "B-1")
    headers = {"Authorization": f"Bearer {gateway_token(works, alpha)}"}

    answer = client.post(
        "/api/v1/telemetry",
        json=[
            {"device": device.serial, "ts": 1763467200000, "values": {"a": 1}},
            {"device": foreign.serial, "ts": 1763467200000, "values": {"a": 1}},
            {"ts": 1763467200000, "values": {"a": 1}},
        ],
        headers=headers,
    )

    status, *found, rejected = counts(answer)
    assert (status, found) == (200, [1, 0, 0])
    assert [one["index"] for one in rejected] == [1, 2]


def test_safe_retry_key_gives_the_first_answer_again(send):
    key = {"Idempotency-Key": "k-1"}

    first = send({"ts": 1763467200000, "values": {"a": 1}}, key)
    again = send({"ts": 1763467200000, "values": {"a": 1}}, key)
    other = send({"ts": 1763467200000, "values": {"a": 2}}, key)

    assert (first.status_code, again.data) == (200, first.data)
    assert other.status_code == 409


def test_signals_show_newest_values_units_and_limits_and_which_are_stale(send, read, device, clock):
    at_ms = to_ms(clock.now()) - 1500
    send([{"ts": at_ms, "values": {"temperature": 21.5}}, {"ts": at_ms - 180_000, "values": {"mode": "idle"}}])

    answer = read(f"/devices/{device.id}/signals")

    limit = {
        "code": "temperature_high",
        "side": "high",
        "threshold": 90.0,
        "hysteresis": 5.0,
        "duration_s": 0,
        "health": "off_spec",
    }
    time, before = "2026-11-18T11:59:58.500Z", "2026-11-18T11:56:58.500Z"
    assert answer.json["items"] == [
        {"signal": "temperature", "label": "Temperature", "value": 21.5, "unit": "°C", "time": time, "quality": "good",
         "is_stale": False, "limits": [limit]},
        {"signal": "mode", "label": "mode", "value": "idle", "unit": "", "time": before, "quality": "good",
         "is_stale": True, "limits": []},
    ]  # fmt: skip


def test_raw_pages_give_every_point_once(send, read, device, clock):
    start_ms = to_ms(clock.now()) - 100_000
    send([{"ts": start_ms + index, "values": {"temperature": float(index), "b": index}} for index in range(10)])

    pages, cursor = [], None
    while len(pages) < 10:
        query = {"signal": "temperature", "limit": 4, "from": start_ms + 1, "to": start_ms + 10}
        page = read(f"/devices/{device.id}/telemetry", **query, **({"cursor": cursor} if cursor else {})).json
        pages.append(page)
        cursor = page["next"]
        if cursor is None:
            break

    assert [page["unit"] for page in pages] == ["°C", "°C", "°C"]
    assert [point for page in pages for point in page["points"]] == [
        [start_ms + index, float(index)] for index in range(1, 10)
    ]


def test_several_signals_page_one_after_the_other(send, read, device, clock):
    start_ms = to_ms(clock.now()) - 100_000
    send([{"ts": start_ms + index, "values": {"a": index, "b": -index}} for index in range(3)])

    first = read(f"/devices/{device.id}/telemetry", signal=["a", "b"], limit=4).json
    second = read(f"/devices/{device.id}/telemetry", signal=["a", "b"], limit=4, cursor=first["next"]).json

    assert [(one["signal"], [value for _, value in one["points"]]) for one in first["series"]] == [
        ("a", [0, 1, 2]),
        ("b", [0]),
    ]
    assert [(one["signal"], [value for _, value in one["points"]]) for one in second["series"]] == [
        ("a", []),
        ("b", [-1, -2]),
    ]
    assert second["next"] is None


def test_downsampled_series_keeps_its_peak(send, read, device, clock):
    start_ms = to_ms(clock.now()) - 5_000_000
    values = [500.0 if index == 2_345 else float(index % 7) for index in range(5_000)]
    send([{"ts": start_ms + 1000 * index, "values": {"a": value}} for index, value in enumerate(values)])

    drawn = read(f"/devices/{device.id}/telemetry", signal="a", max_points=100).json
    whole = read(f"/devices/{device.id}/telemetry", signal="a", max_points=6_000).json

    assert drawn["downsampled"] is True
    assert len(drawn["points"]) == 100
    assert max(value for _, value in drawn["points"]) == 500.0
    assert "downsampled" not in whole
    assert len(whole["points"]) == 5_000


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 10_001}, {"from": "yesterday"}, {"from": "2026-11-18T12:00:00"}, {"max_points": 1},
     {"cursor": "x"}, {"from": 2, "to": 1}, {"colour": "red"}, {"from": "9" * 40}],
    ids=str,
)  # fmt: skip
def test_wrong_question_is_422_and_names_the_field(read, device, query):
    answer = read(f"/devices/{device.id}/telemetry", signal="a", **query)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["errors"][0]["pointer"] == "/" + next(iter(query))


def test_health_tells_intervals_and_days(works, send, read, device, clock):
    send({"temperature": 95.0})
    follow_once(works)
    clock.move(timedelta(hours=1))
    with works.writing(SYSTEM) as work:
        expire_due(work)

    answer = read(f"/devices/{device.id}/health").json

    assert [(one["health"], one["connectivity"], one["from"], one["to"]) for one in answer["intervals"]] == [
        ("off_spec", "online", "2026-11-18T12:00:00.000Z", "2026-11-18T12:02:00.000Z"),
        ("off_spec", "stale", "2026-11-18T12:02:00.000Z", "2026-11-18T12:05:00.000Z"),
        ("unknown", "offline", "2026-11-18T12:05:00.000Z", None),
    ]
    assert answer["intervals"][0]["cause"].startswith("Temperature is 95.0")
    assert len(answer["days"]) == 91
    assert answer["days"][-1] == {
        "date": "2026-11-18", "worst": "off_spec", "availability": 0.0, "good_s": 0, "known_s": 300,
        "planned_s": 0, "breakdowns": 1,
    }  # fmt: skip
    assert answer["days"][-2]["availability"] is None


def test_conditions_are_listed_with_their_state(works, send, read, device):
    send({"temperature": 95.0})
    follow_once(works)

    (condition,) = read(f"/devices/{device.id}/conditions").json["items"]

    assert (condition["code"], condition["state"], condition["health"]) == ("temperature_high", "active", "off_spec")
    assert (condition["signal"], condition["value"], condition["count"]) == ("temperature", 95.0, 1)


def test_stranger_and_missing_look_the_same(works, client, send, device):
    send({"temperature": 95.0})
    stranger = reader_for(works, client, make_person(works, make_organisation(works, "beta")))

    for path in ("signals", "telemetry", "health", "conditions"):
        foreign = stranger(f"/devices/{device.id}/{path}")
        missing = stranger(f"/devices/00000000-0000-7000-8000-000000000000/{path}")
        garbage = stranger(f"/devices/nothing/{path}")

        assert (foreign.status_code, foreign.data) == (404, missing.data) == (404, garbage.data)


def test_each_owner_reads_their_own_time(works, client, send, read, device, clock):
    send({"ts": to_ms(clock.now()) - 1000, "values": {"temperature": 1.0, "old": 1}})
    buyers = make_organisation(works, "beta")
    make_transfer(works, device, buyers)
    clock.move(timedelta(seconds=5))
    buyer = reader_for(works, client, make_person(works, buyers))
    headers = {"Authorization": f"Bearer {device_token(works, device)}"}
    client.post("/api/v1/telemetry", json={"temperature": 2.0}, headers=headers)

    def seen(get):
        values = {one["signal"]: one["value"] for one in get(f"/devices/{device.id}/signals").json["items"]}
        points = get(f"/devices/{device.id}/telemetry", signal="temperature").json["points"]
        return values, [value for _, value in points]

    assert seen(read) == ({"temperature": 1.0, "old": 1}, [1.0])
    assert seen(buyer) == ({"temperature": 2.0}, [2.0])
    assert send({"temperature": 3.0}).status_code == 401
