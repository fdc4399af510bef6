"""Words of status.

Source: docs/adr/0003-store-and-follow.md.
"""

# Under this name derivation keeps its place in the journal of samples.
FOLLOWER = "status"
