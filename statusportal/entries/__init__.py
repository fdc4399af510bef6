"""Status entries: one page of a device's time line each, with a lifecycle, a snapshot and an audience.

Not the talk under it: that is discussion.
"""
