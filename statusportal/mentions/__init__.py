"""Mentions: who was called by name in a comment, of those who may read it. Telling them is for the rooms below."""
