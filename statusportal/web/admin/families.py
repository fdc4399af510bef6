"""The families of administration pages. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.admin import (
    audit,
    connections,
    credentials,
    devices,
    home,
    looks,
    models,
    organisations,
    people,
    person,
)
from statusportal.web.admin.blueprint import admin

FAMILIES: tuple[ModuleType, ...] = (
    audit,
    connections,
    credentials,
    devices,
    home,
    looks,
    models,
    organisations,
    people,
    person,
)

admin_pages = admin
