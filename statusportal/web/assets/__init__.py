"""Sources of the front end and the command that builds them."""
