"""What adapters there are, what each must be told, and what is wrong with what it was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devices.registry import faults_of, manifest_of, manifests, option_specs
from statusportal.connections.vocabulary import ConnectionDraft
from statusportal.foundation.errors import FieldError, Invalid, Sentence

_NAME_MOST = 200
# A certificate in PEM is the longest thing that an option holds.
_OPTION_MOST = 20_000


@dataclass(frozen=True, slots=True)
class AdapterDescription:
    """An adapter by name, with a sentence about it."""

    name: str
    summary: Sentence


@dataclass(frozen=True, slots=True)
class OptionDescription:
    """One option as a form shows it; `kind` is text, integer, number, boolean, choice, list or table."""

    name: str
    kind: str
    help: str
    is_required: bool
    default: object
    is_secret: bool
    choices: tuple[str, ...]


def adapters() -> tuple[AdapterDescription, ...]:
    """List every adapter by name."""
    return tuple(AdapterDescription(one.name, one.summary) for one in manifests())


def adapter_named(name: str) -> AdapterDescription:
    """Describe one adapter.

    Raises: Invalid at `/adapter` when there is none of this name.
    """
    _require_adapter(name)
    return AdapterDescription(name, manifest_of(name).summary)


def options_of(adapter: str) -> tuple[OptionDescription, ...]:
    """Describe an adapter's options in the order of its form.

    Raises: Invalid at `/adapter` when there is no such adapter.
    """
    _require_adapter(adapter)
    return tuple(
        OptionDescription(one.name, one.kind, one.help, one.is_required, one.default, one.is_secret, one.choices)
        for one in option_specs(adapter)
    )


def secret_names(adapter: str) -> frozenset[str]:
    """Name the options of an adapter that are never shown again."""
    return frozenset(one.name for one in options_of(adapter) if one.is_secret)


def require_sound(draft: ConnectionDraft, options: Mapping[str, Any]) -> None:
    """Let a draft through that an adapter can be made of; `options` are all of them, kept secrets included.

    Raises: Invalid, with a pointer such as `/options/port` for each table's first fault, and what was likely meant.
    """
    faults = [
        FieldError(one.pointer, one.detail)
        for one in faults_of(draft.adapter, options, mapping=draft.mapping, format_given=draft.format_options)
    ]
    if not 1 <= len(draft.name.strip()) <= _NAME_MOST:
        faults.append(FieldError("/name", Sentence("must have 1 to %(most)s characters", most=_NAME_MOST)))
    long = Sentence("must have 1 to %(most)s characters", most=_OPTION_MOST)
    faults += [FieldError(f"/options/{name}", long) for name, one in options.items() if len(str(one)) > _OPTION_MOST]
    if faults:
        raise Invalid(faults)


def _require_adapter(name: str) -> None:
    known = [one.name for one in manifests()]
    if name not in known:
        raise Invalid.field(
            "/adapter",
            Sentence("There is no adapter %(name)s. There are: %(known)s.", name=repr(name), known=", ".join(known)),
        )
