"""Who sees the proofs: that and until when something was deleted everybody, how many records administrators."""

from statusportal.access.permissions import Permission
from statusportal.access.policy import declare
from statusportal.access.vocabulary import StaffRole

declare({Permission.RETENTION_VIEW: [StaffRole.ADMIN]})
