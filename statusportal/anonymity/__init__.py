"""Anonymity: what would tell who somebody is, taken out of their words, and the names under which they speak instead.

It knows names and no publications: what is shared, with whom and by whose yes is the community's.
"""
