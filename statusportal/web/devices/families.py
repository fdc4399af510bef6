"""The families of device pages. Importing a family hangs its routes; a new one is added here."""

from types import ModuleType

from statusportal.web.devices import access, availability, groups, handing_over, looks, mine, own_limits, pages, why
from statusportal.web.devices.blueprint import devices

FAMILIES: tuple[ModuleType, ...] = (looks, mine, pages, availability, access, groups, handing_over, own_limits, why)

device_pages = devices
