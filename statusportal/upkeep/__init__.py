"""What follows planned work: the entry that people talk under, who is told, and what is said once the work is over.

Conditions that come up meanwhile are recorded like ever and are no news. What is still active at the end gets the entry
that it would have had.
"""
