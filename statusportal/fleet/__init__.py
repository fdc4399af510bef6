"""Devices, who owns them when, what was granted, and the secrets machines sign in with: rows, predicates, and reads.

Not what its model is like (catalogue), not the acts of handing over and sharing (custody), not what a device measures
(telemetry) and not how it fares (status).
"""
