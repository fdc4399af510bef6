"""The families of entry pages. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.talk import (
    answering,
    asking,
    consenting,
    copying,
    files,
    marking,
    me_too,
    reacting,
    reading,
    second_thoughts,
    writing,
)
from statusportal.web.talk.blueprint import entries

FAMILIES: tuple[ModuleType, ...] = (
    answering,
    asking,
    consenting,
    copying,
    files,
    marking,
    me_too,
    reacting,
    reading,
    second_thoughts,
    writing,
)

entry_pages = entries
