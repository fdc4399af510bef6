"""Forwarding: a customer's data go to a third party of their choice, continuously, signed, and for as long as they say.

It queues what is new and keeps account of what was sent; carrying it out is the job's.
"""
