"""How devices fare: the states and intervals that derivation makes of samples, kept, told to who listens, and read.

Not the entry that people talk under: that is entries.
"""
