"""Inboxes of those who answer: which open entries wait for the operator, since when, and until when an answer is due.

Reads that join rooms for a screen; an inbox keeps nothing, so nothing in it can be forgotten or be out of date.
"""
