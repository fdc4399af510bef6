"""The sample store: one port, its implementations, and nothing of what samples mean."""
