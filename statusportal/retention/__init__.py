"""Retention: what is recorded, why, for how long, and the proof that what was due for deletion was deleted."""
