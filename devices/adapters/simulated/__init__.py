"""Machines made of a little physics, for demonstrations, trials and tests: the fake that passes the real suite."""
