"""Device models, devices, who owns them when, what was granted, and the secrets machines sign in with.

Not what a device measures (telemetry) and not how it fares (status).
"""
