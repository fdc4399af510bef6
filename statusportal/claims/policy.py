"""Who makes claim secrets, and who takes a machine with one."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import MemberRole, StaffRole

declare(
    {
        Permission.CLAIM_ISSUE: [StaffRole.SUPPORT, StaffRole.ADMIN],
        Permission.DEVICE_CLAIM: [MemberRole.CUSTOMER_ADMIN],
    }
)
