"""The pure half of a corrected past: what samples say in their own order, and how that lies over what was told live."""
