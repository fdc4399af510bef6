"""Erasing: a person or an organisation leaves no name, no address and no text that names them, but in the ledger.

The ledger holds no name either: a keyed digest of an id, so that after a restore the same can be erased again.
"""
