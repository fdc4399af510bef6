"""Threads under entries: comments as a tree, their edits, and how far each reader has come."""
