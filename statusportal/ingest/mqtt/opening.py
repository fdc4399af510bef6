"""Opening the listener's port, and the TLS that it speaks where files for it are configured."""

import socket
import ssl
from typing import Final

from statusportal.config import Settings

_BACKLOG: Final = 512


def listen_for_mqtt(settings: Settings) -> socket.socket:
    """Open the port on the address of `serve`.

    Raises: OSError when it is taken, or not ours.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.mqtt_port), family=family, backlog=_BACKLOG)


def tls_for_mqtt(settings: Settings) -> ssl.SSLContext | None:
    """Return the TLS of the listener, None where no certificate is configured.

    Shape: with an authority, a machine may prove a certificate of its own; which machine it is for, the portal knows.
    Raises: OSError for files that are no certificate and its key.
    """
    if not settings.mqtt_certificate_file:
        return None
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.load_cert_chain(settings.mqtt_certificate_file, settings.mqtt_key_file)
    if settings.mqtt_client_authority_file:
        tls.load_verify_locations(settings.mqtt_client_authority_file)
        tls.verify_mode = ssl.CERT_OPTIONAL
    return tls
