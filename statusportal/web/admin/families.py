"""The families of administration pages. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.admin import connections
from statusportal.web.admin.blueprint import admin

FAMILIES: tuple[ModuleType, ...] = (connections,)

admin_pages = admin
