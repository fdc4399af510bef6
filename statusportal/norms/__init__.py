"""What is normal for a signal by the device's own past, and what is not: the one judge that learns.

What a sample says about a rule that somebody wrote down is judges.
"""
