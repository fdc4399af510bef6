"""What Prometheus sees of the jobs."""

from prometheus_client import Counter, Gauge

DELIVERED = Counter("statusportal_deliveries", "Outbox messages carried out, by listener.", ["listener"])
FAILED = Counter(
    "statusportal_delivery_failures", "Outbox messages that failed and come again, by listener.", ["listener"]
)
OUTBOX_WAITING = Gauge("statusportal_outbox_waiting", "Outbox messages that wait.")
EXPIRY_FAILURES = Counter(
    "statusportal_expiry_failures", "Devices that were set aside because their time could not be let pass."
)
DEVICES_SET_ASIDE = Gauge("statusportal_devices_set_aside", "Devices whose status cannot be derived.")
JOURNAL_WAITING = Gauge("statusportal_journal_waiting", "Stored commits that derivation has not reached yet.")
AUDIT_WAITING = Gauge("statusportal_audit_waiting", "Acts in the audit log that are not linked yet.")
AUDIT_LINKED = Gauge("statusportal_audit_linked", "Links in the audit log's chain; it never falls.")
AUDIT_BREACHES = Gauge("statusportal_audit_breaches", "What the last walk along the audit log found to be wrong.")
