"""The pure half of a status: a model's rules, what is known of a device, and samples in; what is known then, out.

It keeps no row and reads no clock. Carrying states to and from the tables, and telling who listens, is status.
"""
