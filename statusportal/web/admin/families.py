"""The families of administration pages. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.admin import (
    audit,
    availability,
    claims,
    connections,
    credentials,
    derivation,
    device_label,
    devices,
    erasures,
    home,
    labels,
    looks,
    model_files,
    models,
    organisations,
    people,
    person,
    proofs,
    provider,
    retention,
    rules,
)
from statusportal.web.admin.blueprint import admin

FAMILIES: tuple[ModuleType, ...] = (
    audit,
    availability,
    claims,
    connections,
    credentials,
    derivation,
    device_label,
    devices,
    erasures,
    home,
    labels,
    looks,
    model_files,
    models,
    organisations,
    people,
    person,
    proofs,
    retention,
    rules,
    provider,
)

admin_pages = admin
