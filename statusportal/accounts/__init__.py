"""Organisations, people, their memberships and how they sign in.

Not what they may do with a device (fleet), and not what a role means (each room's policy).
"""
