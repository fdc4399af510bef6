"""The administration: people, organisations, models, devices, credentials, connections and the audit log."""
