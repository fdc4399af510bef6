"""From a letter to a message as the wire wants it. Pure but for the message's own id and date.

Whatever a name or a subject holds, it is one header line: the standard library's policy refuses line feeds, and
what it would refuse is taken out before.
"""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid, parseaddr

from statusportal.foundation.errors import Sentence
from statusportal.notifications.errors import LetterRefused
from statusportal.notifications.vocabulary import Letter


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Write a message with both forms of the text, marked so that no machine answers it.

    Raises: LetterRefused for an address that is none.
    """
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    try:
        message["To"] = Address(addr_spec=letter.to)
        message["From"] = Address(one_line(name), addr_spec=address)
        (letter.to + address).encode("ascii")  # no other letters stand in an address on the wire
    except (MessageError, ValueError, IndexError) as err:
        raise LetterRefused(Sentence("This is no address that a letter can go to.")) from err
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    for header, value in letter.headers.items():
        message[header] = one_line(value)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def one_line(text: str) -> str:
    """Return the text as one line without signs that cannot be printed."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
