"""Pages of status entries: reading one with its thread, writing under it, asking and reporting."""
