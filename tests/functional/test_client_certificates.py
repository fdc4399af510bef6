"""A machine signs in with its TLS certificate: through a real nginx, and never where the header is not the proxy's."""

import base64
from datetime import timedelta
from urllib.parse import quote

import msgspec
import pytest
import requests

from statusportal.access.vocabulary import MemberRole
from statusportal.app import create_app
from statusportal.config import SettingWrong, load_settings
from tests.factories.accounts import make_organisation, make_person
from tests.factories.client_certificates import Authority
from tests.factories.doors import Visitor, token_of
from tests.factories.fleet import make_device, make_transfer
from tests.servers.nginx import MISSING, NGINX, Nginx
from tests.servers.portal_process import PortalProcess

HEADER = "X-Client-Certificate"
HOUR = timedelta(hours=1)
SAMPLE = {"temperature": 21.5}


@pytest.fixture
def plant(works, clock):
    """Alpha's press, its certificate accepted, in a portal behind a trusted proxy."""
    works.settings = msgspec.structs.replace(works.settings, trusted_proxies=1, client_certificate_header=HEADER)
    alpha = make_organisation(works, "alpha")
    authority = Authority(clock.now())
    plant = {
        "app": create_app(works.settings, works),
        "device": make_device(works, alpha, "P-1"),
        "token": token_of(works, make_person(works, alpha, MemberRole.CUSTOMER_ADMIN)),
        "authority": authority,
        "machine": authority.issue("press-1"),
    }
    plant["row"] = upload(plant, plant["machine"].pem).json
    return plant


def upload(plant, pem, **more):
    address = f"/api/v1/devices/{plant['device'].id}/credentials"
    return Visitor(plant["app"].test_client(), plant["token"]).ask("POST", address, json={"certificate": pem, **more})


def send(plant, value, name=HEADER):
    client = plant["app"].test_client()
    return client.post("/api/v1/telemetry", json=SAMPLE, headers={name: value}).status_code


def test_accepted_certificate_speaks_for_its_machine_in_both_forms(plant):
    machine = plant["machine"]

    sent = [send(plant, quote(machine.pem)), send(plant, f":{base64.b64encode(machine.der).decode()}:")]

    assert sent == [200, 200]
    assert (plant["row"]["kind"], plant["row"]["name"], plant["row"]["token"]) == ("certificate", "press-1", None)
    assert plant["row"]["fingerprint"] == machine.fingerprint
    assert plant["row"]["expires_at"] == "2026-11-28T12:00:00.000Z"


def test_certificate_of_the_same_authority_that_nobody_accepted_opens_nothing(plant):
    assert send(plant, quote(plant["authority"].issue("press-1").pem)) == 401


def test_header_is_ignored_without_the_setting(plant, works):
    works.settings = msgspec.structs.replace(works.settings, client_certificate_header="")
    plant["app"] = create_app(works.settings, works)

    assert send(plant, quote(plant["machine"].pem)) == 401


def test_header_of_another_name_is_ignored(plant):
    assert send(plant, quote(plant["machine"].pem), "X-Other-Certificate") == 401


def test_setting_needs_a_trusted_proxy(tmp_path):
    environment = {"STATUSPORTAL_INSTANCE_DIR": str(tmp_path)}

    with pytest.raises(SettingWrong, match="client_certificate_header needs trusted_proxies"):
        load_settings(environment, client_certificate_header=HEADER)


def test_certificate_opens_nothing_before_and_after_its_time(plant, clock):
    value = quote(plant["machine"].pem)

    clock.move(-25 * HOUR)
    early = send(plant, value)
    clock.move(25 * HOUR + 10 * 24 * HOUR)
    late = send(plant, value)

    assert (early, late) == (401, 401)


def test_expired_certificate_is_refused_at_the_upload(plant, clock):
    old = plant["authority"].issue("old", days=1)
    clock.move(25 * HOUR)

    answer = upload(plant, old.pem)

    assert (answer.status_code, answer.json["errors"]) == (422, [{"pointer": "/certificate", "detail": "has run out"}])


