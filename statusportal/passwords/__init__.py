"""Which passwords are taken, and how one is chosen, changed, and replaced when it is forgotten.

Not how one is held against its hash, and not the sessions that end with it (identity).
"""
