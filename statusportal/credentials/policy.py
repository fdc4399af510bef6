"""Who gives machines their credentials, and takes them back."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import MemberRole, StaffRole

declare({Permission.CREDENTIAL_ADMINISTER: [MemberRole.CUSTOMER_ADMIN, StaffRole.SUPPORT, StaffRole.ADMIN]})