def test_revoked_certificate_and_one_of_a_sold_machine_open_nothing(plant, works, clock):
    other = plant["authority"].issue("second")
    row = upload(plant, other.pem).json
    address = f"/api/v1/credentials/{row['id']}"
    Visitor(plant["app"].test_client(), plant["token"]).ask("DELETE", address)
    revoked = send(plant, quote(other.pem))
    clock.move(HOUR)
    make_transfer(works, plant["device"], make_organisation(works, "beta"))

    assert (revoked, send(plant, quote(plant["machine"].pem))) == (401, 401)


def test_certificate_is_accepted_once(plant):
    answer = upload(plant, plant["machine"].pem)

    assert (answer.status_code, answer.json["detail"]) == (
        409,
        "This certificate cannot be used. Choose another one.",
    )


def test_fingerprint_is_no_token(plant):
    """What is public of a certificate must not open anything as a bearer token."""
    client = plant["app"].test_client()
    bearers = (plant["machine"].fingerprint, plant["machine"].pem.replace("\n", ""))

    answers = [
        client.post("/api/v1/telemetry", json=SAMPLE, headers={"Authorization": f"Bearer {one}"}) for one in bearers
    ]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_certificate_is_no_person(plant):
    client = plant["app"].test_client()

    answer = client.get("/api/v1/devices", headers={HEADER: quote(plant["machine"].pem)})

    assert answer.status_code == 401


@pytest.mark.skipif(NGINX is None, reason=MISSING)
def test_real_proxy_passes_the_certificate_on_and_drops_a_forged_header(tmp_path):
    authority = Authority()
    certificates = {name: authority.issue(name).files(tmp_path, name) for name in ("localhost", "press", "stranger")}
    root, _ = authority.own.files(tmp_path, "authority")
    portal = PortalProcess(tmp_path / "portal", trusted_proxies=1, client_certificate_header=HEADER)
    with portal, Nginx(tmp_path, portal.port, certificates["localhost"], root) as nginx:
        portal.make_organisation("alpha")
        device = portal.make_device("alpha", "press", "P-1")
        portal.told("credential", "create", "--device", device, "--certificate", str(certificates["press"][0]))

        def send(certificate=None, headers=None):
            address = f"{nginx.url}/api/v1/telemetry"
            return requests.post(address, json=SAMPLE, cert=certificate, headers=headers, verify=str(root), timeout=20)

        own, stranger, nobody = send(certificates["press"]), send(certificates["stranger"]), send()
        forged = send(headers={HEADER: quote(certificates["press"][0].read_text())})

    assert (own.status_code, own.json()["accepted"]) == (200, 1)
    assert [stranger.status_code, nobody.status_code, forged.status_code] == [401, 401, 401]


@pytest.mark.skipif(NGINX is None, reason=MISSING)
def test_real_proxy_that_checks_no_authority_still_proves_the_key(tmp_path):
    """With `optional_no_ca` the machine's own self-made certificate does, since its fingerprint is what counts."""
    authority, lone = Authority(), Authority(name="The machine itself")
    server = authority.issue("localhost").files(tmp_path, "localhost")
    root, _ = authority.own.files(tmp_path, "authority")
    own = lone.issue("press").files(tmp_path, "press")
    portal = PortalProcess(tmp_path / "portal", trusted_proxies=1, client_certificate_header=HEADER)
    with portal, Nginx(tmp_path, portal.port, server, root, verify="optional_no_ca") as nginx:
        portal.make_organisation("alpha")
        device = portal.make_device("alpha", "press", "P-1")
        portal.told("credential", "create", "--device", device, "--certificate", str(own[0]))
        address = f"{nginx.url}/api/v1/telemetry"

        answer = requests.post(address, json=SAMPLE, cert=own, verify=str(root), timeout=20)

    assert (answer.status_code, answer.json()["accepted"]) == (200, 1)
