"""Transports: one folder each, with a manifest, its options and the adapter. Here alone is IO with machines."""
