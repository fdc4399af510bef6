"""A portal with a public address that sends its letters through a mail server, and where they lead."""

import re
from email.message import EmailMessage

import msgspec
from flask import Flask

from statusportal.app import create_app
from statusportal.work import Works
from tests.servers.mail import MailServer

SENDER = "Nordværk <portal@nordvaerk.example>"


def with_letters(works: Works, mail: MailServer, **more: object) -> Works:
    """Let a portal send letters, with further settings if any are given."""
    works.settings = msgspec.structs.replace(
        works.settings,
        smtp_url=f"smtp://127.0.0.1:{mail.port}",
        mail_from=SENDER,
        public_url="https://portal.example",
        **more,
    )
    return works


def app_of(works: Works) -> Flask:
    """Return the app, which a test calls by another name than the public one."""
    app = create_app(works.settings, works)
    app.config["TRUSTED_HOSTS"] = None
    return app


def link_in(message: EmailMessage) -> str:
    """Return the path that a letter leads to."""
    found = re.search(r"https://portal\.example(/\S+)", message.get_body(("plain",)).get_content())
    assert found is not None
    return found[1]
