"""Who decides for an owner. Nobody says yes in an owner's name, however much staff may do for one."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import MemberRole

declare({Permission.ENTRY_CONSENT: (MemberRole.CUSTOMER_ADMIN,)})
