"""Drafts: what somebody has begun to write under an entry, on whatever device. Nobody else ever reads one."""
