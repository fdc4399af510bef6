"""Device models: what a product is called, which signals it has, and what their limits mean.

Not the single machine: that is fleet.
"""
