"""Pages of the community: sharing an entry with it, what was shared, and a model's own page."""
