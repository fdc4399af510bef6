"""Who sees what the portal itself fails at: its administrators, whose log says more."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import StaffRole

declare({Permission.DERIVATION_VIEW: [StaffRole.ADMIN]})
