"""Lines for a terminal that send one sample with a token that was just made."""

import shlex
from urllib.parse import urlsplit

from flask import url_for

from statusportal.http import portal

_SAMPLE = '{"temperature": 21.5}'


def http_example(token: str) -> str:
    """Write the line that posts a sample of a machine."""
    address = url_for("admin.home", _external=True).removesuffix("/admin/") + "/api/v1/telemetry"
    headers = f"-H {shlex.quote(f'Authorization: Bearer {token}')} -H 'Content-Type: application/json'"
    return f"curl {headers} -d '{_SAMPLE}' {address}"


def mqtt_example(token: str) -> str:
    """Write the line that publishes a sample of a machine; empty where the portal does not listen for MQTT."""
    return _publishing(token, "v1/devices/me/telemetry", _SAMPLE)


def gateway_mqtt_example(token: str) -> str:
    """Write the line that publishes a sample of one of a gateway's machines; empty where nothing listens."""
    return _publishing(token, "v1/gateway/telemetry", f'{{"SERIAL": [{{"values": {_SAMPLE}}}]}}')


def _publishing(token: str, topic: str, body: str) -> str:
    settings = portal.settings()
    if not settings.mqtt_port or not token:
        return ""
    host = urlsplit(url_for("admin.home", _external=True)).hostname
    trust = " --tls-use-os-certs" if settings.mqtt_certificate_file else ""
    place = f"-h {host} -p {settings.mqtt_port}{trust}"
    return f"mosquitto_pub {place} -u {shlex.quote(token)} -q 1 -t {topic} -m {shlex.quote(body)}"
