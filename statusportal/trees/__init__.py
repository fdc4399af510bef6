"""Who of an organisation's own people sees its devices, and under whom it stands: a holding above its sites.

The rows and who reads along them stand in fleet, which everything reads; here are the acts of sharing inside, of
keeping a device to a few, and of placing.
"""
