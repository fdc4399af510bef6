"""From samples to a status: health and connectivity as two axes, conditions, and the sentence that says why.

Not the entry that people talk under: that is entries.
"""
