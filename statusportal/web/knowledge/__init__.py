"""Pages of what is known: an article, and an alarm code of a model."""
