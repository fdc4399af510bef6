"""Organisations, people, their memberships, and the invitations by which they come.

Not how somebody proves who they are (identity), not what they may do with a device (fleet), and not what a role means
(each room's policy).
"""
