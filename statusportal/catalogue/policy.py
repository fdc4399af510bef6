"""Which roles read and change device models."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import EVERY_MEMBER, EVERY_STAFF, declare
from statusportal.access.vocabulary import StaffRole

declare(
    {
        Permission.MODEL_VIEW: EVERY_MEMBER | EVERY_STAFF,
        Permission.MODEL_ADMINISTER: [StaffRole.PRODUCT, StaffRole.ADMIN],
    }
)
