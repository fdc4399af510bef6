"""A recording played back, as it was or faster."""
