"""Who may ask for second proofs, see who lacks one, and reset a lost one."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import MemberRole, StaffRole

declare({Permission.PROOF_ADMINISTER: [MemberRole.CUSTOMER_ADMIN, StaffRole.ADMIN]})
