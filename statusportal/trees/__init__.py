"""Under whom an organisation stands: a holding above its sites.

The rows and who reads along them stand in fleet, which everything reads; here is the act of placing.
"""
