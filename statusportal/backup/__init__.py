"""Backups: a complete copy while the portal serves, and the way back, on which the erased stay erased."""
