"""A device's own limits: where one machine is judged by another number than the rest of its model, who said so and why.

Not the limits of a model: those are the catalogue's.
"""
