"""Sending: letters about what a room below shares, since rooms side by side never see each other.

It holds no tables and asks no rights: a verb below asked them, and what comes here is a fact with ids.
"""
