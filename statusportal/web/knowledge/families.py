"""The families of knowledge pages. Importing a family hangs its routes."""

from types import ModuleType

from statusportal.web.knowledge import articles, codes
from statusportal.web.knowledge.blueprint import knowledge

FAMILIES: tuple[ModuleType, ...] = (articles, codes)

knowledge_pages = knowledge
