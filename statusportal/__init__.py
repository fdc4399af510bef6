"""Status Portal: every machine has a living status page that people talk under."""
