"""Equipment telemetry adapters: bytes from machines in, readings out. Knows nothing of the portal."""
