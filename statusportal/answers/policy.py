"""Who says what answered an entry, and who says that it was done."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare, declare_grantable
from statusportal.access.vocabulary import MemberRole, Right, StaffRole

declare(
    {
        Permission.ANSWER_ACCEPT: (*MemberRole, StaffRole.EXPERT, StaffRole.ADMIN),
        Permission.FIX_APPLY: (
            *MemberRole,
            StaffRole.ENGINEER,
            StaffRole.SUPPORT,
            StaffRole.EXPERT,
            StaffRole.ADMIN,
        ),
    }
)
declare_grantable({Permission.ANSWER_ACCEPT: Right.MANAGE, Permission.FIX_APPLY: Right.MANAGE})
