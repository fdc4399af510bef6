"""Reads that join rooms for a screen: my devices, a device, a customer.

Web and API share them; no room depends on them.
"""
