"""What a maker writes of a product: its rules and alarm codes one by one, its whole file, and what it was before.

Not what a model is, nor its signals and their limits: that is the catalogue.
"""
