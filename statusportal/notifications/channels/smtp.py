"""Mail by SMTP. `smtps://` is encrypted from the first byte; `smtp://` begins plain and turns to TLS by STARTTLS.

Beyond this very machine nothing is sent in the clear: a server that offers no STARTTLS is refused, since whoever sits
on the wire could have taken the offer away. Certificates are checked.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from statusportal.foundation.errors import Sentence
from statusportal.notifications.channels.writing import message_of
from statusportal.notifications.errors import ChannelDown, LetterRefused
from statusportal.notifications.vocabulary import Letter

_PORTS = {"smtp": 587, "smtps": 465}
_TIMEOUT_S = 10.0
_FOR_EVER = range(500, 600)


class SmtpChannel:
    """Send each letter over a connection of its own: letters are few, and a connection that idles is closed anyway."""

    def __init__(self, url: str, sender: str, trust: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._is_encrypted = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._trust = trust or ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        """Hand one letter to the server.

        Raises: LetterRefused, ChannelDown.
        """
        message = message_of(letter, self._sender)
        try:
            with self._connected() as server:
                server.send_message(message, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as err:
            code, _ = err.recipients[letter.to]
            raise _told(code) from err
        except smtplib.SMTPResponseException as err:
            # Who we are to the server is the operator's to mend, and no fault of the letter.
            is_ours = isinstance(err, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused)
            raise _down() if is_ours else _told(err.smtp_code) from err
        except (smtplib.SMTPException, OSError) as err:
            raise _down() from err

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        with self._opened() as server:
            self._turn_to_tls(server)
            if self._user:
                server.login(self._user, self._password)
            yield server

    def _opened(self) -> smtplib.SMTP:
        if self._is_encrypted:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_S, context=self._trust)
        return smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_S)

    def _turn_to_tls(self, server: smtplib.SMTP) -> None:
        if self._is_encrypted:
            return
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=self._trust)
            server.ehlo()
        elif self._user or not _is_this_machine(self._host):
            raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _told(code: int) -> LetterRefused | ChannelDown:
    return LetterRefused(Sentence("The mail server refuses this letter.")) if code in _FOR_EVER else _down()


def _down() -> ChannelDown:
    return ChannelDown(Sentence("The mail server takes no letters now."), retry_after_s=60)
