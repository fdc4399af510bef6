"""A machine says that its values are no good: what is known of it is named and shown no more."""

from datetime import timedelta

import pytest

from statusportal.app import create_app
from statusportal.foundation.clock import instant_text
from statusportal.foundation.vocabulary import Health
from statusportal.identity.issuing import issue_personal_token
from statusportal.ingest.follow import follow_once
from tests.factories.accounts import actor_for, make_organisation, make_person
from tests.factories.fleet import device_token, make_device, make_limit, make_model


@pytest.fixture
def client(settings, works):
    return create_app(settings, works).test_client()


def test_machine_whose_values_are_all_bad_is_unknown_and_no_failure(works, client, clock):
    alpha = make_organisation(works, "alpha")
    model = make_model(works, "oven")
    make_limit(works, model, threshold=90.0, health=Health.FAILURE)
    device = make_device(works, alpha, "A-1", model)
    machine = {"Authorization": f"Bearer {device_token(works, device)}"}
    with works.writing(actor_for(works, make_person(works, alpha))) as work:
        _, secret = issue_personal_token(work, "script", [], None)
    reader = {"Authorization": f"Bearer {secret}"}

    def send(value, **more):
        clock.move(timedelta(minutes=1))
        body = {"ts": instant_text(clock.now()), "values": {"temperature": value}, **more}
        answer = client.post("/api/v1/telemetry", json=body, headers=machine)
        follow_once(works)
        shown = client.get(f"/api/v1/devices/{device.id}", headers=reader).json
        return answer.json["accepted"], shown["health"], shown["connectivity"], shown["reason"]

    broken = send(95.0)
    bad = [send(0.0, quality="bad") for _ in range(3)]
    usable = send(96.0)

    assert [one[:3] for one in (broken, *bad, usable)] == [
        (1, "failure", "online"),
        (1, "failure", "online"),
        (1, "failure", "online"),
        (1, "unknown", "online"),
        (1, "failure", "online"),
    ]
    assert bad[2][3].startswith("No usable value has come since")
    assert bad[2][3].endswith("It had failed then.")
