"""What a profile's rules say about samples: a pure evaluator in which time is the samples' own.

It keeps no row and reads no clock: a device's state is a value that goes in and comes out.
"""
