"""Me too: somebody's own machine has what an entry tells of, said without telling whose machine it is.

Not who reads an entry: that is entries. Not what they say about it: that is discussion.
"""
