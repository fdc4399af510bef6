"""Devices that an organisation names together, and what is granted on all of them at once, also on those that join.

Each device of a group has a grant of its own, kept in step: who may see it is asked of fleet alone.
"""
