"""A real mail server in this process: plain, with STARTTLS, or encrypted from the first byte, with or without names."""

import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.servers.ports import free_port

USER, PASSWORD = "portal", "a long walk to the mailbox"


class MailServer:
    """Take letters on a port of its own; `refuse` makes it answer the next recipients with that line."""

    def __init__(
        self, context: ssl.SSLContext | None = None, *, is_encrypted: bool = False, asks: bool = False
    ) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.was_encrypted: list[bool] = []
        self.refuse = ""
        starttls = context if context and not is_encrypted else None
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=context if is_encrypted else None,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=_authenticate if asks else None,
            auth_required=asks,
            auth_require_tls=starttls is not None,
        )

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, if it still runs."""
        self.stop()

    def stop(self) -> None:
        """Close the port."""
        if self._controller.server is not None:
            self._controller.stop(no_assert=True)

    async def _take_recipient(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or answer as told."""
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _take_message(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep a message."""
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        self.was_encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"

    # The names that aiosmtpd looks for.
    handle_RCPT, handle_DATA = _take_recipient, _take_message  # noqa: N815 - see above


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=is_right)
