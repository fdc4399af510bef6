"""Consent: who may read an entry is its owner's to widen; staff ask, and the question opens nothing.

The question stands on the entry itself, and what came of it among the entry's happenings: there are no tables here.
"""
