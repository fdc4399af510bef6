"""What the options of adapters are called in a form. Files and commands use their names; an unknown one shows it."""

from flask_babel import gettext as _

_UNITS = {"s": "s", "ms": "ms", "bytes": "B"}


def option_label(name: str) -> str:
    """Call an option by words, with its unit."""
    stem, unit = _stem_and_unit(name)
    words = _labels().get(stem, stem.replace("_", " ").capitalize())
    return f"{words} ({_UNITS[unit]})" if unit else words


def is_labelled(name: str) -> bool:
    """Say whether an option has words of its own, and not just its name."""
    return _stem_and_unit(name)[0] in _labels()


def _stem_and_unit(name: str) -> tuple[str, str]:
    stem, _line, unit = name.rpartition("_")
    return (stem, unit) if unit in _UNITS else (name, "")


def _labels() -> dict[str, str]:
    return {**_of_all(), **_of_mqtt()}


def _of_all() -> dict[str, str]:
    return {
        "batch_maximum": _("Largest batch"),
        "folder": _("Folder"),
        "format": _("Format"),
        "interval": _("Interval"),
        "machines": _("Machines"),
        "path": _("File"),
        "pattern": _("Pattern"),
        "rebase": _("Times"),
        "rounds": _("Rounds"),
        "settle": _("Settling time"),
        "size_maximum": _("Largest file"),
        "speed": _("Speed"),
        "unfinished": _("Settling time of a file without an end"),
    }


def _of_mqtt() -> dict[str, str]:
    return {
        "batch_wait": _("Wait for a batch"),
        "ca_file": _("Authority's certificate, a file"),
        "client_cert_file": _("Our certificate, a file"),
        "client_id": _("Client id"),
        "client_key_file": _("Our key, a file"),
        "connect_timeout": _("Wait for an answer"),
        "host": _("Host"),
        "keepalive": _("Sign of life"),
        "password": _("Password"),
        "port": _("Port"),
        "receive_maximum": _("Messages ahead"),
        "session_expiry": _("Session is kept"),
        "skip_verification": _("Skip verification"),
        "tls": _("TLS"),
        "topics": _("Topics"),
        "username": _("User name"),
        "version": _("Protocol version"),
    }
