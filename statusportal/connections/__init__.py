"""Configured adapters: what is connected where, how it fares, and what it refused. Not the adapters themselves."""
