"""When conditions were active: each time with its true begin and end, and the entry that stands for it.

Not what a condition is now: that is status. Not what follows it: that is conditions.
"""
