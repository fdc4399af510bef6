"""Who places organisations under others."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import StaffRole

declare({Permission.ORGANISATION_PLACE: [StaffRole.ADMIN]})
