"""Settings: one file, each key overridable by the environment; a bad or unknown key stops the start with a sentence."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

PREFIX = "STATUSPORTAL_"
_SECRET_BYTES = 32
_HIGHEST_PORT = 65_535
_ELSEWHERE = {"STATUSPORTAL_INSTANCE_DIR"}


class SettingWrong(Exception):
    """Say which key is wrong and why."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every key of config.toml with its default. Times in seconds, sizes in bytes; 0 turns a limit off."""

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 200
    database_url: str = ""
    database_owner_url: str = ""
    queue_url: str = ""
    mqtt_port: int = 0
    mqtt_certificate_file: str = ""
    mqtt_key_file: str = ""
    mqtt_client_authority_file: str = ""
    mqtt_connections: int = 2_000
    mqtt_connections_per_address: int = 1_000
    mqtt_tries_per_minute: int = 30
    public_url: str = ""
    operator_name: str = "Status Portal"
    default_locale: str = "en"
    default_time_zone: str = "Europe/Copenhagen"
    trusted_proxies: int = 0
    client_certificate_header: str = ""
    secure_cookies: bool = False
    session_days: int = 14
    session_longest_days: int = 90
    invitation_days: int = 7
    claim_days: int = 30
    export_days: int = 7
    erase_after_days: int = 7
    fix_watch_days: int = 7
    first_response_minutes: int = 60
    link_days: int = 90
    links_per_thing: int = 50
    link_tries_per_minute: int = 20
    secret_tries_per_minute: int = 30
    link_comments_per_minute: int = 5
    link_letters_per_hour: int = 30
    breached_passwords_file: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    forwarding_allow: str = ""
    provider_allow: str = ""
    keep_samples_days: int = 0
    keep_sign_ins_days: int = 90
    keep_takeouts_days: int = 400
    telemetry_bytes: int = 5 * 1024 * 1024
    attachment_bytes: int = 25 * 1024 * 1024
    attachments_per_comment: int = 20
    attachment_bytes_per_person_day: int = 500 * 1024 * 1024
    attachment_bytes_per_organisation: int = 50 * 1024 * 1024 * 1024
    samples_per_request: int = 10_000
    signals_per_device: int = 1_000
    comment_characters: int = 20_000
    requests_per_minute: int = 600
    comments_per_minute: int = 30
    sign_in_tries_per_minute: int = 10
    claim_tries_per_hour: int = 10
    samples_per_second: int = 1_000
    gateway_samples_per_second: int = 100_000
    log_level: str = "info"
    # Not written by hand: where the data folder is, and the secrets the first start makes there.
    instance_dir: str = ""
    secret_key: str = ""
    connections_key: str = ""
    audit_key: str = ""
    ledger_key: str = ""
    proofs_key: str = ""

    def link(self, path: str) -> str:
        """Return the whole address of a path, as people reach it, for what is read away from the screen."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/") + path


def load_settings(environment: Mapping[str, str] = os.environ, **overrides: object) -> Settings:
    """Read config.toml of the data folder, then the environment, then the overrides; make missing secrets.

    Raises: SettingWrong with a sentence that names the key.
    """
    folder = Path(environment.get("STATUSPORTAL_INSTANCE_DIR", "instance")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = _from_file(folder / "config.toml")
    values.update(_from_environment(environment))
    values.update(overrides)
    values["instance_dir"] = str(folder)
    values.setdefault("secret_key", _kept_secret(folder, "secret_key"))
    values.setdefault("connections_key", _kept_secret(folder, "connections_key"))
    values.setdefault("audit_key", _kept_secret(folder, "audit_key"))
    values.setdefault("ledger_key", _kept_secret(folder, "ledger_key"))
    values.setdefault("proofs_key", _kept_secret(folder, "proofs_key"))
    # Where people come by TLS, a cookie that goes without it would be a mistake.
    values.setdefault("secure_cookies", str(values.get("public_url", "")).startswith("https://"))
    if not values.get("database_url"):
        values["database_url"] = f"sqlite:///{folder / 'portal.sqlite'}"
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as err:
        raise SettingWrong(f"The configuration is wrong: {err}") from err
    if len(settings.secret_key) < _SECRET_BYTES:
        raise SettingWrong(f"secret_key is too short: at least {_SECRET_BYTES} characters, or leave it out")
    if not settings.audit_key.split() or any(len(one) < _SECRET_BYTES for one in settings.audit_key.split()):
        raise SettingWrong(f"audit_key: each key must have at least {_SECRET_BYTES} characters, or leave it out")
    if settings.client_certificate_header and not settings.trusted_proxies:
        raise SettingWrong("client_certificate_header needs trusted_proxies: without a proxy anybody could send it")
    if settings.breached_passwords_file and not Path(settings.breached_passwords_file).is_file():
        raise SettingWrong("breached_passwords_file: there is no such file")
    _refuse_half_a_mail(settings)
    _refuse_half_a_listener(settings)
    return settings


def _refuse_half_a_listener(settings: Settings) -> None:
    """Refuse settings under which machines would speak MQTT in the clear where TLS was meant."""
    if bool(settings.mqtt_certificate_file) != bool(settings.mqtt_key_file):
        raise SettingWrong("mqtt_certificate_file and mqtt_key_file go together: TLS needs both")
    if settings.mqtt_client_authority_file and not settings.mqtt_certificate_file:
        raise SettingWrong("mqtt_client_authority_file needs mqtt_certificate_file: client certificates come over TLS")
    for name in ("mqtt_certificate_file", "mqtt_key_file", "mqtt_client_authority_file"):
        path = getattr(settings, name)
        if path and not Path(path).is_file():
            raise SettingWrong(f"{name}: there is no such file")
    if not 0 <= settings.mqtt_port <= _HIGHEST_PORT:
        raise SettingWrong("mqtt_port: a port is a number from 1 to 65535; 0 turns the listener off")
    if settings.mqtt_port and settings.mqtt_port == settings.port:
        raise SettingWrong("mqtt_port: the pages have this port already")


def _refuse_half_a_mail(settings: Settings) -> None:
    """Refuse settings with which letters could not leave, or would lead nowhere."""
    if not settings.smtp_url:
        return
    try:
        parts = urlsplit(settings.smtp_url)
        is_whole = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_whole = False
    if not is_whole and settings.smtp_url != "recording:":
        raise SettingWrong("smtp_url: write smtp://host:port or smtps://host:port, with user:password@ where it asks")
    if "@" not in settings.mail_from or not settings.mail_from.isprintable():
        raise SettingWrong("mail_from: smtp_url needs the address that letters come from")
    if not settings.public_url:
        raise SettingWrong("public_url: smtp_url needs it, since letters hold links")


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise SettingWrong(f"{path} cannot be read: {err}") from err


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    known = {field.encode_name for field in msgspec.structs.fields(Settings)}
    values = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name in _ELSEWHERE:
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in known:
            raise SettingWrong(f"{name} is not a setting of Status Portal")
        values[key] = value
    return values


def _kept_secret(folder: Path, name: str) -> str:
    place = folder / "secrets"
    place.mkdir(mode=0o700, exist_ok=True)
    path = place / name
    try:
        with open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_hex(_SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
