"""The suites every format and every adapter inherits: an implementation supplies fixtures, and nothing else.

Needs pytest, which the rest of the package does not.
"""
