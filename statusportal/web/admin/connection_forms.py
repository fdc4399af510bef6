"""Between an adapter's form and a connection's draft: what was typed, and what is shown again."""

from typing import Any, Literal

from flask_babel import gettext

from statusportal.connections.describing import OptionDescription, options_of
from statusportal.connections.models import Connection
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.errors import Invalid
from statusportal.http.sentences import at_field
from statusportal.http.views.connections import OptionField
from statusportal.http.views.shell import Form, Option
from statusportal.web.admin.option_words import option_label
from statusportal.web.forms import errors_by_field, filled, text, typed

_PREFIX = "options."


def typed_draft(adapter: str, row: Connection | None) -> ConnectionDraft:
    """Read the form; what it does not ask for (renamed signals, the format's options, the model) stays as it was."""
    options = {}
    for option in options_of(adapter):
        value = _typed_value(option)
        if value is not None:
            options[option.name] = value
    mapping = dict(row.mapping) if row else {}
    mapping.pop("device", None)
    if text("device"):
        mapping["device"] = text("device")
    return ConnectionDraft(
        name=text("name"),
        adapter=adapter,
        options=options,
        mapping=mapping,
        format_options=row.format_options if row else {},
        is_creating_devices=bool(text("create_devices")),
        model_id=row.model_id if row else None,
    )


def failed_form(adapter: str, error: Invalid) -> Form:
    """Show the form as it was sent, with what is wrong; a fault without a field stands on top."""
    asked = {_PREFIX + option.name for option in options_of(adapter)} | {"name", "organisation", "device"}
    errors: dict[str, str] = {}
    for name, detail in errors_by_field(error).items():
        place = name.removeprefix("map.")
        errors[place if place in asked else ""] = (
            detail if place in asked else f"{name.removeprefix(_PREFIX)}: {detail}"
        )
    return Form(sent_values(adapter), errors)


def sent_values(adapter: str) -> dict[str, str]:
    """Return what was typed, less the secrets."""
    return typed(*(_PREFIX + option.name for option in options_of(adapter) if option.is_secret))


def empty_form(adapter: str) -> Form:
    """Show the defaults of a new connection."""
    return filled({_PREFIX + one.name: _shown(one.default) for one in options_of(adapter) if not one.is_secret})


def stored_form(row: Connection) -> Form:
    """Show what stands; secrets have no value here."""
    values = {
        _PREFIX + one.name: _shown(row.options.get(one.name, one.default))
        for one in options_of(row.adapter)
        if not one.is_secret
    }
    return filled(
        {
            "name": row.name,
            "organisation": row.organisation_id,
            "device": row.mapping.get("device"),
            "create_devices": row.is_creating_devices,
            **values,
        }
    )


def option_fields(adapter: str, kept: frozenset[str]) -> tuple[OptionField, ...]:
    """Describe the form of an adapter's options."""
    return tuple(
        OptionField(
            name=one.name,
            label=option_label(one.name),
            kind=_kind(one),
            hint=at_field(gettext(one.help)) if one.help else "",  # extracted from the adapters' own options
            choices=tuple(Option(choice, choice) for choice in one.choices),
            is_required=one.is_required,
            is_kept=one.name in kept,
        )
        for one in options_of(adapter)
        if one.kind != "table"
    )


def _kind(option: OptionDescription) -> Literal["text", "number", "boolean", "choice", "list", "secret"]:
    if option.is_secret:
        return "secret"
    match option.kind:
        case "integer" | "number":
            return "number"
        case "boolean":
            return "boolean"
        case "choice":
            return "choice"
        case "list":
            return "list"
        case _:
            return "text"


def _typed_value(option: OptionDescription) -> Any:  # noqa: ANN401 - an option's value is of the kind it declares
    """Read one field; None leaves the option at its default. What is no number stays text and is refused by name."""
    raw = text(_PREFIX + option.name)
    match option.kind:
        case "boolean":
            return bool(raw)
        case "list":
            return [line.strip() for line in raw.splitlines() if line.strip()] or None
        case "integer" | "number":
            return _number(raw) if raw else None
        case _:
            return raw or None


def _number(raw: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(raw)
        except ValueError:
            continue
    return raw


def _shown(value: object) -> object:
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return value
