"""Credentials: what machines and gateways sign in with, how it is replaced, and the way from it to the machine.

Not how people prove who they are (identity), and not the secrets with which the portal goes out (connections).
"""
