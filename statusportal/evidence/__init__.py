"""What a comment points at on the machine's curve: a moment or a range, copied when it is pinned, under a letter.

Not the samples: those have their own time to live, and what was copied stays readable without them.
"""
