"""Threads as a screen reads them: a stretch at a time, in three orders. What a thread is stands in discussion."""
