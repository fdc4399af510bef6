"""Signals and samples, behind one store port. Not what they mean: that is status."""
