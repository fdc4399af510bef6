"""Labels: the address that a machine carries, what it tells a stranger, and the sheets that are printed.

A label says where to look and never lets anybody in: no secret comes near it (claims).
"""
