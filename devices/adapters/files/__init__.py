"""A folder where someone puts tables."""
