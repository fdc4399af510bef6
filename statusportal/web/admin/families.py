"""The families of administration pages. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.admin import (
    audit,
    claims,
    connections,
    credentials,
    device_label,
    devices,
    home,
    labels,
    looks,
    models,
    organisations,
    people,
    person,
    proofs,
)
from statusportal.web.admin.blueprint import admin

FAMILIES: tuple[ModuleType, ...] = (
    audit,
    claims,
    connections,
    credentials,
    device_label,
    devices,
    home,
    labels,
    looks,
    models,
    organisations,
    people,
    person,
    proofs,
)

admin_pages = admin
