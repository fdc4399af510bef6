"""The contract of a channel, and every channel that carries letters passes it."""

import ssl
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from statusportal.notifications.channels.recording import RecordingChannel
from statusportal.notifications.channels.smtp import SmtpChannel
from statusportal.notifications.channels.writing import message_of
from statusportal.notifications.errors import ChannelDown, LetterRefused
from statusportal.notifications.vocabulary import Letter
from tests.servers.certificates import MISSING, OPENSSL, Authority
from tests.servers.mail import PASSWORD, USER, MailServer

SENDER = "Nordværk A/S <portal@nordvaerk.example>"
LETTER = Letter("mette@engdal.example", "Ny indlogning – æøå 漢字", "Første.\n\n.\n..\nSlut 🥫\n", "<p>Første.</p>\n")


@dataclass
class Carried:
    """What came out at the other end of a channel."""

    to: str
    subject: str
    text: str
    html: str


class Recorded:
    """The recording channel, and what it kept."""

    def __init__(self):
        self.channel = RecordingChannel(SENDER)

    def carried(self):
        return [Carried(one.to, one.subject, one.text, one.html) for one in self.channel.letters]

    def stop(self):
        """Nothing to stop."""


class Mailed:
    """The mail channel, and what its server took."""

    def __init__(self, server, channel):
        self.server, self.channel = server, channel

    def carried(self):
        bodies = [
            {one.get_content_subtype(): _lines(one.get_content()) for one in message.iter_parts()}
            for message in self.server.messages
        ]
        return [
            Carried(",".join(to), str(message["Subject"]), body["plain"], body["html"])
            for to, message, body in zip(self.server.recipients, self.server.messages, bodies, strict=True)
        ]

    def stop(self):
        self.server.stop()


def _lines(text):
    """Give the text with the line ends of this machine: on the wire they are two signs."""
    return text.replace("\r\n", "\n")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    if OPENSSL is None:
        pytest.skip(MISSING)
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def contexts(authority):
    certificate, key = authority.issue("localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=authority.ca_file)


@pytest.fixture(params=["recording", "smtp", "smtp with STARTTLS", "smtps"])
def place(request):
    if request.param == "recording":
        yield Recorded()
        return
    if request.param == "smtp":
        with MailServer() as server:
            yield Mailed(server, SmtpChannel(f"smtp://127.0.0.1:{server.port}", SENDER))
        return
    theirs, ours = request.getfixturevalue("contexts")
    scheme = "smtps" if request.param == "smtps" else "smtp"
    with MailServer(theirs, is_encrypted=scheme == "smtps", asks=scheme == "smtp") as server:
        names = f"{USER}:{quote(PASSWORD)}@" if scheme == "smtp" else ""
        yield Mailed(server, SmtpChannel(f"{scheme}://{names}localhost:{server.port}", SENDER, ours))
        assert set(server.was_encrypted) <= {True}


def test_letter_arrives_once_and_word_by_word(place):
    place.channel.send(LETTER)

    assert place.carried() == [Carried(LETTER.to, LETTER.subject, LETTER.text, LETTER.html)]


def test_letters_arrive_in_order(place):
    for number in range(3):
        place.channel.send(Letter(LETTER.to, f"No. {number}", "x\n", "x"))

    assert [one.subject for one in place.carried()] == ["No. 0", "No. 1", "No. 2"]


@pytest.mark.parametrize(
    "address", ["", "mette", "mette@", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"]
)
def test_what_is_no_address_is_refused_for_ever(place, address):
    with pytest.raises(LetterRefused):
        place.channel.send(Letter(address, "x", "x\n", "x"))

    assert place.carried() == []


def test_subject_stays_one_line(place):
    place.channel.send(Letter(LETTER.to, "Hello\r\nBcc: eve@evil.example\r\n\r\nBody", "x\n", "x"))

    (carried,) = place.carried()
    assert carried.to == LETTER.to
    assert carried.subject.split() == ["Hello", "Bcc:", "eve@evil.example", "Body"]


@given(st.text(max_size=80), st.text(max_size=80))
@example(subject="", sender="0@¡")
def test_no_name_and_no_subject_makes_a_header(subject, sender):
    sender = f"{''.join(one for one in sender if one.isprintable())} <portal@nordvaerk.example>"
    try:
        message = message_of(Letter(LETTER.to, subject, "x\n", "x"), sender)
    except LetterRefused:
        return  # a sender's name that makes the sender's address none

    head = message.as_bytes().split(b"\r\n\r\n")[0].decode()
    names = [line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in {" ", "\t"}]
    assert sorted(names) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ]


@pytest.mark.parametrize(("line", "error"), [("550 no such mailbox", LetterRefused), ("451 later", ChannelDown)])
def test_server_that_refuses_says_whether_for_ever(line, error):
    with MailServer() as server:
        server.refuse = line
        with pytest.raises(error):
            SmtpChannel(f"smtp://127.0.0.1:{server.port}", SENDER).send(LETTER)

    assert server.messages == []


def test_server_that_is_away_is_asked_again_later():
    with MailServer() as server:
        port = server.port

    with pytest.raises(ChannelDown):
        SmtpChannel(f"smtp://127.0.0.1:{port}", SENDER).send(LETTER)


def test_wrong_password_is_no_fault_of_the_letter(contexts):
    theirs, ours = contexts
    with MailServer(theirs, asks=True) as server, pytest.raises(ChannelDown):
        SmtpChannel(f"smtp://{USER}:wrong@localhost:{server.port}", SENDER, ours).send(LETTER)

    assert server.messages == []


def test_password_is_never_said_in_the_clear():
    with MailServer() as server, pytest.raises(ChannelDown):
        SmtpChannel(f"smtp://{USER}:{quote(PASSWORD)}@127.0.0.1:{server.port}", SENDER).send(LETTER)

    assert server.messages == []


def test_strange_certificate_is_not_trusted(contexts):
    theirs, _ = contexts
    with MailServer(theirs) as server, pytest.raises(ChannelDown):
        SmtpChannel(f"smtp://localhost:{server.port}", SENDER).send(LETTER)

    assert server.messages == []
