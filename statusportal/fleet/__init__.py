"""Devices, who owns them when, and what was granted on them: rows, predicates, and reads.

Not what its model is like (catalogue), not the acts of handing over and sharing (custody), not what a device measures
(telemetry) and not how it fares (status).
"""
