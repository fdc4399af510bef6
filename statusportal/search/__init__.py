"""One search over what people wrote, limited to what the reader may see.

A read that joins rooms; no room depends on it.
"""
