"""The families of pages about links. Importing a family hangs its routes."""

from types import ModuleType

from statusportal.web.sharing import files, opened
from statusportal.web.sharing.blueprint import shared

FAMILIES: tuple[ModuleType, ...] = (files, opened)

shared_pages = shared
