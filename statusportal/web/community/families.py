"""The families of the community's pages. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.community import reading, sharing
from statusportal.web.community.blueprint import community

FAMILIES: tuple[ModuleType, ...] = (reading, sharing)

community_pages = community
