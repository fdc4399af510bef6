"""The secrets that machines and gateways sign in with: issuing, taking back, and knowing a machine by its own.

Not how people prove who they are: that is identity.
"""
