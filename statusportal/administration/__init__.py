"""Reads that join rooms for who runs the place: people, organisations, devices, models, tokens and the log, as lists.

Not the verbs, which stand in the rooms that own the things; and not what customers look at, which is overview.
"""
