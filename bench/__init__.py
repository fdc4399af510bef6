"""Benchmarks: each prints medians and ratios of one run on one machine, and nothing that was not measured."""
