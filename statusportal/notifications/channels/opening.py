"""Which channel the settings name. Opened once a portal, by `Works.kept`."""

from statusportal.notifications.channels.port import Channel
from statusportal.notifications.channels.recording import RecordingChannel
from statusportal.notifications.channels.smtp import SmtpChannel
from statusportal.work import Works

RECORDING = "recording:"


def mail_of(works: Works) -> Channel | None:
    """Return the channel that carries mail, or None where the operator named none."""
    return works.kept(_open)


def _open(works: Works) -> Channel | None:
    settings = works.settings
    if not settings.smtp_url:
        return None
    if settings.smtp_url == RECORDING:
        return RecordingChannel(settings.mail_from)
    return SmtpChannel(settings.smtp_url, settings.mail_from)
