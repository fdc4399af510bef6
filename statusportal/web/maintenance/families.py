"""The families of pages of planned work. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.maintenance import feed, pages, steps
from statusportal.web.maintenance.blueprint import maintenance_pages

FAMILIES: tuple[ModuleType, ...] = (feed, pages, steps)

planned_work_pages = maintenance_pages
